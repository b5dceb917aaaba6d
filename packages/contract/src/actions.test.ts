import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { Action, CueStateRequest, ResolveCueRequest } from './actions.ts'
import { readDevice } from './device.ts'
import { HeatPump } from './heat-pump.ts'
import { samples } from './samples.ts'

const url = 'https://app.podero.com/api/partners/v2.0/cues/1/resolve?secret=s'

describe('a resolution link', () => {
  test.each([
    ['a URL to open', url, url],
    [
      'an object to post to',
      { url, required_parameters: ['successUrl'] },
      { url, required_parameters: ['successUrl'] },
    ],
    ['an object that requires nothing', { url }, { url, required_parameters: [] }],
    [
      'an object with odd requirements',
      { url, required_parameters: 'successUrl' },
      { url, required_parameters: [] },
    ],
    ['an object with more than we know', { url, method: 'POST' }, { url, required_parameters: [] }],
  ])('may be %s', (_, resolution_link, read) => {
    expect(v.parse(Action, { code: 'reauthenticate', resolution_link })).toEqual({
      code: 'reauthenticate',
      resolution_link: read,
    })
  })

  test.each([undefined, null, '', 7, {}, { url: '' }, { href: url }, [url], 'x'.repeat(9000)])(
    'of %j is no link',
    (resolution_link) => {
      expect(v.parse(Action, { code: 'reauthenticate', resolution_link }).resolution_link).toBeNull()
    },
  )
})

test('an action of a code that nobody knows is kept', () => {
  expect(v.parse(Action, { code: 'sign_contract', payload: {} })).toEqual({
    code: 'sign_contract',
    resolution_link: null,
  })
  expect(v.parse(Action, {})).toEqual({ code: '', resolution_link: null })
})

test('a device brings its actions along, and survives without them', () => {
  const actions = [{ code: 'reauthenticate', resolution_link: url }]
  expect(readDevice(HeatPump, { ...samples['heat-pumps'], actions })?.device.actions).toEqual(actions)
  expect(readDevice(HeatPump, samples['heat-pumps'])?.device).not.toHaveProperty('actions')
  expect(readDevice(HeatPump, { ...samples['heat-pumps'], actions: 'none' })?.device.actions).toBeNull()
})

test('a request to resolve needs two places to return to', () => {
  const request = {
    successUrl: 'https://home.example/ok',
    cancelUrl: 'https://home.example/cancel',
    language: 'de',
  }
  expect(v.parse(ResolveCueRequest, request)).toEqual(request)
  expect(v.safeParse(ResolveCueRequest, { ...request, cancelUrl: undefined }).success).toBe(false)
  expect(v.safeParse(ResolveCueRequest, { ...request, successUrl: 'home' }).success).toBe(false)
})

test('an outcome is success or fail and nothing else', () => {
  expect(v.safeParse(CueStateRequest, { state: 'success' }).success).toBe(true)
  expect(v.safeParse(CueStateRequest, { state: 'maybe' }).success).toBe(false)
})
