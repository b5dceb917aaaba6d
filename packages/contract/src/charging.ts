import * as v from 'valibot'
import { known, knownWords, percent, text, timeOfDay, uuid } from './fields.ts'

/** The boost machine, §11.3. */
export const BoostState = v.picklist(['available', 'requested', 'ongoing', 'unavailable'])
export type BoostState = v.InferOutput<typeof BoostState>

/** Why a boost was refused. `no_active_session` is said of vehicles only, §15. */
export const BoostRefusalReason = v.picklist([
  'already_charging',
  'fully_charged',
  'no_active_session',
  'internal_error',
])
export type BoostRefusalReason = v.InferOutput<typeof BoostRefusalReason>

/** Body of a 409 to `POST …/boost`. An unknown reason stays unknown. */
export const BoostRefusal = v.object({ state: known(BoostState), reason: known(BoostRefusalReason) })
export type BoostRefusal = v.InferOutput<typeof BoostRefusal>

/** One day of the weekly charge policy, §11.4. Whether a day may be null is undocumented: it may here. */
const PolicyDay = v.nullish(v.object({ charge_percentage: percent, charge_deadline: timeOfDay }), null)

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** A different target and deadline per weekday; also, by inference, the body of the `PUT`. */
export const WeeklyChargePolicy = v.object({
  mon: PolicyDay,
  tue: PolicyDay,
  wed: PolicyDay,
  thu: PolicyDay,
  fri: PolicyDay,
  sat: PolicyDay,
  sun: PolicyDay,
  /** IANA name (inferred). */
  timezone: text(60),
})
export type WeeklyChargePolicy = v.InferOutput<typeof WeeklyChargePolicy>

export const ChargePolicyAnswer = v.object({
  metadata: v.object({
    electric_vehicle_id: uuid,
    user_id: uuid,
    error: v.optional(v.nullable(v.string())),
  }),
  data: WeeklyChargePolicy,
})
export type ChargePolicyAnswer = v.InferOutput<typeof ChargePolicyAnswer>

/** How all charging devices of a user are steered, §14. */
export const ChargingMode = v.picklist(['none', 'spot', 'hems', 'hems_and_spot'])
export type ChargingMode = v.InferOutput<typeof ChargingMode>

/** Why a mode is locked. Stable wire codes, shown as unlock hints. */
export const LockReason = v.picklist([
  'no_ev',
  'no_battery_capacity',
  'no_actuator',
  'wallbox_not_modulating',
  'no_inverter',
  'inverter_no_export_data',
])
export type LockReason = v.InferOutput<typeof LockReason>

/** Surplus threshold in watts of grid export, 0 to 50,000, §14. */
export const ThresholdW = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(50_000))

/** `GET …/charging-config`. Names of thresholds and nesting of reasons are inferred (§21.3). */
export const ChargingConfig = v.object({
  mode: known(ChargingMode),
  available_modes: v.fallback(knownWords(ChargingMode), ['none']),
  /** Reasons by locked mode. */
  locked_modes: v.fallback(
    v.array(v.object({ mode: known(ChargingMode), reasons: v.fallback(knownWords(LockReason), []) })),
    [],
  ),
  hems_start_threshold_w: known(ThresholdW),
  hems_stop_threshold_w: known(ThresholdW),
  /** Least distance between the two thresholds, per device. */
  devices: v.fallback(v.array(v.object({ id: uuid, min_band_w: known(ThresholdW) })), []),
  is_solar_charging: known(v.boolean()),
})
export type ChargingConfig = v.InferOutput<typeof ChargingConfig>

/** Body of `PUT …/charging-config`: all optional, what is left out stays. */
export const ChargingConfigChange = v.partial(
  v.strictObject({
    mode: ChargingMode,
    hems_start_threshold_w: ThresholdW,
    hems_stop_threshold_w: ThresholdW,
  }),
)
export type ChargingConfigChange = v.InferOutput<typeof ChargingConfigChange>
