import { localTime, minuteOfLocal, weekdayOf } from './calendar.ts'
import { keyOf, noise, spread } from './hash.ts'

/** A day-ahead market: prices by quarter-hour, counted from the epoch. */
export type Market = {
  /** EUR/MWh of a quarter-hour in a price zone; may be negative. */
  eurPerMwh(priceZone: string, quarter: number): number
  /**
   * The same as somebody at `minute` knows it: tomorrow is published at 13:00 market time, and beyond that the
   * last published day of the kind stands in for the ones to come.
   */
  expectedEurPerMwh(priceZone: string, quarter: number, minute: number): number
  /** Share of the quarter-hours of its market day that are cheaper, 0 (cheapest) to 1. */
  rank(priceZone: string, quarter: number): number
}

/**
 * Generates a Central European market: mornings and evenings dear, summer noons cheap and on windy Sundays below
 * zero, cold still winter evenings very dear. The figures are invented, the shape is that of DE-LU since 2022.
 */
export function createMarket(seed: number): Market {
  const quarters = new Map<string, Map<number, number>>()
  const ranks = new Map<string, Map<number, Float32Array>>()

  function eurPerMwh(priceZone: string, quarter: number): number {
    let zone = quarters.get(priceZone)
    if (!zone) quarters.set(priceZone, (zone = new Map()))
    let price = zone.get(quarter)
    if (price === undefined) zone.set(quarter, (price = generate(keyOf(seed, 'market', priceZone), quarter)))
    return price
  }

  return {
    eurPerMwh,
    expectedEurPerMwh(priceZone, quarter, minute) {
      let known = quarter
      const lastKnown = lastPublishedQuarter(minute)
      while (known > lastKnown) known -= QUARTERS_PER_DAY
      return eurPerMwh(priceZone, known)
    },
    rank(priceZone, quarter) {
      const { day } = localTime(MARKET_ZONE, quarter * 15)
      const first = minuteOfLocal(MARKET_ZONE, day, 0) / 15
      let zone = ranks.get(priceZone)
      if (!zone) ranks.set(priceZone, (zone = new Map()))
      let ofDay = zone.get(day)
      if (!ofDay)
        zone.set(
          day,
          (ofDay = ranksOf(eurPerMwh, priceZone, first, minuteOfLocal(MARKET_ZONE, day + 1, 0) / 15)),
        )
      return ofDay[quarter - first] ?? 0.5
    },
  }
}

const MARKET_ZONE = 'Europe/Berlin'
const QUARTERS_PER_DAY = 96
const PUBLISHED_MIN = 13 * 60

/** Last quarter-hour whose price is published at `minute`. */
export function lastPublishedQuarter(minute: number): number {
  const now = localTime(MARKET_ZONE, minute)
  return minuteOfLocal(MARKET_ZONE, now.day + (now.minute >= PUBLISHED_MIN ? 2 : 1), 0) / 15 - 1
}

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
