import type { PartnerDevice } from '@homewatt/client'
import type { Reading, SeenRate } from '@homewatt/contract'

/** Spells of charging that are remembered of a vehicle, and how many of them say with how little it may charge. */
const SPELLS = { kept: 8, forLeast: 5 }
/** Near full every battery takes less, which says nothing of the socket. */
const SLOW_FROM_PERCENT = 90
/** More comes from no socket of a home, but from a fast charger on the way, W. */
const MOST_AT_HOME_W = 22_000
/** So many spells this much alike met the same ceiling: the sun may leave as much twice, but hardly ever three times. */
const CEILING = { alike: 0.99, spells: 3 }

/**
 * The most power of each of a vehicle's last spells of charging, W, oldest first, with what is reported now. The same
 * array when nothing new is in it, so that it need not be kept again.
 *
 * @param before what was known of the vehicle before; `undefined`: nothing
 */
export function withRate(
  rates: readonly number[],
  before: Reading | undefined,
  device: PartnerDevice,
): readonly number[] {
  if (!('battery_level' in device)) return rates
  const { is_charging, charge_rate_w: w, battery_level } = device
  if (is_charging !== true || w === null || battery_level === null) return rates
  if (w <= 0 || w > MOST_AT_HOME_W || battery_level >= SLOW_FROM_PERCENT) return rates
  // Whoever comes into the middle, after a restart or a day without anybody looking, has not seen a spell begin.
  const goesOn = before === undefined || ('is_charging' in before && before.is_charging === true)
  const last = rates.at(-1)
  if (!goesOn || last === undefined) return [...rates, w].slice(-SPELLS.kept)
  return w > last ? [...rates.slice(0, -1), w] : rates
}

/**
 * What these spells let expect of the next; `null` when none was seen. Whoever charges with what the sun leaves, charges
 * with less than the socket gives: only what was met three times is taken for all that it gives.
 */
export function seenRate(rates: readonly number[]): SeenRate | null {
  if (rates.length === 0) return null
  const most = Math.max(...rates)
  const met = rates.filter((rate) => rate >= most * CEILING.alike).length
  const least = Math.min(...rates.slice(-SPELLS.forLeast))
  return { least_w: least, most_w: met >= CEILING.spells ? most : null }
}
