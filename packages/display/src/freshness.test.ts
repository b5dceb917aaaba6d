import type { Problem } from '@homewatt/contract'
import { describe, expect, test } from 'vitest'
import { freshness } from './freshness.ts'
import { msBefore, noon } from './made-readings.ts'

const ok = { expectedIntervalS: null, isAuthenticated: true, problem: null }
const unreachable: Problem = { kind: 'unreachable', since: msBefore(0) }
const minutes = 60_000
const aged = (ageMs: number, over: Partial<Parameters<typeof freshness>[0]> = {}) =>
  freshness({ ...ok, updatedAt: msBefore(ageMs), ...over }, noon)

test.each([
  ['just reported', null, 0, 'fresh'],
  ['1.5 × 15 min', null, 22.5 * minutes, 'fresh'],
  ['a moment more', null, 22.5 * minutes + 1, 'ageing'],
  ['3 × 15 min', null, 45 * minutes, 'ageing'],
  ['a moment more', null, 45 * minutes + 1, 'old'],
  ['1.5 × a learned 5 min', 300, 7.5 * minutes, 'fresh'],
  ['a moment more', 300, 7.5 * minutes + 1, 'ageing'],
  ['3 × a learned 5 min', 300, 15 * minutes, 'ageing'],
  ['a moment more', 300, 15 * minutes + 1, 'old'],
  ['a nonsensical interval counts as 15 min', 0, 22.5 * minutes, 'fresh'],
])('%s (interval %s s, age %i ms) is %s', (_, expectedIntervalS, ageMs, level) => {
  expect(aged(ageMs, { expectedIntervalS })).toMatchObject({ level, ageMs, motion: level === 'fresh' })
})

describe('who is silent', () => {
  test.each([
    ['the manufacturer', {}, 'manufacturer_silent'],
    ['the manufacturer, as far as anybody knows', { isAuthenticated: null }, 'manufacturer_silent'],
    ['our service', { problem: unreachable }, 'our_service'],
    ['the lapsed link', { isAuthenticated: false }, 'link_lapsed'],
    [
      'the lapsed link, even when we cannot ask either',
      { isAuthenticated: false, problem: unreachable },
      'link_lapsed',
    ],
  ])('%s', (_, over, cause) => {
    expect(aged(60 * minutes, over).cause).toBe(cause)
    expect(aged(30 * minutes, over).cause).toBe(cause)
    expect(aged(0, over).cause).toBeNull()
  })

  test.each([null, '', 'yesterday'])('a device whose time reads %j never reported', (updatedAt) => {
    expect(freshness({ ...ok, updatedAt }, noon)).toEqual({
      level: 'old',
      ageMs: null,
      updatedAt: null,
      clockDiffers: false,
      cause: 'never_reported',
      motion: false,
    })
  })
})

describe('times ahead of ours', () => {
  test.each([1, 1 * minutes, 5 * minutes])('by %i ms are now', (ahead) => {
    expect(aged(-ahead)).toMatchObject({ level: 'fresh', ageMs: 0, clockDiffers: false, motion: true })
  })

  test('by more than 5 min tell no age, so nothing moves and nobody is blamed', () => {
    expect(aged(-5 * minutes - 1)).toMatchObject({
      level: 'ageing',
      ageMs: 0,
      clockDiffers: true,
      motion: false,
      cause: null,
    })
  })
})
