import { deviceTypes, type Reading } from '@homewatt/contract'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { heatPumpView } from './heat-pump.ts'
import { heatPump, noon } from './made-readings.ts'
import { reasonsFile, reasonsPage, sentences, statesOf } from './reason-states.test-support.ts'
import { heatPumpReason, type HourPrice, type ReasonDoing, type ReasonWhy } from './reasons.ts'

/** Which fields give a cause; a sentence that names it without them has guessed. */
const given: Partial<Record<ReasonWhy['kind'], (device: Record<string, unknown>) => boolean>> = {
  link: (d) => d.is_authenticated === false,
  not_steered: (d) => d.is_smart_optimization_active === false,
  off: (d) => d.is_smart_optimization_active === false,
  steered: (d) => d.is_smart_optimization_active === true,
  chosen: (d) => d.is_smart_optimization_active === true && typeof d.current_mode === 'string',
  untold: (d) => d.is_smart_optimization_active === null,
  no_cable: (d) => d.is_plugged_in === false,
  no_car: (d) => d.is_plugged_in === false,
  boost: (d) => d.boost_state === 'ongoing',
  requested: (d) => d.boost_state === 'requested',
  despite_pause: (d) => d.is_pause_power_active === true,
  offline: (d) => d.connection === 'offline',
  never_connected: (d) => d.connection === 'never_connected',
  limit: (d) => Number(d.battery_charge_level_percent) >= Number(d.max_battery_charge),
  reserve: (d) => Number(d.battery_charge_level_percent) <= Number(d.min_battery_charge),
}

/** What is only said to be done where a field says so. */
const done: Partial<Record<ReasonDoing | 'waiting', (device: Record<string, unknown>) => boolean>> = {
  charging: (d) => d.is_charging === true || d.mode === 'CHARGING',
  idle: (d) => d.is_charging === false || d.mode === 'PLUGGED_IN',
  boost_idle: (d) => d.is_charging === false || d.mode === 'PLUGGED_IN',
  waiting: (d) => d.is_charging === false && d.is_smart_optimization_active === true,
}

describe.each(deviceTypes)('%s', (type) => {
  test('says something in every state, in both languages, and no cause that its fields do not give', () => {
    const broken: unknown[] = []
    let states = 0
    for (const state of statesOf(type)) {
      states++
      const { doing, why } = state.view.reason
      const device: Reading & Record<string, unknown> = state.device
      const isGiven = why === null || given[why.kind]?.(device) === true
      const isDone = done[doing.kind as ReasonDoing]?.(device) ?? true
      const said = [sentences(state, 'en'), sentences(state, 'de')].flatMap(Object.values<string>)
      const isSound = said.every((text) => text !== '' && !/undefined|null|NaN|–/.test(text))
      if (!isGiven || !isDone || !isSound) broken.push({ wire: state.wire, reason: state.view.reason, said })
    }
    expect(broken.slice(0, 3)).toEqual([])
    expect(states).toBeGreaterThan(250)
  })
})

test('what is old is called the last known, and a device that is gone says nothing of itself', () => {
  for (const type of deviceTypes)
    for (const state of statesOf(type)) {
      const { doing, isPast, asOf } = state.view.reason
      if (doing.kind === 'gone') expect(state.device.presence).toBe('gone')
      else if (asOf.level === 'old' && doing.kind !== 'unknown' && doing.kind !== 'lapsed')
        expect(isPast).toBe(true)
    }
})

describe('the price of the hour', () => {
  const why = (mode: string | null, price: HourPrice | null, wire = {}) => {
    const device = heatPump({ is_smart_optimization_active: true, current_mode: mode, ...wire })
    return heatPumpReason(device, heatPumpView(device, null, noon), noon, price).why?.kind
  }
  const day = [10, 12, 20, 22, 24, 30]

  test('is the reason where it is known to be low and the mode is high, or the other way', () => {
    expect(why('max', { now: 10, day })).toBe('cheap')
    expect(why('min', { now: 30, day })).toBe('dear')
  })

  test.each<[string, string | null, HourPrice | null, object?]>([
    ['the price is not known', 'max', null],
    ['the day is not known', 'max', { now: 10, day: [] }],
    ['the hour is no number', 'max', { now: NaN, day }],
    ['every hour costs the same', 'max', { now: 10, day: [10, 10, 10] }],
    ['the price is in the middle', 'max', { now: 20, day }],
    ['the mode is high in a dear hour', 'max', { now: 30, day }],
    ['the mode is not known', null, { now: 10, day }],
    ['nothing is optimized', 'max', { now: 10, day }, { is_smart_optimization_active: false }],
  ])('is not the reason where %s', (_case, mode, price, wire) => {
    expect(['cheap', 'dear']).not.toContain(why(mode, price, wire))
  })
})

test('docs/reasons.md says what devices say; npm run reasons writes it', () => {
  expect(readFileSync(reasonsFile, 'utf8')).toBe(reasonsPage())
})
