import { boostState } from './boost.ts'
import type { Device } from './devices.ts'
import { uuidOf } from './hash.ts'
import type { Home } from './world.ts'

/** How links to the places where actions are resolved are made. */
export type ActionLinks = (home: Home, device: Device, cue: Device['cues'][number]) => unknown

/** A device as lists show it. Pins of the control door lie on top. */
export function deviceOnWire(home: Home, device: Device): Record<string, unknown> {
  return pinned(device, ownFields(home, device))
}

/** A device as its own page shows it: with its actions. */
export function deviceDetailOnWire(home: Home, device: Device, links: ActionLinks): Record<string, unknown> {
  const actions = device.cues.map((cue) => ({ code: cue.code, resolution_link: links(home, device, cue) }))
  return pinned(device, { ...ownFields(home, device), actions })
}

export const isoTime = (ms: number) => new Date(ms).toISOString()

function ownFields(home: Home, device: Device): Record<string, unknown> {
  const readAt = device.readAtMs === null ? null : isoTime(device.readAtMs)
  const heard = device.authenticated && device.online
  return {
    id: device.id,
    created_at: isoTime(device.createdAtMs),
    updated_at: isoTime(Math.max(device.updatedAtMs, device.readAtMs ?? 0)),
    deleted_at: device.deletedAtMs === null ? null : isoTime(device.deletedAtMs),
    lifecycle_state: device.authenticated ? 'authenticated' : 'error',
    lifecycle_error: device.authenticated
      ? null
      : 'The manufacturer no longer accepts the stored authorisation.',
    owner: ownerOnWire(home),
    building: device.buildingId,
    device_model: modelOnWire(device),
    price_zone: home.spec.place.priceZone,
    connection_status: heard ? 'ok' : 'error',
    monitoring_status: heard ? 'ok' : 'warning',
    steering_status: heard ? 'ok' : 'unknown',
    is_authenticated: device.authenticated,
    current_state_last_updated_at: readAt,
    last_monitoring_executed_at: readAt,
    optimization_score: null,
    comment: null,
    external_device_id: uuidOf('external', device.id).slice(0, 13),
    actual_steering_state: device.settings.is_smart_optimization_active && heard ? 'steered' : 'unknown',
    is_trading_enabled: false,
    is_inverter_forced_mode_enabled: false,
    is_inverter_forced_mode_active: false,
    inverter_forced_mode_since: '0001-01-01T00:00:00Z',
    authorization_url: null,
    action_needed: device.cues.length > 0,
    ...device.facts,
    ...onWire(device.settings),
    ...device.reading,
    ...charging(device),
  }
}

/** The weekly policy has a path of its own. */
function onWire(settings: Device['settings']): Record<string, unknown> {
  if (!('weeklyPolicy' in settings)) return settings
  const fields: Record<string, unknown> = { ...settings }
  delete fields['weeklyPolicy']
  return fields
}

function charging(device: Device): Record<string, unknown> {
  if (!device.boost) return {}
  const boost = {
    boost_state: boostState(device.boost, device.known),
    boost_for_next_session: device.boost.armed,
  }
  if (device.type !== 'wallboxes') return boost
  const { known } = device
  return {
    ...boost,
    mode: !device.authenticated
      ? 'UNAVAILABLE'
      : known.charging
        ? 'CHARGING'
        : known.pluggedIn
          ? 'PLUGGED_IN'
          : 'READY',
    connection:
      device.readAtMs === null
        ? 'never_connected'
        : device.authenticated && device.online
          ? 'online'
          : 'offline',
    is_ocpp_connected: device.authenticated && device.online,
  }
}

function ownerOnWire({ user }: Home) {
  return {
    id: user.id,
    email: user.email,
    first_name: user.first_name,
    last_name: user.last_name,
    external_id: user.external_user_id,
  }
}

function modelOnWire({ spec }: Device) {
  return {
    device_type: modelTypes[spec.type],
    manufacturer: spec.manufacturer,
    model: spec.model,
    year: spec.year,
    cloud_service: uuidOf('cloud', spec.manufacturer),
    cloud_service_instructions: `Sign in with your ${spec.manufacturer} account.`,
    cloud_service_signup_link: `https://${spec.manufacturer
      .toLowerCase()
      .normalize('NFD')
      .replace(/[^a-z]/g, '')}.example.com/sign-up`,
  }
}

const modelTypes = {
  'heat-pumps': { short_name: 'hp_atw', long_name: 'Heat Pump (Air-to-Water)' },
  'electric-vehicles': { short_name: 'ev', long_name: 'Electric Vehicle' },
  inverters: { short_name: 'inverter', long_name: 'Solar Inverter' },
  wallboxes: { short_name: 'wb', long_name: 'Wallbox' },
}

function pinned({ pins }: Device, fields: Record<string, unknown>): Record<string, unknown> {
  if (pins.set.size === 0 && pins.omit.size === 0) return fields
  const told = Object.entries({ ...fields, ...Object.fromEntries(pins.set) })
  return Object.fromEntries(told.filter(([name]) => !pins.omit.has(name)))
}
