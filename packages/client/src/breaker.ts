import { PartnerUnavailable } from './errors.ts'
import { policyOf, type Policy } from './policy.ts'
import { createRollingCount, type RollingCount } from './rolling-count.ts'
import type { Time } from './time.ts'

/**
 * Keeps calls that would fail from being made. One for all users, but each operation (method and route) is judged
 * by itself: it rests when too many of its calls failed lately, and then one call at a time is let through to see whether
 * it is over.
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

type Operation = {
  calls: RollingCount
  failures: RollingCount
  /** Since when it rests, and when the next call may be made. */
  rest: { sinceMs: number; untilMs: number } | null
}

/** All operations are open to calls at first; each is judged by its own calls alone. */
export function createBreaker({
  time,
  random,
  policy = policyOf(),
}: {
  time: Time
  random: () => number
  policy?: Policy
}): Breaker {
  const { breakerWindowS, breakerLeastCalls, breakerShare } = policy
  const operations = new Map<string, Operation>()

  function of(operation: string): Operation {
    let known = operations.get(operation)
    if (!known)
      operations.set(
        operation,
        (known = {
          calls: createRollingCount(time, breakerWindowS),
          failures: createRollingCount(time, breakerWindowS),
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
    const all = calls.within(breakerWindowS)
    return all >= breakerLeastCalls && failures.within(breakerWindowS) >= all * breakerShare
  }

  return {
    restMs,
    admit(operation) {
      const leftMs = restMs(operation)
      if (leftMs > 0) throw new PartnerUnavailable('resting', { retryAfterMs: leftMs })
      const { rest } = of(operation)
      // This one is the probe; the others wait for what it shows.
      if (rest)
        rest.untilMs =
          time.monotonicMs() + probeAfterMs(time.monotonicMs() - rest.sinceMs, random, null, policy)
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
      const untilMs = nowMs + probeAfterMs(nowMs - sinceMs, random, retryAfterMs, policy)
      one.rest = { sinceMs, untilMs: Math.max(one.rest?.untilMs ?? 0, untilMs) }
    },
    resting: () => [...operations].filter(([, { rest }]) => rest).map(([operation]) => operation),
  }
}

/**
 * How long to wait before looking whether an outage is over: a sixtieth of its length (usually 5 s while it is young, and
 * a minute once it has lasted an hour), up to a fifth more so that nobody keeps step, and never less (P13); and no sooner
 * than the partner asked for.
 *
 * @param lastedMs how long the outage has lasted
 */
export function probeAfterMs(
  lastedMs: number,
  random: () => number,
  retryAfterMs: number | null = null,
  { probeLeastMs, probeMostMs }: Pick<Policy, 'probeLeastMs' | 'probeMostMs'> = policyOf(),
): number {
  const usualMs = Math.min(probeMostMs, Math.max(probeLeastMs, lastedMs / 60))
  return Math.max(usualMs, retryAfterMs ?? 0) * (1 + random() * 0.2)
}
