import * as v from 'valibot'
import {
  celsius,
  consumedWatts,
  known,
  offered,
  percent,
  producedWatts,
  text,
  timestamp,
  watts,
} from './fields.ts'
import { HeatPumpMode } from './heat-pump.ts'

/** Steps of a time series, §16.2. */
export const SeriesResolution = v.picklist(['15MIN', '1HOUR', '1DAY', '1WEEK', '1MONTH'])
export type SeriesResolution = v.InferOutput<typeof SeriesResolution>

/** Columns of `GET …/electric-vehicles/{id}/data`. */
export const VehicleKeyword = v.picklist([
  'price',
  'battery_level',
  'is_charging',
  'is_plugged_in',
  'is_at_optimized_location',
  'estimated_consumption',
  'unoptimized_consumption',
])
export type VehicleKeyword = v.InferOutput<typeof VehicleKeyword>

/** Columns of `GET …/inverters/{id}/data`. Note the other names than in the state. */
export const InverterKeyword = v.picklist([
  'export_power_to_grid_w',
  'battery_charge_level_percent',
  'battery_charge_discharge_power_w',
  'household_consumption_w',
  'solar_production_w',
])
export type InverterKeyword = v.InferOutput<typeof InverterKeyword>

/** Columns of `GET …/heat-pumps/{id}/data`, which no page documents: inferred from the other two. */
export const HeatPumpKeyword = v.picklist([
  'price',
  'estimated_consumption',
  'unoptimized_consumption',
  'current_mode',
  'dhw_temperature',
  'indoor_actual_temperature',
  'outdoor_temperature',
])
export type HeatPumpKeyword = v.InferOutput<typeof HeatPumpKeyword>

const number = v.pipe(v.number(), v.finite())

const shared = {
  /** Start of the step. */
  time: timestamp,
  /** Unit not documented; the sample looks like EUR/MWh. */
  price: offered(number),
  estimated_consumption: offered(number),
  unoptimized_consumption: offered(number),
}

export const VehicleRow = v.object({
  ...shared,
  battery_level: offered(percent),
  is_charging: offered(v.boolean()),
  is_plugged_in: offered(v.boolean()),
  is_at_optimized_location: offered(v.boolean()),
})
export type VehicleRow = v.InferOutput<typeof VehicleRow>

export const InverterRow = v.object({
  ...shared,
  export_power_to_grid_w: offered(watts),
  battery_charge_level_percent: offered(percent),
  battery_charge_discharge_power_w: offered(watts),
  household_consumption_w: offered(consumedWatts),
  solar_production_w: offered(producedWatts),
})
export type InverterRow = v.InferOutput<typeof InverterRow>

export const HeatPumpRow = v.object({
  ...shared,
  current_mode: offered(HeatPumpMode),
  dhw_temperature: offered(celsius),
  indoor_actual_temperature: offered(celsius),
  outdoor_temperature: offered(celsius),
})
export type HeatPumpRow = v.InferOutput<typeof HeatPumpRow>

const answer = <S extends v.GenericSchema>(row: S) =>
  v.object({ metadata: v.fallback(v.record(v.string(), v.unknown()), {}), data: v.array(row) })

export const HeatPumpSeries = answer(HeatPumpRow)
export type HeatPumpSeries = v.InferOutput<typeof HeatPumpSeries>

export const VehicleSeries = answer(VehicleRow)
export type VehicleSeries = v.InferOutput<typeof VehicleSeries>

export const InverterSeries = answer(InverterRow)
export type InverterSeries = v.InferOutput<typeof InverterSeries>

/** One completed or running charging session of a vehicle, §16.1. Energy in kWh, unlike savings. */
export const ChargingSession = v.object({
  id: known(text(60)),
  plug_in_time: known(timestamp),
  unplug_time: known(timestamp),
  inferred_session_end: offered(timestamp),
  desired_charging_start_time: offered(timestamp),
  desired_charging_end_time: offered(timestamp),
  charge_deadline: offered(timestamp),
  target_soc_pct: offered(percent),
  initial_soc_pct: offered(percent),
  final_soc_pct: offered(percent),
  energy_charged_kwh: known(number),
  avg_charge_power_kw: offered(number),
  peak_charge_power_kw: offered(number),
  actual_cost_eur: offered(number),
  expected_savings_eur: offered(number),
  actual_savings_eur: offered(number),
  is_at_home: offered(v.boolean()),
  /** Open enum; `not_at_home` is the one documented value. */
  session_outcome: offered(text(40)),
})
export type ChargingSession = v.InferOutput<typeof ChargingSession>

export const ChargingSessions = v.object({
  total: v.pipe(v.number(), v.integer(), v.minValue(0)),
  items: v.array(ChargingSession),
})
export type ChargingSessions = v.InferOutput<typeof ChargingSessions>

/** Answer of `…/sessions/current`; `null` when none runs (inferred). */
export const CurrentChargingSession = v.object({ session: v.nullable(ChargingSession) })
export type CurrentChargingSession = v.InferOutput<typeof CurrentChargingSession>

/** A span in which a wallbox was steered by solar surplus, §15. Its ids are integers. */
export const HemsSession = v.object({
  id: v.pipe(v.number(), v.integer()),
  ocpp_transaction_id: offered(v.pipe(v.number(), v.integer())),
  started_at: known(timestamp),
  ended_at: known(timestamp),
  final_hems_state: offered(text(40)),
  energy_from_solar_kwh: known(number),
  savings_eur: offered(number),
  has_complete_price_coverage: offered(v.boolean()),
  commands_sent: offered(v.pipe(v.number(), v.integer())),
  commands_applied: offered(v.pipe(v.number(), v.integer())),
  commands_ineffective: offered(v.pipe(v.number(), v.integer())),
})
export type HemsSession = v.InferOutput<typeof HemsSession>

export const HemsSessions = v.object({
  total: v.pipe(v.number(), v.integer(), v.minValue(0)),
  items: v.array(HemsSession),
})
export type HemsSessions = v.InferOutput<typeof HemsSessions>

/** One HEMS session with what was decided and what became of each command; inner names are ours. */
export const HemsSessionDetail = v.object({
  ...HemsSession.entries,
  decisions: v.array(v.object({ at: timestamp, state: text(40), surplus_w: known(watts) })),
  commands: v.array(
    v.object({
      at: timestamp,
      power_w: known(consumedWatts),
      verdict: v.picklist(['applied', 'ineffective']),
    }),
  ),
})
export type HemsSessionDetail = v.InferOutput<typeof HemsSessionDetail>
