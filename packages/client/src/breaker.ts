import { PartnerUnavailable } from './errors.ts'
import { createRollingCount, type RollingCount } from './rolling-count.ts'
import type { Time } from './time.ts'

/**
 * Keeps calls that would fail from being made. One for all users, but each operation (method and route) is judged
 * by itself: it rests when at least half of at least 20 calls failed within 30 s, and then one call at a time is let
 * through to see whether it is over.
 */
export type Breaker = {
  /** How long calls of this operation are still refused, ms; 0 when one may be made. */
  restMs(operation: string): number
  /** Says that a call is made now. Throws `PartnerUnavailable` with `resting` when it must not be. */
  admit(operation: string): void
  succeeded(operation: string): void
  /** @param retryAfterMs how long the partner asked to be left alone, if it did */
  failed(operation: string, retryAfterMs: number | null): void
  /** Operations that rest, for whoever watches. */
  resting(): string[]
}

const WINDOW_S = 30
const LEAST_CALLS = 20
const SHARE_OF_FAILURES = 0.5
const PROBE_MS = { least: 5_000, most: 60_000 }

type Operation = {
  calls: RollingCount
  failures: RollingCount
  /** Since when it rests, and when the next call may be made. */
  rest: { sinceMs: number; untilMs: number } | null
}

export function createBreaker({ time, random }: { time: Time; random: () => number }): Breaker {
  const operations = new Map<string, Operation>()

  function of(operation: string): Operation {
    let known = operations.get(operation)
    if (!known)
      operations.set(
        operation,
        (known = {
          calls: createRollingCount(time, WINDOW_S),
          failures: createRollingCount(time, WINDOW_S),
          rest: null,
        }),
      )
    return known
  }

  function restMs(operation: string): number {
    const rest = operations.get(operation)?.rest
    return rest ? Math.max(0, rest.untilMs - time.monotonicMs()) : 0
  }

  function isFailing({ calls, failures }: Operation): boolean {
    const all = calls.within(WINDOW_S)
    return all >= LEAST_CALLS && failures.within(WINDOW_S) >= all * SHARE_OF_FAILURES
  }

  return {
    restMs,
    admit(operation) {
      const leftMs = restMs(operation)
      if (leftMs > 0) throw new PartnerUnavailable('resting', { retryAfterMs: leftMs })
      const { rest } = of(operation)
      // This one is the probe; the others wait for what it shows.
      if (rest) rest.untilMs = time.monotonicMs() + probeAfterMs(time.monotonicMs() - rest.sinceMs, random)
    },
    succeeded(operation) {
      const one = of(operation)
      if (one.rest) {
        one.rest = null
        one.calls.clear()
        one.failures.clear()
      }
      one.calls.add()
    },
    failed(operation, retryAfterMs) {
      const one = of(operation)
      const nowMs = time.monotonicMs()
      one.calls.add()
      one.failures.add()
      if (!one.rest && !isFailing(one)) return
      const sinceMs = one.rest?.sinceMs ?? nowMs
      const untilMs = nowMs + probeAfterMs(nowMs - sinceMs, random, retryAfterMs)
      one.rest = { sinceMs, untilMs: Math.max(one.rest?.untilMs ?? 0, untilMs) }
    },
    resting: () => [...operations].filter(([, { rest }]) => rest).map(([operation]) => operation),
  }
}

/**
 * How long to wait before looking whether an outage is over: 5 s while it is young, a minute once it has lasted an
 * hour, a sixtieth of its length in between, a fifth more or less so that nobody keeps step; and no sooner than the
 * partner asked for.
 *
 * @param lastedMs how long the outage has lasted
 */
export function probeAfterMs(
  lastedMs: number,
  random: () => number,
  retryAfterMs: number | null = null,
): number {
  const usualMs = Math.min(PROBE_MS.most, Math.max(PROBE_MS.least, lastedMs / 60))
  return Math.max(usualMs * (0.8 + random() * 0.4), (retryAfterMs ?? 0) * (1 + random() * 0.2))
}
