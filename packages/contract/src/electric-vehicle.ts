import * as v from 'valibot'
import { BoostState } from './charging.ts'
import { deviceEntries } from './device.ts'
import {
  consumedWatts,
  kilometres,
  kilowattHours,
  known,
  offered,
  percent,
  timeOfDay,
  timestamp,
} from './fields.ts'

/** An electric vehicle in the partner's own words, §9 and §11. */
export const ElectricVehicle = v.object({
  ...deviceEntries,
  is_plugged_in: known(v.boolean()),
  is_charging: known(v.boolean()),
  /** Charging power now, W, ≥ 0. */
  charge_rate_w: known(consumedWatts),
  /** State of charge, percent 0 to 100. */
  battery_level: known(percent),
  battery_capacity_kwh: offered(kilowattHours),
  /** The vehicle's own charge limit is reached. */
  is_fully_charged: offered(v.boolean()),
  /** Estimate at the current level, km. */
  driving_range: offered(kilometres),
  boost_state: known(BoostState),
  /** The next plug-in starts a boost by itself. */
  boost_for_next_session: offered(v.boolean()),
  /** Cap set at the manufacturer, percent; `null`: none detected. Read-only. */
  charge_target_max: offered(percent),
  charge_target_min: offered(percent),
  /** A charge deadline is active. */
  is_charge_policy_enabled: known(v.boolean()),
  /** `HH:MM` by which `minimum_charge_limit` is reached. */
  charge_deadline_at: known(timeOfDay),
  /** Percent that the deadline targets; goes before the price. */
  minimum_charge_limit: known(percent),
  charge_policy_last_updated_at: offered(timestamp),
})
export type ElectricVehicle = v.InferOutput<typeof ElectricVehicle>

/** Body of `PUT …/electric-vehicles/{id}`: the fields a user may change, §11.2. */
export const ElectricVehicleChange = v.partial(
  v.strictObject({
    is_smart_optimization_active: v.boolean(),
    is_charge_policy_enabled: v.boolean(),
    charge_deadline_at: v.nullable(timeOfDay),
    minimum_charge_limit: percent,
    pause_power_until: v.nullable(timestamp),
    is_pause_power_active: v.boolean(),
  }),
)
export type ElectricVehicleChange = v.InferOutput<typeof ElectricVehicleChange>
