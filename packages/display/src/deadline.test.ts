import { describe, expect, test } from 'vitest'
import { deadlineVerdict } from './deadline.ts'
import { minutesBefore, noon, vehicle } from './made-readings.ts'

const timeZone = 'Europe/Berlin'
/** 14:00 on the wall, with 17 hours to go; 50 kWh, of which 30 % are missing, take 2 h 30 min at 7.4 kW at worst. */
const calm = {
  is_charge_policy_enabled: true,
  charge_deadline_at: '07:00',
  minimum_charge_limit: 80,
  battery_level: 50,
  battery_capacity_kwh: 50,
  is_plugged_in: true,
  is_charging: false,
  is_fully_charged: false,
  is_smart_optimization_active: true,
  is_pause_power_active: false,
  boost_state: 'available',
  charge_target_max: null,
  charge_rate_seen: { least_w: 7_400, most_w: 7_400 },
}
const verdict = (over: Record<string, unknown> = {}) =>
  deadlineVerdict(vehicle({ ...calm, ...over }), { timeZone }, noon)

test.each<[string, Record<string, unknown>, string, string | null]>([
  ['a night is long', {}, 'yes', null],
  ['it is there', { battery_level: 80 }, 'yes', 'reached'],
  ['it is there, and could be driven away', { battery_level: 80, is_plugged_in: false }, 'unknown', 'reached'],
  ['an hour is too little', { charge_deadline_at: '15:00' }, 'no', null],
  ['at best it is enough', { charge_deadline_at: '16:30' }, 'tight', null],
  ['its own limit lies below', { charge_target_max: 70 }, 'no', 'limit'],
  ['it is paused for good', { is_pause_power_active: true, pause_power_until: null }, 'no', 'paused'],
  ['it is paused for an hour', { is_pause_power_active: true, pause_power_until: minutesBefore(-60) }, 'yes', null],
  ['the pause leaves too little to rely on', { is_pause_power_active: true, pause_power_until: '2026-06-22T02:30:00Z' }, 'tight', null],
  ['a boost goes before a pause', { is_pause_power_active: true, pause_power_until: null, boost_state: 'ongoing' }, 'yes', null],
  ['a boost that was only asked for does not', { is_pause_power_active: true, pause_power_until: null, boost_state: 'requested' }, 'no', 'paused'],
  ['no cable', { is_plugged_in: false }, 'unknown', 'unplugged'],
  ['no cable, and it is late', { is_plugged_in: false, charge_deadline_at: '16:30' }, 'tight', 'unplugged'],
  ['nobody steers it', { is_smart_optimization_active: false }, 'unknown', 'off'],
  ['nobody steers it, but it charges', { is_smart_optimization_active: false, is_charging: true, charge_rate_w: 7_400 }, 'yes', null],
  ['whether anybody steers it is not reported', { is_smart_optimization_active: null }, 'unknown', null],
  ['the link has lapsed', { is_authenticated: false }, 'unknown', 'lapsed'],
  ['nothing was heard for an hour', { current_state_last_updated_at: minutesBefore(60) }, 'unknown', 'old'],
  ['nothing was ever heard', { current_state_last_updated_at: null }, 'unknown', 'old'],
  ['the level is not reported', { battery_level: null }, 'unknown', null],
  ['the capacity is not reported', { battery_capacity_kwh: undefined }, 'unknown', null],
  ['it was never seen to charge', { charge_rate_seen: null }, 'unknown', null],
  ['it says that it takes no more', { is_fully_charged: true }, 'unknown', null],
  ['today it gets little', { is_charging: true, charge_rate_w: 700 }, 'tight', null],
  ['whether it is plugged in is not reported', { is_plugged_in: null }, 'unknown', null],
  ['the time is not reported', { charge_deadline_at: null }, 'unknown', null],
  ['the level to be reached is not reported', { minimum_charge_limit: null }, 'unknown', null],
])('%s', (_, over, expected, cause) => {
  expect(verdict(over)).toMatchObject({ verdict: expected, cause })
}) // prettier-ignore

test.each([false, null])('an active policy of %s has no verdict', (is_charge_policy_enabled) => {
  expect(verdict({ is_charge_policy_enabled })).toBeNull()
})

test('says which moment and level it is about', () => {
  expect(verdict()).toMatchObject({ atMs: Date.parse('2026-06-22T05:00:00Z'), percent: 80 })
})

describe('to be ready, an unplugged vehicle is to be plugged in', () => {
  const unplugged = { is_plugged_in: false }

  test('so early that the worst is good enough', () => {
    const at = new Date(verdict(unplugged)?.plugInByMs ?? 0).toISOString()
    // 31 % of 50 kWh at 7.4 kW × 0.85 take 2 h 28 min, and half an hour is kept in reserve.
    expect(at.slice(0, 16)).toBe('2026-06-22T02:02')
  })

  test.each([
    ['nobody would charge it then', { is_smart_optimization_active: false }],
    ['nobody knows how fast it charges', { charge_rate_seen: null }],
    ['it is too late already', { charge_deadline_at: '16:30' }],
  ])('at no time that could be told when %s', (_, over) => {
    expect(verdict({ ...unplugged, ...over })?.plugInByMs).toBeNull()
  })
})

describe('what the weekly plan asks for next', () => {
  const next = (at: string, percent: number | null) => verdict({ next_deadline: { at, percent } })

  test('goes before the deadline of every day', () => {
    expect(next('2026-06-22T03:30:00.000Z', 60)).toMatchObject({
      verdict: 'yes',
      atMs: Date.parse('2026-06-22T03:30:00Z'),
      percent: 60,
    })
    expect(next('2026-06-21T13:00:00.000Z', 90)).toMatchObject({ verdict: 'no', percent: 90 })
  })

  test.each([
    ['is not known yet', null],
    ['has passed, and nobody knows what comes then', { at: noon.toISOString(), percent: 60 }],
    ['has no moment that could be read', { at: 'soon', percent: 60 }],
  ])('is nothing to say yes to where it %s', (_, next_deadline) => {
    for (const battery_level of [50, 100])
      expect(verdict({ next_deadline, battery_level })).toMatchObject({
        verdict: 'unknown',
        atMs: null,
        percent: null,
      })
  })

  test('is unknown without a level, and says when', () => {
    const at = '2026-06-22T03:30:00.000Z'
    expect(next(at, null)).toMatchObject({ verdict: 'unknown', atMs: Date.parse(at), percent: null })
  })
})
