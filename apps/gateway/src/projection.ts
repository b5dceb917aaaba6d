import type { PartnerDevice } from '@homewatt/client'
import { readings, type DeviceType, type OpenAction, type Reading, type SeenRate } from '@homewatt/contract'
import { isTimeOfDay, timeOfMinute, wallTime } from '@homewatt/display'

/** What the gateway adds to a partner's device. */
export type Added = {
  expected_interval_s: number | null
  actions: OpenAction[] | null
  boost_state_since: string | null
  presence: Reading['presence']
  charge_rate_seen: SeenRate | null
}

const addedKeys = new Set([
  'manufacturer',
  'model',
  'building',
  'expected_interval_s',
  'actions',
  'boost_state_since',
  'presence',
  'charge_rate_seen',
  'next_deadline',
])

/** The partner's fields that may leave the gateway, by type: what the contract names, and nothing else. */
const passedKeys = Object.fromEntries(
  Object.entries(readings).map(([type, schema]) => [
    type,
    Object.keys(schema.entries).filter((key) => !addedKeys.has(key)),
  ]),
) as Record<DeviceType, string[]>

/**
 * A device whose deadline is a time of day, whichever of the two forms it came in: the Partner API's schema has a moment
 * where its guide has `HH:MM` (§20 C4). What is written and compared from here on has one form.
 *
 * @param timeZone IANA zone of the home
 */
export function byHomeClock(device: PartnerDevice, timeZone: string): PartnerDevice {
  if (!('charge_deadline_at' in device)) return device
  const { charge_deadline_at: at } = device
  if (!at || isTimeOfDay(at)) return device
  return { ...device, charge_deadline_at: timeOfMinute(wallTime(timeZone, Date.parse(at)).minute) }
}

/** A partner's device as a browser may see it: without its owner, without links, without what nobody asked for. */
export function toReading(type: DeviceType, device: PartnerDevice, added: Added): Reading {
  const { boost_state_since, charge_rate_seen, presence, ...addedToAll } = added
  const passed = passedKeys[type]
    .filter((key) => key in device)
    .map((key) => [key, device[key as keyof PartnerDevice]] as const)
  const canBoost = type === 'electric-vehicles' || type === 'wallboxes'
  return {
    ...Object.fromEntries(passed),
    manufacturer: device.device_model?.manufacturer ?? null,
    model: device.device_model?.model ?? null,
    building: device.building ?? null,
    ...addedToAll,
    ...(presence ? { presence } : {}),
    ...(canBoost ? { boost_state_since } : {}),
    ...(type === 'electric-vehicles' ? { charge_rate_seen } : {}),
  } as Reading
}
