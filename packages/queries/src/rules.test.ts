import { expect, test } from 'vitest'
import type { DeviceAnswer, ElectricVehicleReading, HomeSnapshot } from '@homewatt/contract'
import { samples } from '@homewatt/contract'
import { createGatewayApi } from './api.ts'
import { deviceQuery, homePollMs, homeQuery } from './rules.ts'

const at = '2026-06-21T12:00:00.000Z'
const ago = (s: number) => new Date(Date.parse(at) - s * 1000).toISOString()
const api = createGatewayApi({ fetch: async () => new Response('{}') })

const vehicle = (over: Partial<ElectricVehicleReading> = {}): ElectricVehicleReading => ({
  ...samples['electric-vehicles'],
  manufacturer: null,
  model: null,
  building: null,
  expected_interval_s: null,
  actions: null,
  boost_state_since: null,
  charge_rate_seen: null,
  ...over,
})

const home = (...vehicles: ElectricVehicleReading[]): HomeSnapshot => {
  const group = { state: 'known' as const, asked_at: at, problem: null, devices: [] }
  return {
    version: '1:1',
    at,
    time_zone: 'Europe/Berlin',
    groups: {
      'heat-pumps': group,
      inverters: group,
      wallboxes: group,
      'electric-vehicles': { ...group, devices: vehicles },
    },
  }
}

test.each<[string, HomeSnapshot, number]>([
  ['nothing in a hurry', home(vehicle()), 30_000],
  ['no device at all', home(), 30_000],
  [
    'a boost that just began to start',
    home(vehicle({ boost_state: 'requested', boost_state_since: ago(1) })),
    3_000,
  ],
  [
    'one of two that starts',
    home(vehicle(), vehicle({ boost_state: 'requested', boost_state_since: ago(119) })),
    3_000,
  ],
  [
    'a boost that starts slowly',
    home(vehicle({ boost_state: 'requested', boost_state_since: ago(200) })),
    10_000,
  ],
  [
    'a boost that does not start',
    home(vehicle({ boost_state: 'requested', boost_state_since: ago(400) })),
    30_000,
  ],
  ['a boost that runs', home(vehicle({ boost_state: 'ongoing', boost_state_since: ago(1) })), 30_000],
])('with %s a home is asked for as often as its most urgent device', (_, snapshot, ms) => {
  expect(homePollMs(snapshot)).toBe(ms)
  expect(homeQuery(api).refetchInterval({ state: { data: snapshot } })).toBe(ms)
})

test('one vehicle is asked for by the same rule', () => {
  const rule = deviceQuery(api, 'electric-vehicles', 'x').refetchInterval
  const answer = (device: ElectricVehicleReading): DeviceAnswer<'electric-vehicles'> => ({
    version: '1:1',
    at,
    problem: null,
    device,
  })
  expect(rule({ state: { data: undefined } })).toBe(30_000)
  expect(rule({ state: { data: answer(vehicle({ boost_state: 'requested' })) } })).toBe(3_000)
})

test('nothing is tried again by the browser: that is the business of the gateway', () => {
  expect(homeQuery(api).retry).toBe(false)
  expect(deviceQuery(api, 'inverters', 'x').retry).toBe(false)
})
