import { DayAheadPrices, LoadCurveConfirmation } from '@homewatt/contract'
import { invalid, parsed } from '../body.ts'
import { QUARTER_MS } from '../calendar.ts'
import { API, type Context } from '../context.ts'
import { notFound, ok } from '../http.ts'
import { createQuery } from '../query.ts'
import type { Call, Route } from '../router.ts'
import { isoTime } from '../wire.ts'

/** The four calls of day-ahead trading, §17 of the reference. The organisation is that of the token. */
export function tradingRoutes({ trading }: Context): Route[] {
  const base = `${API}/organizations/trading/dayahead`
  return [
    {
      method: 'POST',
      template: `${base}/prices`,
      bearer: true,
      handler: ({ request, nowMs }) => {
        const forecast = parsed(DayAheadPrices, request)
        const startMs = Date.parse(`${forecast.date}T00:00:00Z`)
        if (startMs <= nowMs) throw invalid('date', 'Should be a day to come')
        forecast.prices.forEach((price, i) => {
          if (Date.parse(price.timestamp) !== startMs + i * QUARTER_MS)
            throw invalid('prices', 'Should be the 96 quarter-hours of the date in UTC, in order')
        })
        const readyMs = trading.upload(forecast, nowMs)
        return ok({ state: 'accepted', next_calculation_ready_at: isoTime(readyMs) })
      },
    },
    {
      method: 'GET',
      template: `${base}/load-curves`,
      bearer: true,
      handler: async (call) => answer(await trading.curves(dateOf(call), call.nowMs)),
    },
    {
      method: 'GET',
      template: `${base}/load-curves/by-price-zone`,
      bearer: true,
      handler: async (call) => answer(await trading.curvesByZone(dateOf(call), call.nowMs)),
    },
    {
      method: 'POST',
      template: `${base}/load-curve-confirmation`,
      bearer: true,
      handler: ({ request, nowMs }) => {
        const { trade_id, accepted } = parsed(LoadCurveConfirmation, request)
        const outcome = trading.confirm(trade_id, accepted, nowMs)
        if (outcome === 'unknown') return notFound
        if (outcome === 'expired') throw invalid('trade_id', 'The time to confirm this trade is over')
        return ok({ trade_id, accepted, state: outcome })
      },
    },
  ]
}

const answer = (curves: unknown) => (curves === null ? notFound : ok(curves))

function dateOf({ request }: Call): string {
  const query = createQuery(request.query)
  const ms = query.day('date')
  query.check()
  return new Date(ms).toISOString().slice(0, 10)
}
