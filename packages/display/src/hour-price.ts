import type { DayPrices } from '@homewatt/contract'

/** What an hour costs against the others of its day. */
export type HourPrice = {
  from: string
  until: string
  price: number
  lowest: number
  highest: number
  /** `low`: three quarters of the day cost more; `high`: three quarters cost less. */
  standing: 'low' | 'usual' | 'high' | 'same'
}

const HOUR_MS = 3_600_000

/**
 * The present hour, in the unit that the prices are in. `null` when its price is not known, or those of more than a sixth
 * of the day: what is cheap among a few hours may be dear among all.
 */
export function hourPrice({ from, until, hours }: DayPrices, now: Date): HourPrice | null {
  const present = hours.find(({ at }) => {
    const ageMs = now.getTime() - Date.parse(at)
    return ageMs >= 0 && ageMs < HOUR_MS
  })
  const inDay = (Date.parse(until) - Date.parse(from)) / HOUR_MS
  if (!present || hours.length * 6 < inDay * 5) return null
  const { at, price } = present
  const prices = hours.map((hour) => hour.price)
  const lowest = Math.min(...prices)
  const highest = Math.max(...prices)
  return {
    from: at,
    until: new Date(Date.parse(at) + HOUR_MS).toISOString(),
    price,
    lowest,
    highest,
    standing: standingOf(price, prices, highest - lowest),
  }
}

function standingOf(price: number, prices: readonly number[], spread: number): HourPrice['standing'] {
  if (spread === 0) return 'same'
  const most = prices.length * 0.75
  if (prices.filter((other) => other > price).length >= most) return 'low'
  return prices.filter((other) => other < price).length >= most ? 'high' : 'usual'
}

/** In ct/kWh, as people know it; `null` when the unit is none that we know. */
export function centsPerKwh(price: number, unit: string | null): number | null {
  const perUnit: Readonly<Record<string, number>> = { 'EUR/MWh': 0.1, 'EUR/kWh': 100, 'ct/kWh': 1 }
  const factor = unit === null ? undefined : perUnit[unit]
  return factor === undefined ? null : price * factor
}
