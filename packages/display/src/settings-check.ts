import {
  weekdays,
  type ChargePlan,
  type ChargingConfig,
  type ChargingConfigChange,
  type DeviceSettings,
  type DeviceType,
  type ElectricVehicleReading,
  type Reading,
} from '@homewatt/contract'

/** Why a value that is valid in itself cannot be saved here. */
export type SettingsComplaint =
  /** This device's account at the Partner API has no such setting. */
  | 'not_offered'
  /** A deadline is switched on without a time, or without a level. */
  | 'needed'
  /** Above the limit set at the manufacturer. */
  | 'above_limit'
  /** The lower of two bounds is above the upper. */
  | 'above_upper'
  /** The thresholds are closer together than a charger of this home allows. */
  | 'band'
  /** The mode is not available in this home. */
  | 'locked'

export type SettingsComplaints = Record<string, SettingsComplaint>

const bounds: Readonly<Record<DeviceType, readonly (readonly [lower: string, upper: string])[]>> = {
  'heat-pumps': [
    ['minimum_temperature_limit', 'maximum_temperature_limit'],
    ['minimum_dhw_temperature_limit', 'dhw_standard_temperature'],
  ],
  'electric-vehicles': [],
  inverters: [['min_battery_charge', 'max_battery_charge']],
  wallboxes: [],
}

/**
 * What is wrong with a change of settings, by field, judged with what the device says of itself; empty when nothing is.
 * Forms and the gateway ask the same function, so that nothing is sent upward that is bound to be refused.
 */
export function settingsComplaints(
  type: DeviceType,
  reading: Reading,
  change: DeviceSettings,
): SettingsComplaints {
  const complaints: SettingsComplaints = {}
  const before: Readonly<Record<string, unknown>> = reading
  const written: Readonly<Record<string, unknown>> = change
  for (const name of Object.keys(change)) if (!(name in reading)) complaints[name] = 'not_offered'
  const after = { ...before, ...written }
  const isWritten = (...names: string[]) => names.some((name) => name in change)

  for (const [lower, upper] of bounds[type])
    if (isWritten(lower, upper) && isAbove(after[lower], after[upper])) complaints[lower] ??= 'above_upper'

  if (type === 'electric-vehicles' || type === 'wallboxes') {
    const level = 'minimum_charge_limit'
    if (isWritten(level) && isAbove(after[level], after['charge_target_max']))
      complaints[level] ??= 'above_limit'
    if (after['is_charge_policy_enabled'] === true)
      for (const name of ['charge_deadline_at', level])
        if (isWritten('is_charge_policy_enabled', name) && after[name] == null) complaints[name] ??= 'needed'
  }
  if (
    type === 'inverters' &&
    isWritten('is_battery_connected', 'battery_capacity_kwh') &&
    after['is_battery_connected'] === true &&
    after['battery_capacity_kwh'] == null
  )
    complaints['battery_capacity_kwh'] ??= 'needed'
  return complaints
}

/** The same for a vehicle's weekly plan, by day. */
export function planComplaints(
  { charge_target_max: limit }: ElectricVehicleReading,
  plan: ChargePlan,
): SettingsComplaints {
  const complaints: SettingsComplaints = {}
  for (const day of weekdays)
    if (isAbove(plan[day]?.charge_percentage, limit)) complaints[day] = 'above_limit'
  return complaints
}

/** The same for how all charging devices of a home are steered. */
export function configComplaints(config: ChargingConfig, change: ChargingConfigChange): SettingsComplaints {
  const complaints: SettingsComplaints = {}
  const { mode } = change
  if (mode !== undefined && mode !== 'none' && !config.available_modes.includes(mode))
    complaints['mode'] = 'locked'
  const startW = change.hems_start_threshold_w ?? config.hems_start_threshold_w
  const stopW = change.hems_stop_threshold_w ?? config.hems_stop_threshold_w
  const isTold = change.hems_start_threshold_w !== undefined || change.hems_stop_threshold_w !== undefined
  const leastBandW = Math.max(0, ...config.devices.map(({ min_band_w }) => min_band_w ?? 0))
  if (isTold && startW !== null && stopW !== null && startW - stopW < leastBandW)
    complaints['hems_start_threshold_w'] = 'band'
  return complaints
}

function isAbove(lower: unknown, upper: unknown): boolean {
  return typeof lower === 'number' && typeof upper === 'number' && lower > upper
}
