import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { BoostRefusal, ChargingConfigChange, WeeklyChargePolicy } from './charging.ts'
import { ElectricVehicleChange } from './electric-vehicle.ts'
import { DemoSignIn } from './gateway.ts'
import { HeatPumpChange } from './heat-pump.ts'
import { InverterChange } from './inverter.ts'
import { WallboxChange } from './wallbox.ts'

const changes = {
  HeatPumpChange,
  ElectricVehicleChange,
  InverterChange,
  WallboxChange,
  ChargingConfigChange,
}

const accepts = (name: keyof typeof changes, json: unknown) => v.safeParse(changes[name], json).success

describe.each(Object.keys(changes) as (keyof typeof changes)[])('%s', (name) => {
  test('may change nothing', () => {
    expect(accepts(name, {})).toBe(true)
  })

  test.each([
    'id',
    'owner',
    'is_authenticated',
    'deleted_at',
    'boost_state',
    'current_power_consumption_w',
    'no_such_field',
  ])('refuses %s', (field) => {
    expect(accepts(name, { [field]: null })).toBe(false)
  })

  test.each([null, 'x', 1, [{}]])('refuses %j as a whole', (json) => {
    expect(accepts(name, json)).toBe(false)
  })
})

test.each<[keyof typeof changes, unknown, boolean]>([
  ['HeatPumpChange', { optimization_level: 'Max' }, true],
  ['HeatPumpChange', { optimization_level: 'max' }, false],
  ['HeatPumpChange', { dhw_standard_temperature: null }, true],
  ['HeatPumpChange', { dhw_standard_temperature: 400 }, false],
  ['ElectricVehicleChange', { charge_deadline_at: '07:00', minimum_charge_limit: 80 }, true],
  ['ElectricVehicleChange', { charge_deadline_at: null }, true],
  ['ElectricVehicleChange', { charge_deadline_at: '24:00' }, false],
  ['ElectricVehicleChange', { minimum_charge_limit: 101 }, false],
  ['ElectricVehicleChange', { minimum_charge_limit: '80' }, false],
  ['ElectricVehicleChange', { charge_target_max: 80 }, false],
  ['InverterChange', { solar_power_rating_kw: 10.2, is_battery_connected: true }, true],
  ['InverterChange', { solar_power_rating_kw: Infinity }, false],
  ['WallboxChange', { charge_target_max: 80 }, true],
  ['WallboxChange', { is_pause_power_active: 'yes' }, false],
  ['ChargingConfigChange', { mode: 'hems', hems_start_threshold_w: 50_000 }, true],
  ['ChargingConfigChange', { hems_start_threshold_w: 50_001 }, false],
  ['ChargingConfigChange', { mode: 'auto' }, false],
])('%s of %j: %s', (name, json, accepted) => {
  expect(accepts(name, json)).toBe(accepted)
})

test('a refusal with a reason of tomorrow is still a refusal', () => {
  expect(v.parse(BoostRefusal, { state: 'ongoing', reason: 'already_charging' })).toEqual({
    state: 'ongoing',
    reason: 'already_charging',
  })
  expect(v.parse(BoostRefusal, { state: 'cooling', reason: 'too_hot' })).toEqual({
    state: null,
    reason: null,
  })
  expect(v.parse(BoostRefusal, {})).toEqual({ state: null, reason: null })
})

test('a weekly policy may leave days out', () => {
  const day = { charge_percentage: 80, charge_deadline: '07:00' }
  expect(v.parse(WeeklyChargePolicy, { mon: day, timezone: 'Europe/Berlin' })).toMatchObject({
    mon: day,
    sun: null,
  })
  expect(
    v.safeParse(WeeklyChargePolicy, { mon: { ...day, charge_deadline: '7' }, timezone: 'Europe/Berlin' })
      .success,
  ).toBe(false)
})

test.each([
  [{ home: 'solar-only' }, true],
  [{ home: '../admin' }, false],
  [{ home: '' }, false],
  [{ home: 'full', user: 'x' }, false],
])('signing in to the demo with %j: %s', (json, accepted) => {
  expect(v.safeParse(DemoSignIn, json).success).toBe(accepted)
})
