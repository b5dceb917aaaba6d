import {
  readDevice,
  readings,
  samples,
  type DeviceType,
  type HomeSnapshot,
  type Reading,
  type ReadingByType,
} from '@homewatt/contract'

/** When the tests of this package look at the screen. */
export const noon = new Date('2026-06-21T12:00:00Z')

export const msBefore = (ms: number) => new Date(noon.getTime() - ms).toISOString()
export const minutesBefore = (minutes: number) => msBefore(minutes * 60_000)

/**
 * The documented sample of a device, reported a minute before noon, with `wire` laid over it as it would come
 * over the wire: whatever cannot be believed is read as unknown, just as in the product.
 */
export function reading<T extends DeviceType>(type: T, wire: Record<string, unknown> = {}): ReadingByType[T] {
  const read = readDevice<(typeof readings)[DeviceType]>(readings[type], {
    ...samples[type],
    current_state_last_updated_at: minutesBefore(1),
    manufacturer: samples[type].device_model.manufacturer,
    model: samples[type].device_model.model,
    expected_interval_s: null,
    actions: null,
    boost_state_since: null,
    charge_rate_seen: null,
    ...wire,
  })
  if (!read) throw new Error(`The sample of ${type} cannot be read.`)
  return read.device as Reading as ReadingByType[T]
}

export const heatPump = (wire?: Record<string, unknown>) => reading('heat-pumps', wire)
export const vehicle = (wire?: Record<string, unknown>) => reading('electric-vehicles', wire)
export const inverter = (wire?: Record<string, unknown>) => reading('inverters', wire)
export const wallbox = (wire?: Record<string, unknown>) => reading('wallboxes', wire)

/** A snapshot in which every type was answered a moment ago, holding the devices given. */
export function home(
  devices: { [T in DeviceType]?: ReadingByType[T][] },
  over: Partial<HomeSnapshot> = {},
): HomeSnapshot {
  const answered = { state: 'known' as const, asked_at: msBefore(5_000), problem: null }
  return {
    version: '1:1',
    at: noon.toISOString(),
    time_zone: 'Europe/Berlin',
    groups: {
      'heat-pumps': { ...answered, devices: devices['heat-pumps'] ?? [] },
      'electric-vehicles': { ...answered, devices: devices['electric-vehicles'] ?? [] },
      inverters: { ...answered, devices: devices.inverters ?? [] },
      wallboxes: { ...answered, devices: devices.wallboxes ?? [] },
    },
    ...over,
  }
}
