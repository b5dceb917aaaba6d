import { expect, test } from 'vitest'
import { homeView } from './home.ts'
import { heatPump, home, inverter, msBefore, noon, vehicle, wallbox } from './made-readings.ts'

const full = home({
  inverters: [inverter()],
  'electric-vehicles': [vehicle()],
  'heat-pumps': [heatPump()],
  wallboxes: [wallbox()],
})

test('a home shows every device once, by kind', () => {
  const view = homeView(full, noon)
  expect([view.inverters, view.vehicles, view.heatPumps, view.wallboxes].map(({ length }) => length)).toEqual(
    [1, 1, 1, 1],
  )
  expect(view).toMatchObject({
    attention: [],
    problem: null,
    loading: [],
    empty: false,
    updatedAt: msBefore(5_000),
  })
})

test('devices that wait for somebody come first', () => {
  const lapsed = vehicle({ is_authenticated: false })
  const calling = heatPump({ action_needed: true })
  const { attention } = homeView(
    home({ 'electric-vehicles': [lapsed], 'heat-pumps': [calling], inverters: [inverter()] }),
    noon,
  )
  expect(attention.map(({ type, connection }) => [type, connection.kind])).toEqual([
    ['electric-vehicles', 'reconnect'],
    ['heat-pumps', 'attention'],
  ])
})

test('a home that never answered is loading, not empty', () => {
  const snapshot = home({})
  for (const group of Object.values(snapshot.groups))
    Object.assign(group, { state: 'loading', asked_at: null })
  expect(homeView(snapshot, noon)).toMatchObject({
    loading: ['inverters', 'electric-vehicles', 'heat-pumps', 'wallboxes'],
    empty: false,
    updatedAt: null,
  })
})

test('a home is empty only once everything has answered', () => {
  const snapshot = home({})
  expect(homeView(snapshot, noon).empty).toBe(true)
  snapshot.groups.wallboxes.state = 'loading'
  expect(homeView(snapshot, noon)).toMatchObject({ empty: false, loading: ['wallboxes'] })
})

test('of several problems the gravest is told, and of equal ones the longest', () => {
  const snapshot = home({})
  snapshot.groups.inverters.problem = { kind: 'unreachable', since: msBefore(1_000) }
  snapshot.groups.wallboxes.problem = { kind: 'unreachable', since: msBefore(9_000) }
  expect(homeView(snapshot, noon).problem).toEqual({ kind: 'unreachable', since: msBefore(9_000) })
  snapshot.groups['heat-pumps'].problem = { kind: 'credentials_rejected', since: msBefore(0) }
  expect(homeView(snapshot, noon).problem?.kind).toBe('credentials_rejected')
})

test('a problem blames our service for the old values of its own type only', () => {
  const old = { current_state_last_updated_at: '2023-03-22T13:54:34.000Z' }
  const snapshot = home({ inverters: [inverter(old)], 'heat-pumps': [heatPump(old)] })
  snapshot.groups.inverters.problem = { kind: 'unreachable', since: msBefore(1_000) }
  const view = homeView(snapshot, noon)
  expect(view.inverters[0]?.freshness.cause).toBe('our_service')
  expect(view.heatPumps[0]?.freshness.cause).toBe('manufacturer_silent')
})

test('each inverter remembers its own picture, so that its unit does not flicker', () => {
  const a = { id: '22222222-2222-4222-8222-222222222222' }
  const b = { id: '33333333-3333-4333-8333-333333333333' }
  const withHomes = (wA: number, wB: number) =>
    home({
      inverters: [
        inverter({
          ...a,
          current_solar_production_w: 0,
          household_consumption_w: wA,
          battery_charge_discharge_power_w: 0,
          current_power_to_grid_w: -wA,
        }),
        inverter({
          ...b,
          current_solar_production_w: 0,
          household_consumption_w: wB,
          battery_charge_discharge_power_w: 0,
          current_power_to_grid_w: -wB,
        }),
      ],
    })
  const before = homeView(withHomes(1000, 999), noon)
  const after = homeView(withHomes(950, 1050), noon, before)
  expect(after.inverters.map(({ flow }) => flow.unit)).toEqual(['kW', 'W'])
})

test('every time ahead or behind is fine', () => {
  expect(() => homeView(full, new Date(0))).not.toThrow()
  expect(() => homeView(full, new Date(8.64e15))).not.toThrow()
})
