import { describe, expect, it } from 'vitest'
import { minuteOfLocal } from '../../../apps/simulator/src/calendar.ts'
import { dayOf, momentOf, wallTime, weekdayOf } from './wall-clock.ts'

const berlin = 'Europe/Berlin'
/** Zones that change their clocks, the short and the long day of 2026 there, and by how many quarters of an hour. */
const changing = [
  [berlin, '2026-03-29', '2026-10-25', 4],
  ['Europe/London', '2026-03-29', '2026-10-25', 4],
  ['Europe/Lisbon', '2026-03-29', '2026-10-25', 4],
  ['Europe/Bucharest', '2026-03-29', '2026-10-25', 4],
  ['America/New_York', '2026-03-08', '2026-11-01', 4],
  ['America/St_Johns', '2026-03-08', '2026-11-01', 4],
  ['Australia/Lord_Howe', '2026-10-04', '2026-04-05', 2],
  ['Pacific/Auckland', '2026-09-27', '2026-04-05', 4],
] as const
const at = (date: string, minute: number, zone = berlin) =>
  new Date(momentOf(zone, { day: dayOf(date), minute })).toISOString()

describe('the clock on the wall', () => {
  it('is read and set again without loss, in every hour of a year, on both sides of the equator', () => {
    for (const zone of [berlin, 'Europe/London', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'])
      for (let ms = Date.parse('2026-01-01T00:00Z'); ms < Date.parse('2027-01-01T00:00Z'); ms += 3_600_000) {
        const back = momentOf(zone, wallTime(zone, ms))
        // The doubled hour is read twice and set once: to the first of the two.
        expect([0, 30 * 60_000, 3_600_000]).toContain(ms - back)
        expect(wallTime(zone, back)).toEqual(wallTime(zone, ms))
      }
  })

  it('gives the days on which it changes their quarters: none is missing, none is there twice', () => {
    for (const [zone, shortDay, longDay, quarters] of changing)
      for (const [date, change] of [
        [shortDay, -quarters],
        [longDay, quarters],
      ] as const) {
        const [fromMs, toMs] = [dayOf(date), dayOf(date) + 1].map((day) => momentOf(zone, { day, minute: 0 }))
        const moments = Array.from({ length: 96 + change }, (_, n) => (fromMs ?? 0) + n * 900_000)
        expect(toMs).toBe((moments.at(-1) ?? 0) + 900_000)
        const days = moments.map((ms) => wallTime(zone, ms).day)
        expect(new Set(days)).toEqual(new Set([dayOf(date)]))
        const onTheWall = new Set(moments.map((ms) => wallTime(zone, ms).minute))
        // Set again it is the first of the two; and what is skipped never stands there.
        expect(new Set(moments.map((ms) => momentOf(zone, wallTime(zone, ms)))).size).toBe(onTheWall.size)
        expect(onTheWall.size).toBe(Math.min(96, 96 + change))
      }
  })

  it('takes a time that is skipped in spring for the next there is', () => {
    expect(at('2026-03-29', 1 * 60 + 59)).toBe('2026-03-29T00:59:00.000Z')
    expect(at('2026-03-29', 2 * 60 + 30)).toBe('2026-03-29T01:00:00.000Z')
    expect(at('2026-03-29', 3 * 60)).toBe('2026-03-29T01:00:00.000Z')
  })

  it('takes a time that comes twice in autumn for its first', () => {
    expect(at('2026-10-25', 2 * 60 + 30)).toBe('2026-10-25T00:30:00.000Z')
    expect(at('2026-10-25', 3 * 60)).toBe('2026-10-25T02:00:00.000Z')
  })

  it('is the simulated partner’s too, every quarter of every night of a year', () => {
    for (const zone of [berlin, 'Europe/London', 'Europe/Bucharest'])
      for (let day = dayOf('2026-01-01'); day < dayOf('2027-01-01'); day++)
        for (let minute = 0; minute < 240; minute += 15)
          expect(minuteOfLocal(zone, day, minute) * 60_000).toBe(momentOf(zone, { day, minute }))
  })

  it('counts weekdays from Monday', () => {
    expect(weekdayOf(dayOf('2026-11-23'))).toBe(0)
    expect(weekdayOf(dayOf('2026-11-29'))).toBe(6)
    expect(weekdayOf(dayOf('1969-12-28'))).toBe(6)
  })
})
