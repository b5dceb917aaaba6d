import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eveningBeforeMs, quietSinceMs, quietUntilMs } from './quiet-hours.ts'

const night = { from: '22:00', to: '07:00' }
const berlin = 'Europe/Berlin'
const ms = (iso: string) => Date.parse(iso)

test.each([
  ['2026-06-21T19:59:00Z', null, null],
  ['2026-06-21T20:00:00Z', '2026-06-21T20:00:00Z', '2026-06-22T05:00:00Z'],
  ['2026-06-22T04:59:00Z', '2026-06-21T20:00:00Z', '2026-06-22T05:00:00Z'],
  ['2026-06-22T05:00:00Z', null, null],
  // The night that is an hour shorter, and the one that is an hour longer.
  ['2026-03-29T04:00:00Z', '2026-03-28T21:00:00Z', '2026-03-29T05:00:00Z'],
  ['2026-10-25T03:00:00Z', '2026-10-24T20:00:00Z', '2026-10-25T06:00:00Z'],
])('at %s it is quiet from %s until %s in Berlin', (now, since, until) => {
  expect(quietSinceMs(night, ms(now), berlin)).toBe(since === null ? null : ms(since))
  expect(quietUntilMs(night, ms(now), berlin)).toBe(until === null ? null : ms(until))
})

test('an end that is skipped when clocks go forward is the first minute after the gap', () => {
  expect(quietUntilMs({ from: '22:00', to: '02:30' }, ms('2026-03-29T00:10:00Z'), berlin)).toBe(
    ms('2026-03-29T01:00:00Z'),
  )
})

test('an end that comes twice when clocks go back is the first of the two, and for who is past that the second', () => {
  const quiet = { from: '22:00', to: '02:30' }
  expect(quietUntilMs(quiet, ms('2026-10-25T00:10:00Z'), berlin)).toBe(ms('2026-10-25T00:30:00Z'))
  expect(quietUntilMs(quiet, ms('2026-10-25T01:10:20Z'), berlin)).toBe(ms('2026-10-25T01:30:00Z'))
})

test('hours within a day, and none at all', () => {
  expect(quietUntilMs({ from: '12:00', to: '14:00' }, ms('2026-06-21T11:00:00Z'), berlin)).toBe(
    ms('2026-06-21T12:00:00Z'),
  )
  expect(quietSinceMs({ from: '12:00', to: '14:00' }, ms('2026-06-21T11:00:00Z'), berlin)).toBe(
    ms('2026-06-21T10:00:00Z'),
  )
  expect(quietUntilMs({ from: '12:00', to: '12:00' }, ms('2026-06-21T10:00:00Z'), berlin)).toBeNull()
  expect(quietUntilMs(null, ms('2026-06-21T23:00:00Z'), berlin)).toBeNull()
})

test('quiet hours end, after now, within a day and an hour, in every zone and at every switch of clocks', () => {
  const minute = fc.integer({ min: 0, max: 1439 })
  const clock = (n: number) =>
    `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`
  const zones = ['Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kathmandu', 'UTC']
  fc.assert(
    fc.property(
      minute,
      minute,
      fc.constantFrom(...zones),
      fc.integer({ min: ms('2026-01-01T00:00:00Z'), max: ms('2027-01-01T00:00:00Z') }),
      (from, to, zone, now) => {
        const untilMs = quietUntilMs({ from: clock(from), to: clock(to) }, now, zone)
        if (untilMs === null) return
        expect(untilMs).toBeGreaterThan(now)
        expect(untilMs - now).toBeLessThanOrEqual(25 * 3_600_000)
      },
    ),
    { numRuns: 2_000 },
  )
})

test('the evening before is six in the evening of the day before, also where a night has an odd length', () => {
  expect(eveningBeforeMs(ms('2026-10-25T17:00:00Z'), berlin)).toBe(ms('2026-10-24T16:00:00Z'))
  expect(eveningBeforeMs(ms('2026-07-14T22:30:00Z'), berlin)).toBe(ms('2026-07-14T16:00:00Z'))
})
