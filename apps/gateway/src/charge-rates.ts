import type { PartnerDevice } from '@homewatt/client'
import type { Reading, SeenRate } from '@homewatt/contract'
import * as v from 'valibot'

/** A spell of charging: the most power that was reported in it, W, and whether another report in it came to the same. */
export const Spell = v.object({ w: v.pipe(v.number(), v.finite()), isSteady: v.boolean() })
export type Spell = Readonly<v.InferOutput<typeof Spell>>

/** Spells of charging that are remembered of a vehicle, and how many of them say with how little it may charge. */
const SPELLS = { kept: 8, forLeast: 5 }
/** Near full every battery takes less, which says nothing of the socket. */
const SLOW_FROM_PERCENT = 90
/** More comes from no socket of a home, but from a fast charger on the way, W. */
const MOST_AT_HOME_W = 22_000
/** Powers this much alike are the same. */
const ALIKE = 0.99
/** So many spells meet a ceiling when they all stayed at it: what the sun leaves changes, also where clear days are alike. */
const FOR_CEILING = 3
/** Whoever charges with what the sun leaves gets these while it leaves little: 6 A of one phase and of three (IEC 61851). */
const LEAST_OF_A_BOX_W = [1_380, 4_140]

/**
 * The last spells of a vehicle's charging, oldest first, with what is reported now. The same array when nothing new is
 * in it, so that it need not be kept again.
 *
 * @param before what was known of the vehicle before; `undefined`: nothing
 */
export function withReport(
  spells: readonly Spell[],
  before: Reading | undefined,
  device: PartnerDevice,
): readonly Spell[] {
  if (!('battery_level' in device)) return spells
  const { is_charging, charge_rate_w: w, battery_level } = device
  if (is_charging !== true || w === null || battery_level === null) return spells
  if (w <= 0 || w > MOST_AT_HOME_W || battery_level >= SLOW_FROM_PERCENT) return spells
  // Whoever comes into the middle, after a restart or a day without anybody looking, has not seen a spell begin.
  const goesOn = before === undefined || ('is_charging' in before && before.is_charging === true)
  const last = spells.at(-1)
  if (!goesOn || last === undefined) return [...spells, { w, isSteady: false }].slice(-SPELLS.kept)
  if (w < last.w * ALIKE) return spells
  const isRead = before?.current_state_last_updated_at === device.current_state_last_updated_at
  const isSteady = w * ALIKE <= last.w && (last.isSteady || !isRead)
  if (w <= last.w && isSteady === last.isSteady) return spells
  return [...spells.slice(0, -1), { w: Math.max(w, last.w), isSteady }]
}

/**
 * What these spells let expect of the next; `null` when there were none. Whoever charges with what the sun leaves charges
 * with less than the socket gives: only what stayed the same within several spells is taken for all that it gives.
 */
export function seenRate(spells: readonly Spell[]): SeenRate | null {
  if (spells.length === 0) return null
  const least = Math.min(...spells.slice(-SPELLS.forLeast).map(({ w }) => w))
  const most = Math.max(...spells.map(({ w }) => w))
  const met = spells.filter(({ w, isSteady }) => isSteady && w >= most * ALIKE).length
  return { least_w: least, most_w: met >= FOR_CEILING && !isLeastOfBox(most) ? most : null }
}

/** Meters and voltages differ a little from place to place. */
const isLeastOfBox = (w: number) => LEAST_OF_A_BOX_W.some((least) => Math.abs(w - least) <= 0.07 * least)
