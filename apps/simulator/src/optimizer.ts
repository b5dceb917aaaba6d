import type { HeatPumpMode, OptimizationLevel } from '@homewatt/contract'
import type { Market } from './prices.ts'

/**
 * What a heat pump should do in a quarter-hour: store heat while power is cheap, coast while it is dear, and
 * never beyond the ceiling that the household set.
 */
export function heatPumpMode(rank: number, level: OptimizationLevel): HeatPumpMode {
  const wished: HeatPumpMode = rank < 0.17 ? 'max' : rank < 0.45 ? 'mid' : rank < 0.76 ? 'low' : 'min'
  return order.indexOf(wished) > order.indexOf(ceiling[level]) ? ceiling[level] : wished
}

/** How far a mode moves the wishes of the household, K. */
export const shifts: Record<HeatPumpMode, { indoorK: number; tankK: number }> = {
  min: { indoorK: -0.8, tankK: -4 },
  low: { indoorK: -0.2, tankK: -1 },
  mid: { indoorK: 0.4, tankK: 1 },
  max: { indoorK: 1, tankK: 5 },
}

/**
 * Whether a car charges in the quarter-hour of `minute`: only if that is among the cheapest `quarters` before
 * `deadlineMin`, as far as prices are known. Short of time, always.
 */
export function chargesNow(
  market: Market,
  priceZone: string,
  minute: number,
  need: { quarters: number; deadlineMin: number },
): boolean {
  if (need.quarters <= 0) return false
  const now = Math.floor(minute / 15)
  const deadline = Math.floor(need.deadlineMin / 15)
  // One quarter-hour in reserve: a car that starts late must still be ready.
  const needed = need.quarters + 1
  if (deadline - now <= needed) return true
  const price = market.eurPerMwh(priceZone, now)
  let cheaper = 0
  for (let quarter = now + 1; quarter < deadline; quarter++)
    if (market.expectedEurPerMwh(priceZone, quarter, minute) < price && ++cheaper >= needed) return false
  return true
}

/** The quarter-hours that look cheapest from `minute`, in order of time. */
export function cheapestQuarters(
  market: Market,
  priceZone: string,
  minute: number,
  need: { quarters: number; deadlineMin: number },
): number[] {
  const now = Math.floor(minute / 15)
  const count = Math.max(0, Math.floor(need.deadlineMin / 15) - now)
  const price = (quarter: number) => market.expectedEurPerMwh(priceZone, quarter, minute)
  return Array.from({ length: count }, (_, i) => now + i)
    .sort((a, b) => price(a) - price(b) || a - b)
    .slice(0, need.quarters)
    .sort((a, b) => a - b)
}

const order: readonly HeatPumpMode[] = ['min', 'low', 'mid', 'max']
const ceiling: Record<OptimizationLevel, HeatPumpMode> = { Low: 'low', Mid: 'mid', Max: 'max' }
