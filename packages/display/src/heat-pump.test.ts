import { describe, expect, test } from 'vitest'
import { heatPumpView } from './heat-pump.ts'
import { heatPump, noon } from './made-readings.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'

const view = (wire: Record<string, unknown>) => heatPumpView(heatPump(wire), null, noon)

describe('the status words of a heat pump', () => {
  const missing = undefined
  test.each([
    [false, 'min', 'Not optimizing', 'Optimierung aus'],
    [false, 'low', 'Not optimizing', 'Optimierung aus'],
    [false, 'mid', 'Not optimizing', 'Optimierung aus'],
    [false, 'max', 'Not optimizing', 'Optimierung aus'],
    [false, null, 'Not optimizing', 'Optimierung aus'],
    [false, 'turbo', 'Not optimizing', 'Optimierung aus'],
    [true, 'min', 'Min', 'Min'],
    [true, 'low', 'ECO', 'ECO'],
    [true, 'mid', 'Comfort', 'Komfort'],
    [true, 'max', 'Boost', 'Boost'],
    [true, 'turbo', 'Optimizing', 'Optimierung aktiv'],
    [true, 'MAX', 'Optimizing', 'Optimierung aktiv'],
    [true, 'constructor', 'Optimizing', 'Optimierung aktiv'],
    [true, null, 'Optimizing', 'Optimierung aktiv'],
    [true, missing, 'Optimizing', 'Optimierung aktiv'],
    [null, 'min', 'Status unknown', 'Status unbekannt'],
    [missing, 'max', 'Status unknown', 'Status unbekannt'],
    ['true', 'max', 'Status unknown', 'Status unbekannt'],
    [null, null, 'Status unknown', 'Status unbekannt'],
  ])(
    'optimization %s and mode %s read "%s"',
    (is_smart_optimization_active, current_mode, english, german) => {
      const { status } = view({ is_smart_optimization_active, current_mode })
      expect(en.heatPump[status]).toBe(english)
      expect(de.heatPump[status]).toBe(german)
    },
  )
})

describe('the tiles of a heat pump', () => {
  const fields = (wire: Record<string, unknown>) => view(wire).tiles.map(({ field }) => field)

  test('stand in the order of interest', () => {
    expect(fields({})).toEqual([
      'current_power_consumption_w',
      'dhw_temperature',
      'indoor_actual_temperature',
      'indoor_target_temperature',
      'outdoor_temperature',
      'inlet_temperature',
      'outlet_temperature',
      'indoor_target_temperature_offset',
    ])
  })

  test('without an indoor sensor there is no indoor tile', () => {
    expect(fields({ indoor_actual_temperature: null })).not.toContain('indoor_actual_temperature')
  })

  test.each([undefined, 'warm', Infinity, -300])(
    'an indoor temperature of %s is not reported, for the sensor may exist',
    (wire) => {
      const tile = view({ indoor_actual_temperature: wire }).tiles.find(
        ({ field }) => field === 'indoor_actual_temperature',
      )
      expect(tile?.shown).toEqual({ kind: 'not_reported' })
    },
  )

  test('fields that a device does not offer have no tile', () => {
    const wire = {
      outlet_temperature: undefined,
      indoor_target_temperature: undefined,
      indoor_target_temperature_offset: undefined,
    }
    expect(fields(wire)).toEqual([
      'current_power_consumption_w',
      'dhw_temperature',
      'indoor_actual_temperature',
      'outdoor_temperature',
      'inlet_temperature',
    ])
  })

  test('0 W is a value, and a missing power is not', () => {
    expect(view({ current_power_consumption_w: 0 }).tiles[0]?.shown).toEqual({ kind: 'value', value: 0 })
    expect(view({ current_power_consumption_w: undefined }).tiles[0]?.shown).toEqual({ kind: 'not_reported' })
  })
})

test('an old heat pump shows whom it waits for', () => {
  const { freshness } = heatPumpView(
    heatPump({ current_state_last_updated_at: '2023-03-22T13:54:34.000Z' }),
    null,
    noon,
  )
  expect(freshness).toMatchObject({ level: 'old', cause: 'manufacturer_silent', motion: false })
})

test('the configured ceiling is kept apart from what runs', () => {
  expect(view({ optimization_level: 'Max', current_mode: 'min' })).toMatchObject({
    level: 'Max',
    status: 'min',
  })
  expect(view({ optimization_level: 'Turbo' }).level).toBeNull()
})

test.each([
  ['Nibe', 'S-Series', 'Nibe S-Series'],
  ['Nibe', 'NIBE S-Series', 'NIBE S-Series'],
  ['Nibe', null, 'Nibe'],
  [null, 'S-Series', 'S-Series'],
  [null, null, null],
])('maker %s and model %s are called %s', (manufacturer, model, name) => {
  expect(view({ manufacturer, model }).name).toBe(name)
})

test('a pause says until when, if that is known', () => {
  const until = '2026-06-21T18:00:00Z'
  expect(view({ is_pause_power_active: true, pause_power_until: until }).paused).toEqual({ until })
  expect(view({ is_pause_power_active: true, pause_power_until: null }).paused).toEqual({ until: null })
  expect(view({ is_pause_power_active: false, pause_power_until: until }).paused).toBeNull()
})
