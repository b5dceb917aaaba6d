import { describe, expect, test } from 'vitest'
import { homeView } from './home.ts'
import { home, inverter, msBefore, noon, vehicle } from './made-readings.ts'
import { staleness } from './staleness.ts'

const minutes = 60_000
const hours = 60 * minutes
const problem = { kind: 'unreachable' as const, since: msBefore(0) }

test.each([
  [90_000, null],
  [90_001, 'aged'],
  [15 * minutes, 'aged'],
  [15 * minutes + 1, 'since'],
  [24 * hours, 'since'],
  [24 * hours + 1, 'withdrawn'],
])('%i ms without an answer: %s', (ms, stage) => {
  expect(staleness([{ problem, asked_at: msBefore(ms) }], noon)?.stage ?? null).toBe(stage)
})

test('a group that is being renewed is not stale, and the one that waited longest speaks for all', () => {
  const groups = [
    { problem: null, asked_at: msBefore(10 * hours) },
    { problem, asked_at: msBefore(2 * minutes) },
    { problem, asked_at: msBefore(20 * minutes) },
    { problem, asked_at: null },
  ]
  expect(staleness(groups, noon)).toEqual({
    stage: 'since',
    updatedAt: msBefore(20 * minutes),
    ageMs: 20 * minutes,
  })
})

describe('after a day without an answer', () => {
  const snapshot = home({ inverters: [inverter()], 'electric-vehicles': [vehicle()] })
  for (const group of Object.values(snapshot.groups))
    Object.assign(group, { problem, asked_at: msBefore(25 * hours) })
  const { inverters, vehicles } = homeView(snapshot, noon)

  test('no value is shown any more', () => {
    for (const { shown } of [...inverters, ...vehicles].flatMap(({ tiles }) => tiles))
      expect(shown).toEqual({ kind: 'not_reported' })
    expect(vehicles[0]).toMatchObject({ status: 'unknown', levelPercent: null })
    expect(inverters[0]?.flow.nodes.home).toEqual({ w: null })
  })

  test('nothing can be pressed, and names and ages stay', () => {
    expect(vehicles[0]?.boost.enabled).toBe(false)
    expect(vehicles[0]?.name).not.toBeNull()
    expect(vehicles[0]?.freshness.ageMs).toBe(minutes)
  })
})
