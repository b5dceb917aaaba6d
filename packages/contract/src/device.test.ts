import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { deviceTypes, NotADeviceList, ownerIdOf, readDevice, readDevices, type DeviceType } from './device.ts'
import { ElectricVehicle } from './electric-vehicle.ts'
import { HeatPump } from './heat-pump.ts'
import { Inverter } from './inverter.ts'
import { samples } from './samples.ts'
import { Wallbox } from './wallbox.ts'

const schemas = {
  'heat-pumps': HeatPump,
  'electric-vehicles': ElectricVehicle,
  inverters: Inverter,
  wallboxes: Wallbox,
} as const
type Device = Record<string, unknown> & { id: string }
type DeviceSchema = v.GenericSchema<unknown, Device>
const schemaOf = (type: DeviceType) => schemas[type] as unknown as DeviceSchema

/** Over the wire and back, so that it is the very JSON that is read: `1e999` arrives as Infinity. */
const overTheWire = (json: string): unknown => JSON.parse(json)
const wireOf = (type: DeviceType, over: Record<string, unknown> = {}) =>
  overTheWire(JSON.stringify({ ...samples[type], ...over }))

/** Reads a device that has an id, which is all it takes. */
function read<S extends v.GenericSchema<unknown, { id: string }>>(schema: S, wire: unknown) {
  const found = readDevice(schema, wire)
  if (!found) throw new Error('A device with an id was dropped.')
  return found
}

describe.each(deviceTypes)('the documented sample of %s', (type) => {
  test('is read as it is, with nothing doubted', () => {
    expect(read(schemaOf(type), wireOf(type))).toEqual({ device: samples[type], faults: [] })
  })

  test('loses fields that nobody knows', () => {
    const { device } = read(schemaOf(type), wireOf(type, { brand_new_field: 1 }))
    expect(device).toEqual(samples[type])
  })

  test.each(Object.keys(samples[type]).filter((field) => field !== 'id'))(
    'survives anything in %s',
    (field) => {
      fc.assert(
        fc.property(fc.jsonValue(), (json) => {
          const { device, faults } = read(schemaOf(type), wireOf(type, { [field]: json }))
          // Whatever became of this field, the others are as they were.
          expect({ ...device, [field]: null }).toEqual({ ...samples[type], [field]: null })
          const isUnknown = device[field] === null || device[field] === undefined
          expect(faults).toEqual(isUnknown && json !== null ? [field] : [])
        }),
        { numRuns: 50 },
      )
    },
  )

  test('survives without any field but its id, and then knows nothing', () => {
    const { id } = samples[type]
    const { device } = read(schemaOf(type), { id })
    expect(device.id).toBe(id)
    expect(Object.values(device).filter((value) => value !== null && value !== id)).toEqual([])
  })
})

