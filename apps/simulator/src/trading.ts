import { setImmediate as turn } from 'node:timers/promises'
import type { DayAheadPrices, LoadCurves, LoadCurvesByPriceZone } from '@homewatt/contract'
import { localTime, MINUTE_MS, minuteOfLocal, QUARTER_MS, QUARTERS_PER_DAY } from './calendar.ts'
import { uuidOf } from './hash.ts'
import { at, rowOf } from './homes/ledger.ts'
import { branchSite, stepSite } from './homes/site.ts'
import { createMarket } from './prices.ts'
import { isSite } from './unit.ts'
import { sampleOf, type World } from './world.ts'

/** Day-ahead trading of the organisation's flexibility, §17 of the reference. */
export type Trading = {
  /** Takes a forecast of 96 quarter-hours; gives when curves are ready, ms. */
  upload(forecast: DayAheadPrices, nowMs: number): number
  /** Load of all homes on a day with a forecast; `null` without one, or before it is ready. */
  curves(date: string, nowMs: number): Promise<LoadCurves | null>
  curvesByZone(date: string, nowMs: number): Promise<LoadCurvesByPriceZone | null>
  /** A rejected trade makes a day on which nothing is optimised. */
  confirm(tradeId: string, accepted: boolean, nowMs: number): 'confirmed' | 'unknown' | 'expired'
}

export function createTrading(world: World): Trading {
  const forecasts = new Map<string, { prices: number[]; readyMs: number; count: number }>()
  const trades = new Map<string, { date: string; expiresMs: number }>()

  async function curvesOf(date: string, nowMs: number): Promise<LoadCurvesByPriceZone | null> {
    const forecast = forecasts.get(date)
    if (!forecast || nowMs < forecast.readyMs) return null
    const loads = await loadsOf(world, date, forecast.prices, nowMs)
    return [...loads].map(([zone, load]) => {
      const id = uuidOf('trade', date, zone, forecast.count)
      return { price_zone: zone, ...curvesOnWire(id, date, load) } as LoadCurvesByPriceZone[number]
    })
  }

  function remember(curves: LoadCurves): void {
    trades.set(curves.trade_id, { date: curves.date, expiresMs: Date.parse(curves.expiration) })
  }

  return {
    upload({ date, prices }, nowMs) {
      const count = (forecasts.get(date)?.count ?? 0) + 1
      // The calculation runs at half past ten of the market's morning, or takes a quarter of an hour later on.
      const { day } = localTime(MARKET_ZONE, Math.floor(nowMs / MINUTE_MS))
      const morningMs = minuteOfLocal(MARKET_ZONE, day, 10 * 60 + 30) * MINUTE_MS
      const readyMs = Math.max(morningMs, Math.ceil((nowMs + QUARTER_MS) / MINUTE_MS) * MINUTE_MS)
      forecasts.set(date, { prices: prices.map((price) => price.price_eur_mwh), readyMs, count })
      return readyMs
    },
    async curves(date, nowMs) {
      const zones = await curvesOf(date, nowMs)
      if (!zones) return null
      const sum = emptyLoad()
      for (const { curves } of zones)
        for (let i = 0; i < QUARTERS_PER_DAY; i++) {
          sum.optimized[i] = (sum.optimized[i] ?? 0) + (curves.optimized[i]?.energy_wh ?? 0)
          sum.unoptimized[i] = (sum.unoptimized[i] ?? 0) + (curves.unoptimized[i]?.energy_wh ?? 0)
        }
      const all = curvesOnWire(uuidOf('trade', date, 'all', forecasts.get(date)?.count ?? 0), date, sum)
      remember(all)
      return all
    },
    async curvesByZone(date, nowMs) {
      const zones = await curvesOf(date, nowMs)
      zones?.forEach(remember)
      return zones
    },
    confirm(tradeId, accepted, nowMs) {
      const trade = trades.get(tradeId)
      if (!trade) return 'unknown'
      if (nowMs > trade.expiresMs) return 'expired'
      const day = dayOf(trade.date)
      if (accepted) world.plainDays.delete(day)
      else world.plainDays.add(day)
      return 'confirmed'
    },
  }
}

const MARKET_ZONE = 'Europe/Berlin'
/** Living ahead costs some milliseconds a home; more homes than these are a sample. */
const MOST_HOMES = 50

const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000

type Load = { optimized: number[]; unoptimized: number[] }
const emptyLoad = (): Load => ({
  optimized: new Array<number>(QUARTERS_PER_DAY).fill(0),
  unoptimized: new Array<number>(QUARTERS_PER_DAY).fill(0),
})

/** Lets every home live on to the end of the day under the forecast, and adds up what it uses, Wh by price zone. */
async function loadsOf(
  world: World,
  date: string,
  prices: number[],
  nowMs: number,
): Promise<Map<string, Load>> {
  const first = dayOf(date) * QUARTERS_PER_DAY
  const market = createMarket(world.seed, (zone, quarter) =>
    quarter >= first && quarter < first + QUARTERS_PER_DAY
      ? (prices[quarter - first] ?? null)
      : world.market.eurPerMwh(zone, quarter),
  )
  const loads = new Map<string, Load>()
  const { heads, weight } = sampleOf(world, MOST_HOMES)
  for (const { name } of heads) {
    // Everybody else has a turn between two homes.
    await turn()
    const home = world.homeNamed(name, nowMs)
    for (const { source } of home?.units ?? []) {
      if (!home || !isSite(source)) continue
      const zone = home.spec.place.priceZone
      let load = loads.get(zone)
      if (!load) loads.set(zone, (load = emptyLoad()))
      const branch = branchSite(source, { weather: source.around.weather, market })
      while (branch.minute < (first + QUARTERS_PER_DAY) * 15) stepSite(branch)
      for (let quarter = 0; quarter < QUARTERS_PER_DAY; quarter++) {
        const row = rowOf(branch.ledger, first + quarter)
        if (!row) continue
        const wh = (column: number) => (row[column] ?? 0) * weight
        const peopleWh = wh(at.peopleWh)
        load.optimized[quarter] = (load.optimized[quarter] ?? 0) + peopleWh + wh(at.heatPumpWh) + wh(at.carWh)
        load.unoptimized[quarter] =
          (load.unoptimized[quarter] ?? 0) + peopleWh + wh(at.twinHeatPumpWh) + wh(at.twinCarWh)
      }
    }
  }
  return loads
}

function curvesOnWire(tradeId: string, date: string, load: Load): LoadCurves {
  const startMs = dayOf(date) * 86_400_000
  const curve = (wh: number[]) =>
    wh.map((energy, i) => ({
      timestamp: new Date(startMs + i * QUARTER_MS).toISOString(),
      energy_wh: Math.round(energy * 10) / 10,
    }))
  // To be confirmed by 23:30 of the evening before, by those who trade no intraday.
  const expiresMin = minuteOfLocal(MARKET_ZONE, dayOf(date) - 1, 23 * 60 + 30)
  return {
    trade_id: tradeId,
    date,
    expiration: new Date(expiresMin * MINUTE_MS).toISOString(),
    curves: { optimized: curve(load.optimized), unoptimized: curve(load.unoptimized) },
  }
}
