import type { WeeklyChargePolicy } from '@homewatt/contract'
import { describe, expect, test } from 'vitest'
import { clockChange, minuteOfDay } from './wall-clock.ts'
import { vehicle } from './made-readings.ts'
import { nextDeadline, nextDeadlines, plannedDeadline } from './weekly-plan.ts'

const none: WeeklyChargePolicy = {
  mon: null,
  tue: null,
  wed: null,
  thu: null,
  fri: null,
  sat: null,
  sun: null,
  timezone: 'Europe/Berlin',
}
const at = (charge_deadline: string, charge_percentage = 80) => ({ charge_deadline, charge_percentage })
const daily = { at: null, percent: null }
const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())
const home = { daily, timeZone: 'Europe/Berlin' }

test('the next five are listed, those of the plan and on the other days the usual one', () => {
  const plan = { ...none, mon: at('06:30', 90), sat: at('10:00', 60) }
  const due = nextDeadlines(
    { plan, daily: { at: '07:00', percent: 80 }, timeZone: 'Europe/Berlin' },
    new Date('2026-11-27T12:00:00Z'),
    5,
  )
  expect(due.map(({ atMs, percent, of }) => [iso(atMs), percent, of])).toEqual([
    ['2026-11-28T09:00:00.000Z', 60, 'plan'],
    ['2026-11-29T06:00:00.000Z', 80, 'daily'],
    ['2026-11-30T05:30:00.000Z', 90, 'plan'],
    ['2026-12-01T06:00:00.000Z', 80, 'daily'],
    ['2026-12-02T06:00:00.000Z', 80, 'daily'],
  ])
})

test('a plan of one day a week reaches five weeks ahead, and an empty one nowhere', () => {
  const due = nextDeadlines(
    { ...home, plan: { ...none, wed: at('07:00') } },
    new Date('2026-11-25T06:00:00Z'),
    5,
  )
  // 07:00 in Berlin is this very minute: over.
  expect(due.map(({ atMs }) => iso(atMs)?.slice(0, 10))).toEqual([
    '2026-12-02',
    '2026-12-09',
    '2026-12-16',
    '2026-12-23',
    '2026-12-30',
  ])
  expect(nextDeadlines({ ...home, plan: none }, new Date(), 5)).toEqual([])
})

test('times are meant in the zone of the plan, and of the home where nobody knows that zone', () => {
  const now = new Date('2026-11-25T12:00:00Z')
  const plan = { ...none, thu: at('07:00') }
  const first = (timezone: string) => iso(nextDeadline({ ...home, plan: { ...plan, timezone } }, now)?.atMs)
  expect(first('Europe/Lisbon')).toBe('2026-11-26T07:00:00.000Z')
  expect(first('Mars/Phobos')).toBe('2026-11-26T06:00:00.000Z')
})

test.each([
  ['2026-03-29', '2026-03-29T01:00:00.000Z'],
  ['2026-10-25', '2026-10-25T00:30:00.000Z'],
])('02:30 on %s falls due at the next minute there is, or the first time', (date, dueAt) => {
  const plan = { ...none, sun: at('02:30') }
  expect(iso(nextDeadline({ ...home, plan }, new Date(Date.parse(date) - 7_200_000))?.atMs)).toBe(dueAt)
})

test.each([
  ['Europe/Berlin', '2026-03-29', 'skipped', '02:00', '03:00'],
  ['Europe/Berlin', '2026-10-25', 'doubled', '02:00', '03:00'],
  ['Europe/Bucharest', '2026-03-29', 'skipped', '03:00', '04:00'],
  ['Europe/Lisbon', '2026-10-25', 'doubled', '01:00', '02:00'],
  ['Australia/Lord_Howe', '2026-10-04', 'skipped', '02:00', '02:30'],
])(
  'in %s on %s the clock is %s from %s to %s, and said so in the week before',
  (zone, date, kind, from, to) => {
    const dayMs = 86_400_000
    const changeMs = Date.parse(date)
    const change = {
      day: changeMs / dayMs,
      kind,
      fromMinute: minuteOfDay(from),
      toMinute: minuteOfDay(to),
    }
    for (const days of [0, 1, 5]) expect(clockChange(zone, new Date(changeMs - days * dayMs))).toEqual(change)
    for (const days of [-2, 9]) expect(clockChange(zone, new Date(changeMs - days * dayMs))).toBeNull()
  },
)

describe('what a vehicle is told by its plan', () => {
  /** Noon of a Sunday. */
  const now = new Date('2026-06-21T12:00:00Z')
  const car = vehicle({ charge_deadline_at: '07:00', minimum_charge_limit: 80 })
  const told = (plan: Partial<WeeklyChargePolicy>, device = car) =>
    plannedDeadline(device, { ...none, ...plan }, 'Europe/Berlin', now)
  const everyDay = (day: ReturnType<typeof at>) =>
    Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((name) => [name, day]))

  test('is the next day with a wish of its own, or the usual deadline before it', () => {
    expect(told({ mon: at('05:30', 60) })).toEqual({ at: '2026-06-22T03:30:00.000Z', percent: 60 })
    expect(told({ tue: at('05:30', 60) })).toEqual({ at: '2026-06-22T05:00:00.000Z', percent: 80 })
  })

  test('is nothing where no day differs from the usual one', () => {
    expect(told({})).toBeUndefined()
    expect(told(everyDay(at('07:00', 80)))).toBeUndefined()
    expect(told({ fri: at('07:00', 80) })).toBeUndefined()
    // What comes first is as usual, but not what comes after it.
    expect(told({ sat: at('07:00', 100) })).toEqual({ at: '2026-06-22T05:00:00.000Z', percent: 80 })
  })

  test('is told where the plan means its times in a zone with another clock', () => {
    expect(told({ ...everyDay(at('07:00', 80)), timezone: 'Europe/Vienna' })).toBeUndefined()
    expect(told({ ...everyDay(at('07:00', 80)), timezone: 'Europe/Lisbon' })).toEqual({
      at: '2026-06-22T06:00:00.000Z',
      percent: 80,
    })
  })

  test('is nothing where neither plan nor vehicle names a time', () => {
    const timeless = vehicle({ charge_deadline_at: null, minimum_charge_limit: 80 })
    expect(told({ timezone: 'Europe/Lisbon' }, timeless)).toBeUndefined()
    expect(told({ wed: at('07:00') }, timeless)).toEqual({ at: '2026-06-24T05:00:00.000Z', percent: 80 })
  })
})
