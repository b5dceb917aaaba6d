import * as v from 'valibot'
import { PriceZone } from './device.ts'
import { timestamp } from './fields.ts'

const number = v.pipe(v.number(), v.finite())
const date = v.pipe(v.string(), v.isoDate())
/** UTC with `Z`, on the quarter-hour, §17. */
const quarterHour = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:(00|15|30|45):00(\.000)?Z$/), timestamp)

/** Body of `POST /organizations/trading/dayahead/prices`: the 96 quarter-hours of a day to come, in order. */
export const DayAheadPrices = v.object({
  date,
  prices: v.pipe(v.array(v.object({ timestamp: quarterHour, price_eur_mwh: number })), v.length(96)),
})
export type DayAheadPrices = v.InferOutput<typeof DayAheadPrices>

export const DayAheadPricesAnswer = v.object({
  state: v.literal('accepted'),
  next_calculation_ready_at: timestamp,
})
export type DayAheadPricesAnswer = v.InferOutput<typeof DayAheadPricesAnswer>

const curve = v.array(v.object({ timestamp, energy_wh: number }))

/** Answer of `GET …/load-curves`. Wh per quarter-hour. */
export const LoadCurves = v.object({
  trade_id: v.string(),
  date,
  expiration: timestamp,
  curves: v.object({ optimized: curve, unoptimized: curve }),
})
export type LoadCurves = v.InferOutput<typeof LoadCurves>

/** Answer of `GET …/load-curves/by-price-zone`; the nesting is inferred. */
export const LoadCurvesByPriceZone = v.array(v.object({ price_zone: PriceZone, ...LoadCurves.entries }))
export type LoadCurvesByPriceZone = v.InferOutput<typeof LoadCurvesByPriceZone>

/** Body of `POST …/load-curve-confirmation`. */
export const LoadCurveConfirmation = v.object({ trade_id: v.string(), accepted: v.boolean() })
export type LoadCurveConfirmation = v.InferOutput<typeof LoadCurveConfirmation>
