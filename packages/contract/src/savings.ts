import * as v from 'valibot'
import { known, offered, text } from './fields.ts'

/** Lengths of savings and statistics buckets, §16.3. */
export const SavingsResolution = v.picklist(['1DAY', '1WEEK', '1MONTH', '1QUARTER', '1YEAR'])
export type SavingsResolution = v.InferOutput<typeof SavingsResolution>

const number = v.pipe(v.number(), v.finite())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** One bucket. Consumption here is Wh, in sessions kWh; the unit of money is in `metadata.units`. */
export const SavingsBucket = v.object({
  resolution: known(text(20)),
  period: v.object({ start_period: known(text(40)), end_period: known(text(40)) }),
  savings: offered(v.object({ total: known(number), percentage: known(number) })),
  consumption: offered(v.object({ total: known(number) })),
  heat_pump: offered(v.object({ estimated_consumption_wh: known(number) })),
  electric_vehicle: offered(
    v.object({
      estimated_consumption_wh: known(number),
      charge_session_count: known(count),
      average_charge_power_w: known(number),
    }),
  ),
  inverter: offered(v.object({ solar_production_wh: known(number), grid_export_wh: known(number) })),
})
export type SavingsBucket = v.InferOutput<typeof SavingsBucket>

/** Answer of `…/savings` and `…/statistics`. Problems may be told in `metadata.error` of a 200. */
export const SavingsAnswer = v.object({
  metadata: v.object({
    requested_at: known(text(40)),
    query: v.fallback(v.record(v.string(), v.unknown()), {}),
    units: v.fallback(v.record(v.string(), v.unknown()), {}),
    error: offered(text(300)),
  }),
  data: v.fallback(v.array(SavingsBucket), []),
})
export type SavingsAnswer = v.InferOutput<typeof SavingsAnswer>

/** Answer of `GET /org/{org_id}/devices/savings`. */
export const OrganisationSavings = v.object({
  total_savings: known(number),
  heat_pump_savings: known(number),
  electric_vehicle_savings: known(number),
  inverter_savings: known(number),
})
export type OrganisationSavings = v.InferOutput<typeof OrganisationSavings>
