import type { DeviceType } from '@homewatt/contract'
import { createBoost, type Boost, type KnownCharging } from './boost.ts'
import { DAY_MS } from './calendar.ts'
import { keyOf, uuidOf } from './hash.ts'
import type { DeviceSpec, HomeSpec, UnitSpec } from './homes/cast.ts'
import type {
  ChargingSettings,
  ChargingSteering,
  HeatPumpSettings,
  InverterSettings,
} from './homes/settings.ts'
import { unread, type Reading } from './readings.ts'
import { rhythmOf, type Rhythm } from './rhythm.ts'

/** A device as the service knows it: what it is, what the household chose, and its last report. */
export type Device = {
  readonly spec: DeviceSpec
  readonly id: string
  readonly type: DeviceType
  buildingId: string | null
  readonly createdAtMs: number
  updatedAtMs: number
  /** When it was removed from the service, ms; `null`: it is there. */
  deletedAtMs: number | null
  /** Wallboxes: whether they can charge with less than all they have, as solar surplus asks for. */
  modulates: boolean
  /** Writable fields that steer the building; read by `homes/site.ts`. */
  settings: HeatPumpSettings | ChargingSettings | InverterSettings
  /** Writable fields that steer nothing here, and fixed facts. */
  facts: Record<string, unknown>
  authenticated: boolean
  /** Wallboxes: whether the OCPP connection is up. */
  online: boolean
  /** When the manufacturer link is going to lapse, ms; `null`: it holds. */
  lapsesAtMs: number | null
  cues: Cue[]
  rhythm: Rhythm
  /** When the next report is due, ms. */
  dueMs: number
  /** Reports come in, unless the device was frozen through the control door. */
  frozen: boolean
  reading: Reading
  /** Time of the last report, ms; `null` before the first. */
  readAtMs: number | null
  known: KnownCharging
  boost: Boost | null
  pins: Pins
}

/** Something asked of the user, §12 of the reference. */
export type Cue = { id: string; code: string }

/** What the control door put over the wire state. */
export type Pins = { set: Map<string, unknown>; omit: Set<string> }

/** A device before its first report; it came to the service more than a year before the start unless told. */
export function createDevice(
  seed: number,
  unit: UnitSpec,
  spec: DeviceSpec,
  startMs: number,
  cameAtMs?: number,
): Device {
  const { type } = spec
  const key = keyOf(seed, 'device', spec.id)
  const createdAtMs = cameAtMs ?? startMs - 400 * DAY_MS - (key % 200) * DAY_MS
  const charges = type === 'electric-vehicles' || type === 'wallboxes'
  return {
    spec,
    id: spec.id,
    type,
    buildingId: unit.facts.id,
    createdAtMs,
    updatedAtMs: createdAtMs,
    deletedAtMs: null,
    modulates: true,
    settings: initialSettings(spec, unit),
    facts: factsOf(spec, unit, createdAtMs),
    authenticated: true,
    online: true,
    lapsesAtMs: spec.lapsedMs === null ? null : startMs - spec.lapsedMs,
    cues: [],
    rhythm: rhythmOf(key, type === 'electric-vehicles' ? 9 : 5, 15),
    dueMs: 0,
    frozen: false,
    reading: { ...unread[type] },
    readAtMs: null,
    known: { pluggedIn: false, charging: false, full: false, steered: true },
    boost: charges ? createBoost() : null,
    pins: { set: new Map(), omit: new Set() },
  }
}

/**
 * How a home's cars are steered before anybody chose: by price, and by the sun where there is some. A wallbox can
 * follow the sun watt by watt; a car alone takes all or nothing, and waits for a share of its power worth having.
 */
export function initialSteering({ units }: HomeSpec): ChargingSteering {
  const sunny = units.some(({ devices }) => {
    const has = (type: DeviceType) => devices.some((device) => device.type === type)
    return has('inverters') && (has('electric-vehicles') || has('wallboxes'))
  })
  const hasAny = (wanted: DeviceType) =>
    units.some(({ devices }) => devices.some(({ type }) => type === wanted))
  const mode = sunny ? 'hems_and_spot' : 'spot'
  if (!hasAny('wallboxes')) return { mode, startW: 5000, stopW: 3000 }
  // As far apart as a car needs where there is one: see `minBandW`.
  return { mode, startW: 1500, stopW: hasAny('electric-vehicles') ? 500 : 1000 }
}

/** A wish to reconnect for a device whose manufacturer link lapsed. */
export const reauthenticate = (device: Device): Cue => ({
  id: uuidOf('cue', device.id, 'reauthenticate'),
  code: 'reauthenticate',
})

function initialSettings(spec: DeviceSpec, unit: UnitSpec): Device['settings'] {
  const common = {
    is_smart_optimization_active: spec.optimised,
    pause_power_until: null,
    is_pause_power_active: false,
  }
  switch (spec.type) {
    case 'heat-pumps':
      return {
        ...common,
        optimization_level: 'Max',
        is_hot_water_heating_enabled: true,
        is_space_heating_enabled: true,
        maximum_temperature_limit: 23,
        minimum_temperature_limit: 19.5,
        dhw_standard_temperature: 48,
        minimum_dhw_temperature_limit: 42,
        is_away_mode_enabled: false,
        away_mode_start: null,
        away_mode_end: null,
        away_mode_minimum_temperature_limit: 16,
      } satisfies HeatPumpSettings
    case 'electric-vehicles':
      return {
        ...common,
        is_charge_policy_enabled: true,
        charge_deadline_at: '07:00',
        minimum_charge_limit: 70,
        charge_target_max: spec.targetPercent,
        weeklyPolicy: null,
      } satisfies ChargingSettings
    case 'wallboxes':
      return {
        ...common,
        is_charge_policy_enabled: false,
        charge_deadline_at: null,
        minimum_charge_limit: 80,
        charge_target_max: spec.targetPercent,
        weeklyPolicy: null,
      } satisfies ChargingSettings
    case 'inverters': {
      const batteryKwh = unit.site?.battery
        ? unit.site.battery.capacityWh / 1000
        : (unit.facts.batteryKwh ?? null)
      return {
        ...common,
        solar_power_rating_kw: unit.facts.solarKw ?? 0,
        is_battery_connected: batteryKwh !== null,
        battery_capacity_kwh: batteryKwh,
        min_battery_charge: 15,
        max_battery_charge: 95,
      } satisfies InverterSettings
    }
  }
}

function factsOf(spec: DeviceSpec, unit: UnitSpec, createdAtMs: number): Record<string, unknown> {
  switch (spec.type) {
    case 'heat-pumps':
      return {
        is_pool_heating_enabled: false,
        is_space_cooling_enabled: false,
        heating_policy_name: null,
        is_heating_policy_enabled: false,
      }
    case 'electric-vehicles':
      return {
        ...(unit.site?.car ? { battery_capacity_kwh: unit.site.car.capacityWh / 1000 } : {}),
        charge_target_min: 50,
        charge_policy_last_updated_at: new Date(createdAtMs).toISOString(),
      }
    case 'wallboxes':
      return {
        charge_power_max_w: unit.site?.car?.limitW ?? 7000,
        charge_target_min: 50,
        charge_policy_last_updated_at: null,
        is_over_charge_allowed: false,
        firmware_version: '59.4',
      }
    case 'inverters':
      return {}
  }
}
