import type { Problem, Reading } from '@homewatt/contract'

export type FreshnessLevel = 'fresh' | 'ageing' | 'old'

/** Whose silence it is: the manufacturer's, a lapsed link's, ours, or the device has not begun to speak. */
export type StaleCause = 'manufacturer_silent' | 'link_lapsed' | 'our_service' | 'never_reported'

export type Freshness = {
  level: FreshnessLevel
  /** ms, never negative; `null` when the device never reported. */
  ageMs: number | null
  updatedAt: string | null
  /** The reported time lies more than 5 min ahead, so the age cannot be told. */
  clockDiffers: boolean
  /** Set only while ageing or old. */
  cause: StaleCause | null
  /** Whether anything drawn from these values may move. */
  motion: boolean
}

/** Until a device's own rhythm is learned: the slowest that manufacturers are known to have. */
export const DEFAULT_INTERVAL_S = 15 * 60

/** Device clocks run ahead of ours by this much without anybody noticing. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000

type Input = {
  /** When the values were taken, ISO 8601. */
  updatedAt: string | null
  /** Learned time between two updates, s. */
  expectedIntervalS: number | null
  isAuthenticated: boolean | null
  /** Why we ourselves cannot ask at present. */
  problem: Problem | null
}

/**
 * How old values are, by their own time stamp and never by the time of loading: fresh up to 1.5 expected
 * intervals, ageing up to 3, old beyond.
 */
export function freshness(input: Input, now: Date): Freshness {
  const { updatedAt, problem } = input
  const ms = updatedAt === null ? NaN : now.getTime() - Date.parse(updatedAt)
  if (Number.isNaN(ms)) {
    return {
      level: 'old',
      ageMs: null,
      updatedAt: null,
      clockDiffers: false,
      cause: 'never_reported',
      motion: false,
    }
  }
  const clockDiffers = ms < -CLOCK_TOLERANCE_MS
  const ageMs = Math.max(0, ms)
  const level = clockDiffers ? 'ageing' : levelOf(ageMs, input.expectedIntervalS)
  const cause = level === 'fresh' || clockDiffers ? null : causeOf(input.isAuthenticated, problem)
  return { level, ageMs, updatedAt, clockDiffers, cause, motion: level === 'fresh' }
}

function levelOf(ageMs: number, expectedIntervalS: number | null): FreshnessLevel {
  const expectedMs =
    (expectedIntervalS !== null && expectedIntervalS > 0 ? expectedIntervalS : DEFAULT_INTERVAL_S) * 1000
  if (ageMs <= 1.5 * expectedMs) return 'fresh'
  return ageMs <= 3 * expectedMs ? 'ageing' : 'old'
}

function causeOf(isAuthenticated: boolean | null, problem: Problem | null): StaleCause {
  if (isAuthenticated === false) return 'link_lapsed'
  return problem ? 'our_service' : 'manufacturer_silent'
}

/** Freshness of a device's reading. */
export function readingFreshness(
  device: {
    current_state_last_updated_at: string | null
    expected_interval_s: number | null
    is_authenticated: boolean | null
    presence?: Reading['presence']
  },
  problem: Problem | null,
  now: Date,
): Freshness {
  const reported = freshness(
    {
      updatedAt: device.current_state_last_updated_at,
      expectedIntervalS: device.expected_interval_s,
      isAuthenticated: device.is_authenticated,
      problem,
    },
    now,
  )
  // Whatever it said last, it is not there any more.
  return device.presence === 'gone' ? { ...reported, level: 'old', cause: null, motion: false } : reported
}
