import { deviceTypes, type BoostState } from '@homewatt/contract'
import { describe, expect, test } from 'vitest'
import { listStaleMs, pollAfterMs } from './cadence.ts'

test('lists are stale after 30 s', () => {
  expect(listStaleMs).toBe(30_000)
})

describe.each(['electric-vehicles', 'wallboxes'] as const)('%s', (type) => {
  test.each<[BoostState | null, number]>([
    ['available', 30_000],
    ['requested', 3_000],
    ['ongoing', 30_000],
    ['unavailable', 30_000],
    [null, 30_000],
  ])('are asked for again, in boost state %s, after %i ms', (boost_state, ms) => {
    expect(pollAfterMs(type, { boost_state }, 1_000)).toBe(ms)
  })

  test.each([
    [null, 3_000],
    [0, 3_000],
    [120_000, 3_000],
    [120_001, 10_000],
    [300_000, 10_000],
    [300_001, 30_000],
    [86_400_000, 30_000],
  ])('that have been starting for %s ms are asked for again after %i ms', (sinceMs, ms) => {
    expect(pollAfterMs(type, { boost_state: 'requested' }, sinceMs)).toBe(ms)
  })
})

test.each(deviceTypes)('%s that are not there yet are asked for at the usual pace', (type) => {
  expect(pollAfterMs(type, undefined, null)).toBe(30_000)
})

test.each(['heat-pumps', 'inverters'] as const)('%s never hurry', (type) => {
  expect(pollAfterMs(type, { boost_state: 'requested' }, 0)).toBe(30_000)
})