describe('a field that cannot be believed is unknown, and named', () => {
  const readField = (type: DeviceType, field: string, json: string) => {
    const wire = { ...(wireOf(type) as object), ...(overTheWire(`{"${field}":${json}}`) as object) }
    const { device, faults } = read(schemaOf(type), wire)
    return { value: device[field], faults }
  }

  test.each<[DeviceType, string, string]>([
    ['heat-pumps', 'outdoor_temperature', '-300'],
    ['heat-pumps', 'outdoor_temperature', '1e999'],
    ['heat-pumps', 'outdoor_temperature', '"9.3"'],
    ['heat-pumps', 'outlet_temperature', '131'],
    ['heat-pumps', 'current_power_consumption_w', '-51'],
    ['heat-pumps', 'current_power_consumption_w', '1000001'],
    ['heat-pumps', 'current_mode', '"turbo"'],
    ['heat-pumps', 'current_mode', '"Mid"'],
    ['heat-pumps', 'optimization_level', '"mid"'],
    ['heat-pumps', 'is_authenticated', '"false"'],
    ['heat-pumps', 'is_smart_optimization_active', '1'],
    ['electric-vehicles', 'battery_level', '140'],
    ['electric-vehicles', 'battery_level', '-1'],
    ['electric-vehicles', 'driving_range', '1e999'],
    ['electric-vehicles', 'boost_state', '"queued"'],
    ['electric-vehicles', 'charge_deadline_at', '"24:00"'],
    ['electric-vehicles', 'charge_deadline_at', '"7:00"'],
    ['electric-vehicles', 'charge_deadline_at', '"2026-06-21T07:00:00Z"'],
    ['inverters', 'current_power_to_grid_w', '-1e999'],
    ['inverters', 'battery_charge_level_percent', '100.1'],
    ['inverters', 'is_battery_connected', '"yes"'],
    ['wallboxes', 'mode', '"SLEEPING"'],
    ['wallboxes', 'connection', '"lost"'],
    ['wallboxes', 'price_zone', '"DE"'],
    ['wallboxes', 'current_state_last_updated_at', '"0001-01-01T00:00:00Z"'],
    ['wallboxes', 'current_state_last_updated_at', '"1970-01-01T00:00:00Z"'],
    ['wallboxes', 'current_state_last_updated_at', '"9999-12-31T23:59:59Z"'],
    ['wallboxes', 'current_state_last_updated_at', '"2026-13-45T00:00:00Z"'],
    ['wallboxes', 'current_state_last_updated_at', '"2026-06-21"'],
    ['wallboxes', 'current_state_last_updated_at', '1782043200'],
  ])('%s: %s of %s', (type, field, json) => {
    expect(readField(type, field, json)).toEqual({ value: null, faults: [field] })
  })

  test.each([
    ['1e999', ['indoor_actual_temperature']],
    ['-300', ['indoor_actual_temperature']],
  ])('an indoor temperature of %s is unknown, which is not the same as no sensor', (json, faults) => {
    expect(readField('heat-pumps', 'indoor_actual_temperature', json)).toEqual({ value: undefined, faults })
  })

  test('an indoor temperature of null says that there is no sensor', () => {
    expect(readField('heat-pumps', 'indoor_actual_temperature', 'null')).toEqual({ value: null, faults: [] })
  })

  test('the value that the documents name for never is unknown, and nothing to doubt', () => {
    const since = 'inverter_forced_mode_since'
    const never = '"0001-01-01T00:00:00Z"'
    for (const type of ['inverters', 'wallboxes'] as const) {
      expect(readField(type, since, never).faults).toEqual([])
      expect(readField(type, since, never).value ?? null).toBeNull()
      expect(readField(type, since, '"0002-01-01T00:00:00Z"').faults).toEqual([since])
    }
  })

  test('a few watts below zero are an inverter at night', () => {
    expect(readField('inverters', 'current_solar_production_w', '-6')).toEqual({ value: 0, faults: [] })
  })

  test('a sign is kept where it means a direction', () => {
    expect(readField('inverters', 'battery_charge_discharge_power_w', '-755').value).toBe(-755)
    expect(readField('inverters', 'current_power_to_grid_w', '-2500').value).toBe(-2500)
  })

  test('a wallbox may have its deadline as a date', () => {
    expect(readField('wallboxes', 'charge_deadline_at', '"2026-06-21T07:00:00Z"').faults).toEqual([])
    expect(readField('wallboxes', 'charge_deadline_at', '"07:00"').faults).toEqual([])
  })

  test('text loses what could disguise it', () => {
    const device_model = { manufacturer: '\u202eTes\u0000la\u200b', model: 'x'.repeat(100) }
    const { device } = read(ElectricVehicle, wireOf('electric-vehicles', { device_model }))
    expect(device.device_model).toMatchObject({ manufacturer: 'Tesla', model: 'x'.repeat(60) })
  })
})

test('an offered field that is missing stays missing, and null stays unknown', () => {
  const wire = samples['electric-vehicles']
  expect(
    read(ElectricVehicle, wireOf('electric-vehicles', { driving_range: undefined })).device,
  ).not.toHaveProperty('driving_range')
  expect(read(ElectricVehicle, { ...wire, driving_range: null }).device.driving_range).toBeNull()
})

describe('a list', () => {
  test.each([null, {}, { results: [] }, '', 'Bad Gateway', 0])(
    'that is %j cannot be believed at all',
    (json) => {
      expect(() => readDevices(HeatPump, json)).toThrow(NotADeviceList)
    },
  )

  test('keeps every device with an id and counts the rest', () => {
    const wire = [
      wireOf('heat-pumps'),
      wireOf('heat-pumps', { id: 'hp-1' }),
      { ...samples['heat-pumps'], id: undefined },
      null,
      7,
      'x',
      [],
    ]
    const { devices, dropped } = readDevices(HeatPump, wire)
    expect(devices.map(({ id }) => id)).toEqual([samples['heat-pumps'].id])
    expect(dropped).toBe(6)
  })

  test('names what it doubted, as often as it did', () => {
    const wire = [
      wireOf('heat-pumps', { dhw_temperature: 999 }),
      wireOf('heat-pumps', { dhw_temperature: 'hot', current_mode: 'turbo' }),
    ]
    expect(readDevices(HeatPump, wire).faults.toSorted()).toEqual([
      'current_mode',
      'dhw_temperature',
      'dhw_temperature',
    ])
  })

  test('of nothing is nothing', () => {
    expect(readDevices(HeatPump, [])).toEqual({ devices: [], dropped: 0, faults: [] })
  })
})

describe('whose device it is', () => {
  const id = '497f6eca-6276-4993-bfeb-53cbbbba6f08'

  test.each([
    ['an object', { owner: { ...samples.inverters.owner } }],
    ['an id', { owner: id }],
    ['a user_id beside it', { owner: undefined, user_id: id }],
  ])('may come as %s', (_, over) => {
    expect(ownerIdOf(read(Inverter, wireOf('inverters', over)).device)).toBe(id)
  })

  test('is unknown when it is not said, or said in no known way', () => {
    expect(ownerIdOf(read(Inverter, wireOf('inverters', { owner: undefined })).device)).toBeNull()
    expect(ownerIdOf(read(Inverter, wireOf('inverters', { owner: 'peter' })).device)).toBeNull()
  })
})
