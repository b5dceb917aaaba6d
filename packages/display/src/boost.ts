import type { BoostState, Problem, Reading } from '@homewatt/contract'
import { finite } from './shown.ts'

/** How long a start has been under way: usual, slow, longer than usual, or the device does not answer. */
export type BoostPhase = 'normal' | 'slow' | 'late' | 'silent'

/** The charge-now button. `boost_state` alone decides its kind; the rest explains it. */
export type BoostButton = {
  kind: 'charge_now' | 'starting' | 'charging' | 'unavailable' | 'unknown'
  enabled: boolean
  /** Set with `unavailable` only. */
  reason: 'full' | 'already_charging' | 'not_connected' | 'not_available' | null
  /** ms since the present state was first seen; only while starting or charging, `null` when unknown. */
  sinceMs: number | null
  /** Only while starting. */
  phase: BoostPhase | null
}

/** The second control: let the next plug-in start a boost. `null`: nothing to offer and nothing to undo. */
export type Arming = { kind: 'offer' } | { kind: 'armed' } | null

/** By when the vehicle is to hold `percent`. `at` is `HH:MM` or ISO 8601; `null` means not reported. */
export type Deadline = { at: string | null; percent: number | null }

type Charger = {
  boost_state: BoostState | null
  boost_state_since: string | null
  boost_for_next_session?: boolean | null | undefined
  is_plugged_in: boolean | null
  is_charging: boolean | null
}

/**
 * Whether a device can be told anything at present. Without an account at the partner, or a device, there is nobody
 * to tell.
 */
export function areControlsOff(device: { presence?: Reading['presence'] }, problem: Problem | null): boolean {
  return device.presence === 'gone' || problem?.kind === 'credentials_rejected'
}

/** The button while nothing can be told to the device. */
export const boostOff: BoostButton = {
  kind: 'unavailable',
  enabled: false,
  reason: 'not_available',
  sinceMs: null,
  phase: null,
}

/** @param isFull whether the vehicle is at its limit; only ever used as the reason, never to enable anything */
export function boostButton(charger: Charger, isFull: boolean, now: Date): BoostButton {
  const button = { enabled: false, reason: null, sinceMs: null, phase: null }
  const sinceMs = elapsedMs(charger.boost_state_since, now)
  switch (charger.boost_state) {
    case 'available':
      return { ...button, kind: 'charge_now', enabled: true }
    case 'requested':
      return { ...button, kind: 'starting', sinceMs, phase: phaseOf(sinceMs) }
    case 'ongoing':
      return { ...button, kind: 'charging', sinceMs }
    case 'unavailable':
      return { ...button, kind: 'unavailable', reason: reasonOf(charger, isFull) }
    default:
      return { ...button, kind: 'unknown' }
  }
}

function elapsedMs(since: string | null, now: Date): number | null {
  const ms = since === null ? NaN : now.getTime() - Date.parse(since)
  return Number.isNaN(ms) ? null : Math.max(0, ms)
}

function phaseOf(sinceMs: number | null): BoostPhase {
  if (sinceMs === null || sinceMs < 30_000) return 'normal'
  if (sinceMs <= 2 * 60_000) return 'slow'
  return sinceMs <= 5 * 60_000 ? 'late' : 'silent'
}

function reasonOf({ is_charging, is_plugged_in }: Charger, isFull: boolean): BoostButton['reason'] {
  if (is_charging === true) return 'already_charging'
  if (isFull) return 'full'
  return is_plugged_in === false ? 'not_connected' : 'not_available'
}

/**
 * What the second control offers: arming while no cable is in, undoing while it is armed, and nothing for a device that does
 * not report the flag.
 */
export function armingOf({ boost_state, boost_for_next_session, is_plugged_in }: Charger): Arming {
  if (boost_for_next_session === true) return { kind: 'armed' }
  // A device that does not report the flag could not show that it is armed, nor undo it.
  if (boost_for_next_session === undefined || is_plugged_in !== false) return null
  // In every other state the same request would start a boost now, or be refused.
  return boost_state === 'unavailable' || boost_state === null ? { kind: 'offer' } : null
}

/** The active deadline; `null` when there is none or the partner does not say whether there is. */
export function deadlineOf(charger: {
  is_charge_policy_enabled: boolean | null
  charge_deadline_at?: string | null | undefined
  minimum_charge_limit?: number | null | undefined
  next_deadline?: Deadline | null | undefined
}): Deadline | null {
  if (charger.is_charge_policy_enabled !== true) return null
  // What the week asks for goes before what is asked for on days without a wish of their own.
  if (charger.next_deadline) return charger.next_deadline
  return { at: charger.charge_deadline_at ?? null, percent: finite(charger.minimum_charge_limit) }
}
