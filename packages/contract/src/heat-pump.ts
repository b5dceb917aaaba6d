import * as v from 'valibot'
import { deviceEntries } from './device.ts'
import { celsius, consumedWatts, kelvin, known, offered, sensed, text, timestamp } from './fields.ts'

/** Configured ceiling of optimisation. Capitalised, three values; not to be mixed up with `HeatPumpMode`. */
export const OptimizationLevel = v.picklist(['Low', 'Mid', 'Max'])
export type OptimizationLevel = v.InferOutput<typeof OptimizationLevel>

/** What runs right now. Lower case, four values; means something only while optimisation is active. */
export const HeatPumpMode = v.picklist(['min', 'low', 'mid', 'max'])
export type HeatPumpMode = v.InferOutput<typeof HeatPumpMode>

/** A heat pump in the partner's own words, §9 and §10. */
export const HeatPump = v.object({
  ...deviceEntries,
  /** Electrical draw now, W, ≥ 0. */
  current_power_consumption_w: known(consumedWatts),
  current_mode: known(HeatPumpMode),
  /** Domestic hot water, °C. */
  dhw_temperature: known(celsius),
  /** Hot-water setpoint, °C. */
  dhw_standard_temperature: offered(celsius),
  /** Heating-circuit water entering the heat pump, °C. */
  inlet_temperature: known(celsius),
  /** Heating-circuit water leaving the heat pump, °C. */
  outlet_temperature: offered(celsius),
  /** Room, °C. `null`: there is no sensor. */
  indoor_actual_temperature: sensed(celsius),
  /** What the heating system asks for, °C. `null`: not reported. */
  indoor_target_temperature: offered(celsius),
  /** What optimisation adds to the target, K. */
  indoor_target_temperature_offset: offered(kelvin),
  /** Measured by the device, °C. */
  outdoor_temperature: known(celsius),
  optimization_level: offered(OptimizationLevel),
  is_hot_water_heating_enabled: offered(v.boolean()),
  is_space_heating_enabled: offered(v.boolean()),
  is_pool_heating_enabled: offered(v.boolean()),
  is_space_cooling_enabled: offered(v.boolean()),
  heating_policy_name: offered(text(100)),
  is_heating_policy_enabled: offered(v.boolean()),
  maximum_temperature_limit: offered(celsius),
  minimum_temperature_limit: offered(celsius),
  minimum_dhw_temperature_limit: offered(celsius),
  is_away_mode_enabled: offered(v.boolean()),
  away_mode_start: offered(timestamp),
  away_mode_end: offered(timestamp),
  away_mode_minimum_temperature_limit: offered(celsius),
})
export type HeatPump = v.InferOutput<typeof HeatPump>

/** Body of `PUT …/heat-pumps/{id}`: the fields a user may change, §10.2. Only what changes is sent. */
export const HeatPumpChange = v.partial(
  v.strictObject({
    is_smart_optimization_active: v.boolean(),
    optimization_level: OptimizationLevel,
    is_hot_water_heating_enabled: v.boolean(),
    is_space_heating_enabled: v.boolean(),
    maximum_temperature_limit: v.nullable(celsius),
    minimum_temperature_limit: v.nullable(celsius),
    dhw_standard_temperature: v.nullable(celsius),
    minimum_dhw_temperature_limit: v.nullable(celsius),
    is_away_mode_enabled: v.boolean(),
    away_mode_start: v.nullable(timestamp),
    away_mode_end: v.nullable(timestamp),
    away_mode_minimum_temperature_limit: v.nullable(celsius),
    pause_power_until: v.nullable(timestamp),
    is_pause_power_active: v.boolean(),
  }),
)
export type HeatPumpChange = v.InferOutput<typeof HeatPumpChange>
