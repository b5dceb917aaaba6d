import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { deviceTypes, readDevice, type DeviceType } from './device.ts'
import { HomeSnapshot, readings } from './gateway.ts'
import { samples } from './samples.ts'

const nobody = { state: 'loading' as const, asked_at: null, problem: null, devices: [] }
const snapshot: HomeSnapshot = {
  version: '1:5',
  at: '2026-06-21T12:00:00Z',
  time_zone: 'Europe/Berlin',
  groups: { 'heat-pumps': nobody, 'electric-vehicles': nobody, inverters: nobody, wallboxes: nobody },
}
const answered = { ...nobody, state: 'known' as const, asked_at: '2026-06-21T12:00:30Z' }

/** A sample as the gateway reads it before it passes it on; `undefined` should it have been dropped. */
const readingOf = (type: DeviceType, over: object = {}) =>
  readDevice<(typeof readings)[DeviceType]>(readings[type], {
    ...samples[type],
    manufacturer: 'A',
    model: 'B',
    expected_interval_s: 300,
    actions: null,
    boost_state_since: null,
    charge_rate_seen: null,
    ...over,
  })?.device

describe.each(deviceTypes)('a reading of %s', (type) => {
  test('carries nothing of its owner, nor any link or comment', () => {
    const seen = JSON.stringify(
      readingOf(type, {
        comment: 'canary',
        authorization_url: 'https://canary.example',
        external_device_id: 'canary',
        user_id: samples[type].owner.id,
      }),
    )
    expect(seen).toContain(samples[type].id)
    for (const secret of [...Object.values(samples[type].owner), 'canary']) expect(seen).not.toContain(secret)
  })

  test('is a group’s device on its way through JSON', () => {
    const device = readingOf(type)
    const home = { ...snapshot, groups: { ...snapshot.groups, [type]: { ...answered, devices: [device] } } }
    expect(v.parse(HomeSnapshot, JSON.parse(JSON.stringify(home)))).toEqual(home)
  })
})
