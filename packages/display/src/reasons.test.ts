import { deviceTypes, type Reading } from '@homewatt/contract'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { reasonsFile, reasonsPage, sentences, statesOf } from './reason-states.test-support.ts'
import type { ReasonDoing, ReasonWhy } from './reasons.ts'

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
const done: Partial<Record<ReasonDoing, (device: Record<string, unknown>) => boolean>> = {
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
      const { doing, why, isPast, asOf } = state.view.reason
      const device: Reading & Record<string, unknown> = state.device
      const isGiven = why === null || given[why.kind]?.(device) === true
      const isDone = done[doing.kind as ReasonDoing]?.(device) ?? true
      const said = [sentences(state, 'en'), sentences(state, 'de')].flatMap(Object.values<string>)
      const isSound = said.every((text) => text !== '' && !/undefined|null|NaN|–/.test(text))
      // What is old is called the last known; what is gone, lapsed or unknown says nothing of itself.
      const isDated = asOf.level === 'old' || state.device.presence === 'not_reported'
      const isDatedSaid = isPast === (isDated && !['gone', 'lapsed', 'unknown'].includes(doing.kind))
      if (!isGiven || !isDone || !isDatedSaid || !isSound)
        broken.push({ wire: state.wire, reason: state.view.reason, said })
    }
    expect(broken.slice(0, 3)).toEqual([])
    expect(states).toBeGreaterThan(250)
  })
})

test('docs/reasons.md says what devices say; npm run reasons writes it', () => {
  expect(readFileSync(reasonsFile, 'utf8')).toBe(reasonsPage())
})
