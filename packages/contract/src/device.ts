import * as v from 'valibot'
import { Action } from './actions.ts'
import { faultsOf, known, offered, text, timestamp, uuid } from './fields.ts'

/** The four kinds of device as they are spelled in paths, of the Partner API and of the gateway alike. */
export const DeviceType = v.picklist(['heat-pumps', 'electric-vehicles', 'inverters', 'wallboxes'])
export type DeviceType = v.InferOutput<typeof DeviceType>
export const deviceTypes: readonly DeviceType[] = DeviceType.options

/** Partner API health lights, §9. */
export const HealthLight = v.picklist(['ok', 'warning', 'error', 'unknown'])

/** The 21 price zones of the Partner API, §9.4. `DE` of the guides is not among them, `DE_LU` is. */
export const PriceZone = v.picklist([
  'AT', 'AT_HOURLY', 'BE', 'CH', 'EE', 'DE_LU', 'HU', 'IT_CNOR', 'IT_CSUD', 'IT_NORD', 'IT_PUN',
  'IT_SARD', 'IT_SICI', 'IT_SUD', 'PT', 'RO', 'SE_1', 'SE_2', 'SE_3', 'SE_4', 'UK',
]) // prettier-ignore
export type PriceZone = v.InferOutput<typeof PriceZone>

/** What the manufacturer calls the device, §9.1. */
export const DeviceModel = v.object({
  device_type: offered(v.object({ short_name: offered(text(40)), long_name: offered(text(80)) })),
  manufacturer: known(text(60)),
  model: known(text(60)),
  year: offered(v.pipe(v.number(), v.integer())),
  cloud_service: offered(text(60)),
  cloud_service_instructions: offered(text(2000)),
  cloud_service_signup_link: offered(text(2000)),
})
export type DeviceModel = v.InferOutput<typeof DeviceModel>

/**
 * Whose device it is. The documents disagree (§20 C3): an object, a UUID, or `user_id` beside it. Personal data:
 * nothing of it but `id` is ever used, and that only to check that an answer belongs to whom we asked for.
 */
export const Owner = v.object({
  id: uuid,
  email: offered(text(320)),
  first_name: offered(text(200)),
  last_name: offered(text(200)),
  external_id: offered(text(200)),
})
export type Owner = v.InferOutput<typeof Owner>

/** Fields of every device, §9. */
export const deviceEntries = {
  /** Device id, UUID. The only field a device cannot do without. */
  id: uuid,
  created_at: offered(timestamp),
  updated_at: offered(timestamp),
  deleted_at: offered(timestamp),
  lifecycle_state: offered(text(20)),
  lifecycle_error: offered(text(300)),
  owner: offered(v.union([Owner, uuid])),
  /** Heat-pump documents name the owner so (§20 C3). */
  user_id: offered(uuid),
  building: offered(uuid),
  device_model: offered(DeviceModel),
  price_zone: offered(PriceZone),
  connection_status: offered(HealthLight),
  monitoring_status: offered(HealthLight),
  steering_status: offered(HealthLight),
  /** `false`: the manufacturer link has lapsed and the user has to reconnect. */
  is_authenticated: known(v.boolean()),
  is_smart_optimization_active: known(v.boolean()),
  /** When the state was last synced from the manufacturer; `null` before the first sync. */
  current_state_last_updated_at: known(timestamp),
  last_monitoring_executed_at: offered(timestamp),
  pause_power_until: offered(timestamp),
  is_pause_power_active: offered(v.boolean()),
  optimization_score: offered(v.pipe(v.number(), v.finite())),
  comment: offered(text(300)),
  external_device_id: offered(text(255)),
  actual_steering_state: offered(text(20)),
  is_trading_enabled: offered(v.boolean()),
  is_inverter_forced_mode_enabled: offered(v.boolean()),
  is_inverter_forced_mode_active: offered(v.boolean()),
  inverter_forced_mode_since: offered(timestamp),
  authorization_url: offered(text(8000)),
  /** `true`: at least one action waits for the user. */
  action_needed: known(v.boolean()),
  /** Only in the single-device answer, §12. */
  actions: offered(v.array(Action)),
}

/** The id of the user a device belongs to, in whichever of the documented forms it came; `null` when not said. */
export function ownerIdOf(device: {
  owner?: Owner | string | null | undefined
  user_id?: string | null | undefined
}): string | null {
  if (typeof device.owner === 'string') return device.owner
  return device.owner?.id ?? device.user_id ?? null
}

/** Devices read from one list answer, and what had to be left out or doubted. Names and counts only. */
export type DeviceList<D> = {
  devices: D[]
  /** How many entries had no valid id and were dropped. */
  dropped: number
  /** Fields that said something unbelievable, as often as it happened. */
  faults: string[]
}

/** The answer is not a list of devices at all. */
export class NotADeviceList extends Error {
  override name = 'NotADeviceList'
}

/**
 * Reads a list of devices tolerantly: a bad field becomes unknown, a device without a valid id is dropped and
 * counted. Throws `NotADeviceList` when the answer is no array, for then nothing in it can be believed.
 */
export function readDevices<S extends v.GenericSchema<unknown, { id: string }>>(
  schema: S,
  json: unknown,
): DeviceList<v.InferOutput<S>> {
  if (!Array.isArray(json)) throw new NotADeviceList('Expected a JSON array of devices.')
  const list: DeviceList<v.InferOutput<S>> = { devices: [], dropped: 0, faults: [] }
  for (const entry of json) {
    const read = readDevice(schema, entry)
    if (!read) {
      list.dropped++
      continue
    }
    list.devices.push(read.device)
    list.faults.push(...read.faults)
  }
  return list
}

/** Reads one device tolerantly; `null` when it has no valid id. */
export function readDevice<S extends v.GenericSchema<unknown, { id: string }>>(
  schema: S,
  json: unknown,
): { device: v.InferOutput<S>; faults: string[] } | null {
  const result = v.safeParse(schema, json)
  if (!result.success) return null
  return { device: result.output, faults: faultsOf(json, result.output) }
}
