import type { ChargingMode, OptimizationLevel, WeeklyChargePolicy } from '@homewatt/contract'

/** What a household has chosen for each device: the writable fields, by their wire names. */
type Common = {
  is_smart_optimization_active: boolean
  pause_power_until: string | null
  is_pause_power_active: boolean
}

export type HeatPumpSettings = Common & {
  optimization_level: OptimizationLevel
  is_hot_water_heating_enabled: boolean
  is_space_heating_enabled: boolean
  maximum_temperature_limit: number | null
  minimum_temperature_limit: number | null
  dhw_standard_temperature: number | null
  minimum_dhw_temperature_limit: number | null
  is_away_mode_enabled: boolean
  away_mode_start: string | null
  away_mode_end: string | null
  away_mode_minimum_temperature_limit: number | null
}

export type ChargingSettings = Common & {
  is_charge_policy_enabled: boolean
  charge_deadline_at: string | null
  minimum_charge_limit: number
  /** The manufacturer's cap of a vehicle (read-only there), the household's own for a wallbox. */
  charge_target_max: number | null
  /** A goal and a deadline per weekday; asked for under `/charge-policy`, never part of the device. */
  weeklyPolicy: WeeklyChargePolicy | null
}

/** How all charging devices of a home are steered, §14. One object per home, changed in place. */
export type ChargingSteering = {
  mode: ChargingMode
  /** Solar surplus from which a car starts to charge, W. */
  startW: number
  /** Surplus below which it stops, W. */
  stopW: number
}

export type InverterSettings = Common & {
  solar_power_rating_kw: number
  is_battery_connected: boolean
  battery_capacity_kwh: number | null
  min_battery_charge: number
  max_battery_charge: number
}

/** Whether the household has paused a device by hand at a moment. */
export const pausedAt = (settings: Common, atMs: number) =>
  settings.is_pause_power_active &&
  (settings.pause_power_until === null || Date.parse(settings.pause_power_until) > atMs)
