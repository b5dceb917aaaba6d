import { localTime, minuteOfLocal, QUARTERS_PER_DAY, weekdayOf } from './calendar.ts'
import { keyOf, noise, spread } from './hash.ts'

/** A day-ahead market: prices by quarter-hour, counted from the epoch. */
export type Market = {
  /** EUR/MWh of a quarter-hour in a price zone; may be negative. */
  eurPerMwh(priceZone: string, quarter: number): number
  /** Last quarter-hour whose price is published at `minute`: tomorrow's appear at 13:00 market time. */
  lastPublished(minute: number): number
  /**
   * The price as somebody at `minute` knows it: beyond what is published the last published day of the kind stands
   * in for the ones to come.
   */
  expectedEurPerMwh(priceZone: string, quarter: number, minute: number): number
  /** Share of the quarter-hours of its market day that are cheaper, 0 (cheapest) to 1. */
  rank(priceZone: string, quarter: number): number
}

/** Prices of quarter-hours that somebody recorded or uploaded; `null` where they have none. */
export type PriceSource = (priceZone: string, quarter: number) => number | null

/**
 * Generates a Central European market: mornings and evenings dear, summer noons cheap and on windy Sundays below
 * zero, cold still winter evenings very dear. The figures are invented, the shape is that of DE-LU since 2022.
 * Prices of a `source` go before the generated ones.
 */
export function createMarket(seed: number, source?: PriceSource): Market {
  const zones = new Map<string, Zone>()
  let publishedHour = Number.NaN
  let published = 0

  function zoneOf(priceZone: string): Zone {
    let zone = zones.get(priceZone)
    if (!zone)
      zones.set(
        priceZone,
        (zone = { key: keyOf(seed, 'market', priceZone), days: new Map(), ranks: new Map() }),
      )
    return zone
  }

  function eurPerMwh(priceZone: string, quarter: number): number {
    const zone = zoneOf(priceZone)
    const day = Math.floor(quarter / QUARTERS_PER_DAY)
    let prices = zone.days.get(day)
    if (!prices) {
      const first = day * QUARTERS_PER_DAY
      prices = Float64Array.from(
        { length: QUARTERS_PER_DAY },
        (_, i) => source?.(priceZone, first + i) ?? generate(zone.key, first + i),
      )
      zone.days.set(day, prices)
    }
    return prices[quarter - day * QUARTERS_PER_DAY] ?? 0
  }

  function lastPublished(minute: number): number {
    // Publication falls on a full hour, so one look-up serves an hour.
    const hour = Math.floor(minute / 60)
    if (hour !== publishedHour) {
      publishedHour = hour
      const now = localTime(MARKET_ZONE, hour * 60)
      const known = now.minute >= PUBLISHED_MIN ? 2 : 1
      published = minuteOfLocal(MARKET_ZONE, now.day + known, 0) / 15 - 1
    }
    return published
  }

  return {
    eurPerMwh,
    lastPublished,
    expectedEurPerMwh(priceZone, quarter, minute) {
      let known = quarter
      const lastKnown = lastPublished(minute)
      while (known > lastKnown) known -= QUARTERS_PER_DAY
      return eurPerMwh(priceZone, known)
    },
    rank(priceZone, quarter) {
      const { ranks } = zoneOf(priceZone)
      const { day } = localTime(MARKET_ZONE, quarter * 15)
      const first = minuteOfLocal(MARKET_ZONE, day, 0) / 15
      let ofDay = ranks.get(day)
      if (!ofDay) {
        ofDay = ranksOf(eurPerMwh, priceZone, first, minuteOfLocal(MARKET_ZONE, day + 1, 0) / 15)
        ranks.set(day, ofDay)
      }
      return ofDay[quarter - first] ?? 0.5
    },
  }
}

type Zone = { key: number; days: Map<number, Float64Array>; ranks: Map<number, Float32Array> }

const MARKET_ZONE = 'Europe/Berlin'
const PUBLISHED_MIN = 13 * 60

function generate(key: number, quarter: number): number {
  const { day, minute } = localTime(MARKET_ZONE, quarter * 15)
  const h = minute / 60
  const winter = Math.cos((((day % 365.2425) - 20) / 365.2425) * 2 * Math.PI)
  const weekday = weekdayOf(day)
  const idle = weekday === 6 ? 0.2 : weekday === 5 ? 0.12 : 0
  const demand =
    0.62 -
    idle +
    0.1 * winter +
    0.22 * bump(h, 8.2, 1.8) +
    0.14 * bump(h, 12.5, 3) +
    0.34 * bump(h, 19, 2.1) -
    0.16 * bump(h, 3.4, 2.6)
  const sun =
    (0.42 - 0.3 * winter) * bump(h, 13.1, 2.9 - 0.7 * winter) * (1 + 0.45 * noise(key ^ 0x50, quarter / 96))
  const wind =
    0.3 + 0.1 * winter + 0.26 * noise(key ^ 0x77, quarter / 130) + 0.08 * noise(key ^ 0x78, quarter / 23)
  const residual = demand - sun - Math.max(0.02, wind)
  const steep = residual > 0.5 ? (residual - 0.5) ** 2 * 420 : 0
  // Quarters of an hour zigzag around the hour: ramps are traded inside it.
  const zigzag = ((quarter & 3) - 1.5) * (h < 12 ? -2.2 : 2.4) * bump(Math.abs(h - 13), 5.5, 2)
  const price = 46 + 155 * residual + steep + zigzag + 2.2 * spread(key ^ 0x9, quarter)
  return Math.round(price * 100) / 100
}

/** A bell of height 1 around `at`, `wide` hours to each side. */
const bump = (h: number, at: number, wide: number) => Math.exp(-(((h - at) / wide) ** 2))

function ranksOf(eurPerMwh: Market['eurPerMwh'], zone: string, first: number, end: number): Float32Array {
  const order = Array.from({ length: end - first }, (_, i) => i)
  order.sort((a, b) => eurPerMwh(zone, first + a) - eurPerMwh(zone, first + b) || a - b)
  const ranks = new Float32Array(order.length)
  order.forEach((quarter, rank) => (ranks[quarter] = rank / Math.max(1, order.length - 1)))
  return ranks
}
