import * as v from 'valibot'
import { deviceEntries } from './device.ts'
import {
  consumedWatts,
  kilowattHours,
  known,
  offered,
  percent,
  producedWatts,
  timestamp,
  watts,
} from './fields.ts'

/**
 * A solar inverter, with or without a home battery, in the partner's own words, §9 and §13. Balance:
 * `production + battery = household + grid`.
 */
export const Inverter = v.object({
  ...deviceEntries,
  /** Panel output, W, ≥ 0. */
  current_solar_production_w: known(producedWatts),
  /** Everything the house uses, heat pump and vehicles included, W, ≥ 0. */
  household_consumption_w: known(consumedWatts),
  /** W, positive = discharging, negative = charging. The first edition of the documents had it the other way. */
  battery_charge_discharge_power_w: known(watts),
  /** W, positive = export, negative = import. Other systems have it the other way. */
  current_power_to_grid_w: known(watts),
  /** Percent 0 to 100; `null` or 0 without a battery, so ask `is_battery_connected` instead. */
  battery_charge_level_percent: known(percent),
  /** Production less household use, W; may be negative. */
  solar_surplus_w: offered(watts),
  /** Installed peak power, kW. */
  solar_power_rating_kw: offered(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1_000))),
  is_battery_connected: known(v.boolean()),
  battery_capacity_kwh: offered(kilowattHours),
  /** Floor for discharging, percent; 20 to 30 advised. */
  min_battery_charge: offered(percent),
  /** Ceiling for charging, percent; 90 to 95 advised. */
  max_battery_charge: offered(percent),
})
export type Inverter = v.InferOutput<typeof Inverter>

/** Body of `PUT …/inverters/{id}`: the fields a user may change, §13.2. */
export const InverterChange = v.partial(
  v.strictObject({
    is_smart_optimization_active: v.boolean(),
    solar_power_rating_kw: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1_000)),
    is_battery_connected: v.boolean(),
    battery_capacity_kwh: v.nullable(kilowattHours),
    min_battery_charge: percent,
    max_battery_charge: percent,
    pause_power_until: v.nullable(timestamp),
    is_pause_power_active: v.boolean(),
  }),
)
export type InverterChange = v.InferOutput<typeof InverterChange>
