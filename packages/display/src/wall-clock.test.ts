import { describe, expect, it } from 'vitest'
import { minuteOfLocal } from '../../../apps/simulator/src/calendar.ts'
import { momentOf, wallTime, weekdayOf } from './wall-clock.ts'

const berlin = 'Europe/Berlin'
const dayOf = (date: string) => Date.parse(`${date}T00:00Z`) / 86_400_000
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
