import {
  ElectricVehicleChange,
  HeatPumpChange,
  InverterChange,
  PriceZone,
  WallboxChange,
  type DeviceType,
} from '@homewatt/contract'
import * as v from 'valibot'
import { complaint } from './body.ts'
import type { Device } from './devices.ts'
import { HttpError, unprocessable, type Complaint } from './http.ts'
import type { Home } from './world.ts'

/**
 * Applies the body of a `PUT`: writable fields that are in it change, all others stay. Read-only and unknown
 * fields are ignored. Throws 422 with every complaint, and then changes nothing.
 */
export function changeSettings(home: Home, device: Device, body: unknown, nowMs: number): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new HttpError(
      unprocessable([{ type: 'dict_type', loc: ['body'], msg: 'Input should be a valid dictionary' }]),
    )
  const entries: Record<string, v.GenericSchema> = { ...writable[device.type], ...writableEverywhere }
  const complaints: Complaint[] = []
  const change: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) {
    const schema = Object.hasOwn(entries, name) ? entries[name] : undefined
    if (!schema) continue
    const result = v.safeParse(schema, value)
    if (result.success) change[name] = result.output
    else complaints.push({ type: 'value_error', loc: ['body', name], msg: result.issues[0].message })
  }
  const { building_id: buildingId = device.buildingId } = change as { building_id?: string | null }
  delete change['building_id']
  if (
    buildingId !== null &&
    buildingId !== device.buildingId &&
    !home.buildings.some(({ id }) => id === buildingId)
  )
    complaints.push(complaint('building_id', 'The user has no such building.'))
  const merged = { ...device.settings, ...change }
  if (complaints.length === 0) refuseContradictions(device.type, merged)
  if (complaints.length > 0) throw new HttpError(unprocessable(complaints))
  for (const [name, value] of Object.entries(change))
    if (name in device.settings) Object.assign(device.settings, { [name]: value })
    else device.facts[name] = value
  device.buildingId = buildingId
  device.updatedAtMs = nowMs
  if (
    'is_charge_policy_enabled' in change ||
    'charge_deadline_at' in change ||
    'minimum_charge_limit' in change
  )
    device.facts['charge_policy_last_updated_at'] = new Date(nowMs).toISOString()
}

const plain = (change: { entries: Record<string, v.GenericSchema> }) =>
  // The contract's changes are partial; a field that is there has to be valid.
  Object.fromEntries(Object.entries(change.entries).map(([name, schema]) => [name, required(schema)]))

const required = (schema: v.GenericSchema): v.GenericSchema =>
  'wrapped' in schema && schema.type === 'optional' ? (schema.wrapped as v.GenericSchema) : schema

const writable: Record<DeviceType, Record<string, v.GenericSchema>> = {
  'heat-pumps': plain(HeatPumpChange),
  'electric-vehicles': plain(ElectricVehicleChange),
  inverters: plain(InverterChange),
  wallboxes: plain(WallboxChange),
}

const writableEverywhere = {
  building_id: v.nullable(v.pipe(v.string(), v.uuid())),
  price_zone: PriceZone,
  comment: v.nullable(v.pipe(v.string(), v.maxLength(300))),
  is_trading_enabled: v.boolean(),
  is_inverter_forced_mode_enabled: v.boolean(),
}

/** Throws 422 when settings that are each valid do not go together. */
export function refuseContradictions(type: DeviceType, settings: Record<string, unknown>): void {
  const complaints = contradictions(type, settings)
  if (complaints.length > 0) throw new HttpError(unprocessable(complaints))
}

function contradictions(type: DeviceType, settings: Record<string, unknown>): Complaint[] {
  if (type !== 'inverters') return []
  const complaints: Complaint[] = []
  if (settings['is_battery_connected'] === true && settings['battery_capacity_kwh'] === null)
    complaints.push({
      type: 'value_error',
      loc: ['body', 'battery_capacity_kwh'],
      msg: 'Required when a battery is connected',
    })
  if (Number(settings['min_battery_charge']) > Number(settings['max_battery_charge']))
    complaints.push({
      type: 'value_error',
      loc: ['body', 'min_battery_charge'],
      msg: 'Must not be above max_battery_charge',
    })
  return complaints
}
