import { ElectricVehicle, samples, type DeviceGroup } from '@homewatt/contract'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import {
  createGroup,
  expectBoost,
  fence,
  groupJson,
  mergeDevice,
  mergeList,
  type Group,
  type Learned,
  type Moment,
} from './group.ts'

const noon = Date.parse('2026-06-21T12:00:00Z')
const iso = (ms: number) => new Date(ms).toISOString()

const vehicle = (over: Record<string, unknown> = {}) =>
  v.parse(ElectricVehicle, {
    ...samples['electric-vehicles'],
    current_state_last_updated_at: iso(noon),
    ...over,
  })

const learned: Learned = { updatesOf: () => [], updated: () => {}, spellsOf: () => [], charged: () => {} }

/** A group, and a clock that every answer moves by 30 s. */
function watched() {
  const group = createGroup('electric-vehicles', 'Europe/Berlin')
  let seq = 0
  let nowMs = 0
  const moment = (): Moment => ({ seq: ++seq, nowMs: (nowMs += 30_000), at: iso(noon + nowMs) })
  return {
    group,
    moment,
    list: (...devices: ReturnType<typeof vehicle>[]) => mergeList(group, devices, moment(), learned),
    level: () => {
      const [device] = viewOf(group).devices
      return device && 'battery_level' in device ? device.battery_level : undefined
    },
    boost: () => {
      const [device] = viewOf(group).devices
      return device && 'boost_state' in device ? [device.boost_state, device.boost_state_since] : undefined
    },
  }
}

const viewOf = (group: Group) => JSON.parse(groupJson(group)) as DeviceGroup

test('a device that is listed twice counts once, with its newest state', () => {
  const { list, group, level } = watched()
  list(
    vehicle({ battery_level: 50 }),
    vehicle({ battery_level: 51, current_state_last_updated_at: iso(noon + 1) }),
  )
  expect(group.devices.size).toBe(1)
  expect(level()).toBe(51)
})

test('an older state than the one we have is a lagging replica for three answers, and then the truth', () => {
  const { list, level } = watched()
  list(vehicle({ battery_level: 60 }))
  const older = vehicle({ battery_level: 40, current_state_last_updated_at: iso(noon - 60_000) })
  for (const expected of [60, 60, 60, 40]) {
    list(older)
    expect(level()).toBe(expected)
  }
})

test('an overtaken answer changes nothing', () => {
  const { list, group, moment, level } = watched()
  const early = moment()
  list(vehicle({ battery_level: 60 }))
  mergeList(group, [vehicle({ battery_level: 30 })], early, learned)
  mergeDevice(group, { device: vehicle({ battery_level: 20 }) }, early, learned)
  expect(level()).toBe(60)
})

test('an answer that was asked for before a write says nothing about the device it was about', () => {
  const { list, group, moment, level } = watched()
  list(vehicle({ battery_level: 60 }))
  const asked = moment()
  const known = group.devices.get(vehicle().id)
  if (known) fence(known, moment().seq)
  mergeList(group, [vehicle({ battery_level: 61 })], asked, learned)
  expect(level()).toBe(60)
  list(vehicle({ battery_level: 62 }))
  expect(level()).toBe(62)
})

test('a boost that was taken is shown at once, and a partner that is slow to say so does not take it back', () => {
  const { list, group, moment, boost } = watched()
  list(vehicle({ boost_state: 'available' }))
  const known = group.devices.get(vehicle().id)
  const taken = moment()
  if (known) expectBoost(known, taken, taken.nowMs + 40_000)
  expect(boost()).toEqual(['requested', taken.at])
  list(vehicle({ boost_state: 'available' }))
  expect(boost()).toEqual(['requested', taken.at])
  list(vehicle({ boost_state: 'available' }))
  expect(boost()?.[0]).toBe('available')
})

test('since when a boost is in its state is told from the first change on', () => {
  const { list, boost } = watched()
  list(vehicle({ boost_state: 'ongoing' }))
  expect(boost()).toEqual(['ongoing', null])
  list(vehicle({ boost_state: 'available' }))
  const since = boost()?.[1]
  expect(since).toBe(iso(noon + 60_000))
  list(vehicle({ boost_state: 'available' }))
  expect(boost()?.[1]).toBe(since)
})

test('the rhythm of a device is learned from its updates and remembered', () => {
  const { group, moment } = watched()
  const saved: string[][] = []
  const remembering: Learned = {
    ...learned,
    updatesOf: () => [iso(noon - 40 * 60_000)],
    updated: (_, updates) => saved.push(updates),
  }
  for (const minutes of [-30, -30, -20, -10])
    mergeList(
      group,
      [vehicle({ current_state_last_updated_at: iso(noon + minutes * 60_000) })],
      moment(),
      remembering,
    )
  expect(saved).toHaveLength(3)
  expect(viewOf(group).devices[0]?.expected_interval_s).toBe(600)
})

test.each([
  ['reported once', []],
  ['remembered from before', [iso(noon - 40 * 60_000), '2199-12-31T00:00:00Z']],
])('a time far ahead, %s, does not keep the rhythm from being learned', (_, remembered) => {
  const { group, moment } = watched()
  const saved: string[][] = []
  const remembering: Learned = {
    ...learned,
    updatesOf: () => remembered,
    updated: (_, updates) => saved.push(updates),
  }
  const report = (at: string) =>
    mergeList(group, [vehicle({ current_state_last_updated_at: at })], moment(), remembering)
  report('2199-12-31T00:00:00Z')
  expect(group.devices.size).toBe(1)
  // A state from before is put down to a lagging replica for a while.
  for (let n = 0; n < 4; n++) report(iso(noon - 30 * 60_000))
  for (const minutes of [-20, -10, 0]) report(iso(noon + minutes * 60_000))
  expect(viewOf(group).devices[0]?.expected_interval_s).toBe(600)
  for (const updates of saved) expect(updates).not.toContain('2199-12-31T00:00:00Z')
})

test('a time of update that cannot be believed is unknown, and the rest is shown', () => {
  const { list, group, level } = watched()
  list(vehicle({ battery_level: 60 }))
  list(vehicle({ battery_level: 61, current_state_last_updated_at: '0001-01-01T00:00:00Z' }))
  expect(level()).toBe(61)
  expect(viewOf(group).devices[0]?.current_state_last_updated_at).toBeNull()
})
