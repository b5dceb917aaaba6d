import type { BoostRefusalReason, BoostState } from '@homewatt/contract'

/** The boost machine of a vehicle or wallbox. */
export type Boost = {
  phase: 'none' | 'requested' | 'ongoing'
  /** While requested: when the device starts, or when the attempt is given up, ms. */
  dueMs: number
  willStart: boolean
  /** How long it lasts when the manufacturer stops it early, ms; `null`: as long as it takes. */
  lastsMs: number | null
  /** While ongoing: when the manufacturer stops it, ms; `null`: not at all. */
  stopsMs: number | null
  /** The next plug-in starts a boost by itself. */
  armed: boolean
  /** How many boosts there have been; makes each delay its own. */
  count: number
}

/** What the service knows of a charging device from its last report. */
export type KnownCharging = {
  pluggedIn: boolean
  charging: boolean
  full: boolean
  /** Somebody steers this charging: it stands at home and is not paused. */
  steered: boolean
}

export const createBoost = (): Boost => ({
  phase: 'none',
  dueMs: 0,
  willStart: true,
  lastsMs: null,
  stopsMs: null,
  armed: false,
  count: 0,
})

/** When the next thing happens to a boost by itself, ms; `Infinity` when nothing will. */
export function boostDueMs({ phase, dueMs, stopsMs }: Boost): number {
  if (phase === 'requested') return dueMs
  return phase === 'ongoing' && stopsMs !== null ? stopsMs : Infinity
}

/** The state on the wire. Charging of its own accord, full and unplugged are all `unavailable`. */
export function boostState(boost: Boost, known: KnownCharging): BoostState {
  if (boost.phase !== 'none') return boost.phase
  return known.pluggedIn && !known.charging && !known.full ? 'available' : 'unavailable'
}

/** What `POST …/boost` comes to: started, armed for the next plug-in, or refused with the documented reason. */
export type BoostOutcome = 'requested' | 'armed' | { refused: BoostRefusalReason }

/**
 * Decides a `POST …/boost`. Refusals in the order of the documents: in flight or charging, unplugged arms, full,
 * and for vehicles nothing to signal.
 */
export function decideBoost(boost: Boost, known: KnownCharging, isVehicle: boolean): BoostOutcome {
  if (boost.phase !== 'none') return { refused: 'already_charging' }
  if (!known.pluggedIn) return 'armed'
  if (known.charging) return { refused: 'already_charging' }
  if (known.full) return { refused: 'fully_charged' }
  if (isVehicle && !known.steered) return { refused: 'no_active_session' }
  return 'requested'
}
