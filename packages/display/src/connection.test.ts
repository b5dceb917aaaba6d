import type { OpenAction } from '@homewatt/contract'
import { describe, expect, test } from 'vitest'
import { connection } from './connection.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'

const device = (over: Partial<Parameters<typeof connection>[0]> = {}) => ({
  is_authenticated: true,
  action_needed: false,
  actions: null,
  ...over,
})
const reauthenticate: OpenAction = { n: 1, code: 'reauthenticate', can_start: true }
const other: OpenAction = { n: 0, code: 'other', can_start: false }

test.each([
  [device(), 'Connected', 'Verbunden'],
  [device({ is_authenticated: false }), 'Reconnect needed', 'Verbindung abgelaufen'],
  [device({ is_authenticated: false, action_needed: true }), 'Reconnect needed', 'Verbindung abgelaufen'],
  [device({ action_needed: true }), 'Attention needed', 'Aktion erforderlich'],
  [device({ is_authenticated: null, action_needed: true }), 'Attention needed', 'Aktion erforderlich'],
  [device({ is_authenticated: null }), 'Connection unknown', 'Verbindung unbekannt'],
  [device({ is_authenticated: null, action_needed: null }), 'Connection unknown', 'Verbindung unbekannt'],
  [device({ action_needed: null }), 'Connected', 'Verbunden'],
])('%j reads "%s"', (reading, english, german) => {
  expect(en.connection[connection(reading).kind]).toBe(english)
  expect(de.connection[connection(reading).kind]).toBe(german)
})

describe('reconnecting', () => {
  test('starts the first action that renews the link and has one', () => {
    const actions = [other, { ...reauthenticate, n: 1, can_start: false }, { ...reauthenticate, n: 2 }]
    expect(connection(device({ is_authenticated: false, actions }))).toEqual({
      kind: 'reconnect',
      canStart: true,
      n: 2,
    })
  })

  test.each([null, [], [other], [{ ...reauthenticate, can_start: false }]])(
    'with actions %j has no button to show',
    (actions) => {
      expect(connection(device({ is_authenticated: false, actions }))).toEqual({
        kind: 'reconnect',
        canStart: false,
        n: null,
      })
    },
  )
})

test('attention lists every action with what can be done about it', () => {
  expect(connection(device({ action_needed: true, actions: [other, reauthenticate] }))).toEqual({
    kind: 'attention',
    actions: [
      { n: 0, code: 'other', canStart: false },
      { n: 1, code: 'reauthenticate', canStart: true },
    ],
  })
})

test('actions not fetched yet are an empty list, not a failure', () => {
  expect(connection(device({ action_needed: true }))).toEqual({ kind: 'attention', actions: [] })
})
