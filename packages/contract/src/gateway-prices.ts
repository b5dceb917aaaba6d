import * as v from 'valibot'
import { known, text, timestamp } from './fields.ts'

/** What power costs from a moment on, for an hour. */
export const PriceHour = v.object({ at: timestamp, price: v.pipe(v.number(), v.finite()) })
export type PriceHour = v.InferOutput<typeof PriceHour>

/** The prices of today in the home's zone, each hour that is known, in order. */
export const DayPrices = v.object({
  /** The day, up to but not with its end; 23 or 25 hours when the clock changes. */
  from: timestamp,
  until: timestamp,
  /** As the partner names it, for example `EUR/MWh`; `null` when it does not say. */
  unit: known(text(20)),
  hours: v.array(PriceHour),
})
export type DayPrices = v.InferOutput<typeof DayPrices>

/**
 * Answer of `GET /api/prices`; `null` when they are not known: only the time series of a vehicle holds any (§16.2, §21.20),
 * and the home has none, or the partner did not tell.
 */
export const HomePrices = v.object({ prices: v.nullable(DayPrices) })
export type HomePrices = v.InferOutput<typeof HomePrices>
