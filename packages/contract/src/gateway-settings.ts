import * as v from 'valibot'
import { ChargingConfig, WeeklyChargePolicy } from './charging.ts'
import type { DeviceType } from './device.ts'
import { ElectricVehicleChange } from './electric-vehicle.ts'
import { timeOfDay } from './fields.ts'
import { HeatPumpChange } from './heat-pump.ts'
import { InverterChange } from './inverter.ts'
import { WallboxChange } from './wallbox.ts'

/**
 * What a household may decide, as the gateway's own API takes it: strict, at least one field, exactly the fields
 * offered here. Everything else that the Partner API might take is not the household's to write.
 */

const heatPumpSettings = v.pick(HeatPumpChange, [
  'is_smart_optimization_active',
  'optimization_level',
  'minimum_temperature_limit',
  'maximum_temperature_limit',
  'dhw_standard_temperature',
  'minimum_dhw_temperature_limit',
  'is_hot_water_heating_enabled',
])

const vehicleSettings = v.pick(ElectricVehicleChange, [
  'is_smart_optimization_active',
  'is_charge_policy_enabled',
  'charge_deadline_at',
  'minimum_charge_limit',
])

const inverterSettings = v.pick(InverterChange, [
  'is_smart_optimization_active',
  'solar_power_rating_kw',
  'is_battery_connected',
  'battery_capacity_kwh',
  'min_battery_charge',
  'max_battery_charge',
])

const wallboxSettings = v.pick(WallboxChange, [
  'is_smart_optimization_active',
  'is_charge_policy_enabled',
  'charge_deadline_at',
  'minimum_charge_limit',
])

/** Body of `PUT /api/devices/{type}/{id}` by device type. */
export const deviceSettings = {
  'heat-pumps': heatPumpSettings,
  'electric-vehicles': vehicleSettings,
  inverters: inverterSettings,
  wallboxes: wallboxSettings,
} as const satisfies Record<DeviceType, v.GenericSchema>

export type DeviceSettingsByType = {
  [T in DeviceType]: v.InferOutput<(typeof deviceSettings)[T]>
}
export type DeviceSettings<T extends DeviceType = DeviceType> = DeviceSettingsByType[T]

/** One day of the plan as it is written: a target in percent and the time it is reached by, or nothing. */
const PlanDay = v.nullable(
  v.strictObject({
    charge_percentage: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
    charge_deadline: timeOfDay,
  }),
)

/** Body of `PUT /api/devices/electric-vehicles/{id}/charge-policy`: all seven days, whole. */
export const ChargePlan = v.strictObject({
  mon: PlanDay,
  tue: PlanDay,
  wed: PlanDay,
  thu: PlanDay,
  fri: PlanDay,
  sat: PlanDay,
  sun: PlanDay,
  /** IANA zone that the times are meant in. */
  timezone: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
})
export type ChargePlan = v.InferOutput<typeof ChargePlan>

/** Answer of `GET …/charge-policy`. Whether it is in force says `is_charge_policy_enabled` of the vehicle. */
export const ChargePlanAnswer = v.object({ policy: WeeklyChargePolicy })
export type ChargePlanAnswer = v.InferOutput<typeof ChargePlanAnswer>

/** Answer of `GET /api/charging-config`; the body of its `PUT` is `ChargingConfigChange`. */
export const ChargingConfigAnswer = v.object({ config: ChargingConfig })
export type ChargingConfigAnswer = v.InferOutput<typeof ChargingConfigAnswer>

/** How a write of settings ended. A refusal is an error (`invalid_request` with `fields`), not an outcome. */
export const SaveOutcome = v.picklist([
  /** The Partner API took it, or reading back shows it. */
  'saved',
  /** The answer was lost and reading back did not settle it; what is shown is the last that is known. */
  'unconfirmed',
])
export type SaveOutcome = v.InferOutput<typeof SaveOutcome>

/** Answer of every `PUT` of settings. */
export const Saved = v.object({ outcome: SaveOutcome })
export type Saved = v.InferOutput<typeof Saved>
