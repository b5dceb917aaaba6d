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
 * Whether a car charges in the quarter-hour of `minute`: only if that is among the cheapest that are needed to
 * put `neededWh` (at the plug) into it before `deadlineMin`, as far as prices are known. Short of time, always.
 */
export function chargesNow(
  market: Market,
  priceZone: string,
  minute: number,
  charge: { neededWh: number; powerW: number; deadlineMin: number },
): boolean {
  if (charge.neededWh <= 0) return false
  const now = Math.floor(minute / 15)
  const deadline = Math.floor(charge.deadlineMin / 15)
  // One quarter-hour in reserve: a car that reports late must still be ready.
  const needed = Math.ceil(charge.neededWh / (charge.powerW / 4)) + 1
  if (deadline - now <= needed) return true
  const price = market.eurPerMwh(priceZone, now)
  let cheaper = 0
  for (let quarter = now + 1; quarter < deadline; quarter++)
    if (market.expectedEurPerMwh(priceZone, quarter, minute) < price && ++cheaper >= needed) return false
  return true
}

const order: readonly HeatPumpMode[] = ['min', 'low', 'mid', 'max']
const ceiling: Record<OptimizationLevel, HeatPumpMode> = { Low: 'low', Mid: 'mid', Max: 'max' }
