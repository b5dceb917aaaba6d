import * as v from 'valibot'
import { BoostState } from './charging.ts'
import { deviceEntries } from './device.ts'
import { consumedWatts, known, offered, percent, text, timeOfDay, timestamp } from './fields.ts'

/** The state pill, derived by the partner from authentication, plug and charging, §15. */
export const WallboxMode = v.picklist(['READY', 'PLUGGED_IN', 'CHARGING', 'UNAVAILABLE', 'UNKNOWN'])
export type WallboxMode = v.InferOutput<typeof WallboxMode>

export const WallboxConnection = v.picklist(['online', 'offline', 'never_connected'])
export type WallboxConnection = v.InferOutput<typeof WallboxConnection>

/** A wallbox in the partner's own words, §9 and §15. Wire names of pill and dot are inferred. */
export const Wallbox = v.object({
  ...deviceEntries,
  mode: known(WallboxMode),
  connection: known(WallboxConnection),
  is_ocpp_connected: offered(v.boolean()),
  is_plugged_in: known(v.boolean()),
  is_charging: known(v.boolean()),
  /** Charging power now, W, ≥ 0. Not documented for wallboxes; read when it comes. */
  charge_rate_w: offered(consumedWatts),
  /** Most the box may give, W. */
  charge_power_max_w: offered(consumedWatts),
  charge_target_min: offered(percent),
  charge_target_max: offered(percent),
  is_charge_policy_enabled: known(v.boolean()),
  charge_policy_last_updated_at: offered(timestamp),
  minimum_charge_limit: offered(percent),
  /** `HH:MM`, or a date-time in the API schema (§20 C4). */
  charge_deadline_at: offered(v.union([timeOfDay, timestamp])),
  is_over_charge_allowed: offered(v.boolean()),
  boost_state: known(BoostState),
  boost_for_next_session: offered(v.boolean()),
  firmware_version: offered(text(60)),
})
export type Wallbox = v.InferOutput<typeof Wallbox>

/** Body of `PUT …/wallboxes/{id}`: the fields a user may change, §15. */
export const WallboxChange = v.partial(
  v.strictObject({
    is_smart_optimization_active: v.boolean(),
    is_charge_policy_enabled: v.boolean(),
    charge_deadline_at: v.nullable(timeOfDay),
    minimum_charge_limit: percent,
    charge_target_max: percent,
    pause_power_until: v.nullable(timestamp),
    is_pause_power_active: v.boolean(),
  }),
)
export type WallboxChange = v.InferOutput<typeof WallboxChange>
