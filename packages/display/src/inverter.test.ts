import { expect, test } from 'vitest'
import { inverterView } from './inverter.ts'
import { inverter, noon } from './made-readings.ts'

const view = (wire: Record<string, unknown>) => inverterView(inverter(wire), null, noon)
const surplus = (wire: Record<string, unknown>) => view(wire).tiles[0]

test('surplus is as reported', () => {
  expect(surplus({ solar_surplus_w: 4000 })).toEqual({
    field: 'solar_surplus_w',
    quantity: 'power',
    shown: { kind: 'value', value: 4000 },
  })
})

test('surplus that is not reported is production less household use, and may be negative', () => {
  const wire = { current_solar_production_w: 200, household_consumption_w: 950 }
  expect(surplus({ ...wire, solar_surplus_w: undefined })?.shown).toEqual({ kind: 'value', value: -750 })
  expect(surplus({ ...wire, solar_surplus_w: null })?.shown).toEqual({ kind: 'value', value: -750 })
})

test('surplus is not reported when half of it is unknown', () => {
  expect(surplus({ solar_surplus_w: null, household_consumption_w: null })?.shown).toEqual({
    kind: 'not_reported',
  })
})

test('without a battery there is no battery tile and no battery node, whatever the level says', () => {
  const wire = {
    is_battery_connected: false,
    battery_charge_level_percent: 0,
    battery_charge_discharge_power_w: 0,
  }
  const { hasBattery, tiles, flow } = view(wire)
  expect(hasBattery).toBe(false)
  expect(flow.nodes.battery).toBeNull()
  expect(tiles.map(({ field }) => field)).toEqual(['solar_surplus_w', 'solar_power_rating_kw'])
})

test('an empty battery is at 0 %, not absent', () => {
  const { tiles, flow } = view({ battery_charge_level_percent: 0 })
  expect(flow.nodes.battery?.levelPercent).toBe(0)
  expect(tiles.find(({ field }) => field === 'battery_charge_level_percent')?.shown).toEqual({
    kind: 'value',
    value: 0,
  })
})

test('peak power is shown as power', () => {
  const tile = view({ solar_power_rating_kw: 10.2 }).tiles.at(-1)
  expect(tile).toEqual({
    field: 'solar_power_rating_kw',
    quantity: 'power',
    shown: { kind: 'value', value: 10_200 },
  })
})
