import { RateLimited } from './errors.ts'
import type { Policy } from './policy.ts'
import type { Time } from './time.ts'

/** What a request is for, most urgent first. */
export const priorities = ['command', 'boost', 'visible', 'hidden', 'recorder', 'plan'] as const
export type Priority = (typeof priorities)[number]

/** How many requests the organisation may make: everything goes through here, the urgent first. */
export type Budget = {
  /**
   * Waits for a turn; call the result when the exchange is over. Rejects with `RateLimited` when none can come in
   * time: polls wait long in a queue, which only stretches their cadence, but not for a partner that asked for
   * peace, so that the person is told; commands have a person waiting.
   *
   * @param user for whom; users of one priority take turns, so that one with many requests delays nobody else
   * @param byMs when a turn comes too late in any case, as `Time.monotonicMs`
   */
  take(priority: Priority, user?: string, byMs?: number): Promise<() => void>
  /**
   * The partner asked to slow down: everybody pauses, for as long as it said, or ever longer when it did not.
   * Returns how long, ms.
   */
  slowDown(retryAfterMs: number | null): number
  succeeded(): void
  state(): BudgetState
}

/** How a budget is doing just now. */
export type BudgetState = {
  /** Requests that may begin at once, of this gateway's share. */
  tokens: number
  /** Of the usual rate, after the partner asked to slow down. */
  share: number
  /** How long everybody pauses yet, ms. */
  pauseMs: number
  /** Requests that wait for a turn. */
  waiting: Record<Priority, number>
}

type Waiter = { user: string; go: () => void; giveUp: () => void }

/** How long to wait for a turn among others, and for the end of a pause that the partner asked for. */
const PATIENCE: Record<Priority, { queueMs: number; pauseMs: number }> = {
  command: { queueMs: 5_000, pauseMs: 5_000 },
  boost: { queueMs: 30_000, pauseMs: 1_000 },
  visible: { queueMs: 300_000, pauseMs: 1_000 },
  hidden: { queueMs: 300_000, pauseMs: 1_000 },
  recorder: { queueMs: 300_000, pauseMs: 1_000 },
  plan: { queueMs: 300_000, pauseMs: 1_000 },
}
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 120_000
const LEAST_SHARE = 1 / 16
/** So much of what may be in flight can be one user's: requests that hang for one must not stop the others. */
const SHARE_OF_ONE_USER = 1 / 4
const LEAST_OF_ONE_USER = 4
/** Additive regrowth of the rate after it was halved, share per second. */
const REGROWTH_PER_S = 0.01

/** @param shares among how many gateways the budget is divided just now */
export function createBudget({
  policy: { ratePerS, burst, maxInFlight },
  shares = () => 1,
  time,
  random,
}: {
  policy: Pick<Policy, 'ratePerS' | 'burst' | 'maxInFlight'>
  shares?: () => number
  time: Time
  random: () => number
}): Budget {
  const lines = new Map<Priority, Line>(priorities.map((priority) => [priority, createLine()]))
  const mostOfOneUser = Math.max(LEAST_OF_ONE_USER, Math.floor(maxInFlight * SHARE_OF_ONE_USER))
  const inFlightOf = new Map<string, number>()
  let tokens = burst / shares()
  let refilledMs = time.monotonicMs()
  let inFlight = 0
  let share = 1
  let pausedUntilMs = -Infinity
  let nextPauseMs = FIRST_PAUSE_MS
  let wake: (() => void) | null = null

  function refill() {
    const nowMs = time.monotonicMs()
    // In a pause there is nothing to refill until it ends.
    if (nowMs < refilledMs) return nowMs
    const elapsedS = (nowMs - refilledMs) / 1000
    share = Math.min(1, share + elapsedS * REGROWTH_PER_S)
    tokens = Math.min(Math.max(1, burst / shares()), tokens + elapsedS * ownRatePerS())
    refilledMs = nowMs
    return nowMs
  }

  const ownRatePerS = () => (ratePerS * share) / shares()
  const mostInFlight = () => Math.max(1, Math.floor(maxInFlight / shares()))

  const mayGo = (user: string) => user === '' || (inFlightOf.get(user) ?? 0) < mostOfOneUser

  function next(): Waiter | undefined {
    for (const line of lines.values()) {
      const waiter = line.next(mayGo)
      if (waiter) return waiter
    }
    return undefined
  }

  function count(user: string, by: 1 | -1) {
    inFlight += by
    const present = (inFlightOf.get(user) ?? 0) + by
    if (present === 0) inFlightOf.delete(user)
    else inFlightOf.set(user, present)
  }

  /** Lets go whoever may go now, and comes back when the next one may. */
  function pump() {
    wake?.()
    wake = null
    const nowMs = refill()
    const isPaused = nowMs < pausedUntilMs
    while (!isPaused && tokens >= 1 && inFlight < mostInFlight()) {
      const waiter = next()
      if (!waiter) return
      tokens--
      count(waiter.user, 1)
      waiter.go()
    }
    if (inFlight >= mostInFlight() || [...lines.values()].every((line) => line.isEmpty())) return
    const waitMs = isPaused ? pausedUntilMs - nowMs : ((1 - tokens) / ownRatePerS()) * 1000
    wake = time.after(Math.max(1, waitMs), pump)
  }

  return {
    take(priority, user = '', byMs = Infinity) {
      return new Promise((resolve, reject) => {
        const mostMs = Math.max(0, byMs - time.monotonicMs())
        const queueMs = Math.min(mostMs, PATIENCE[priority].queueMs)
        const pauseMs = Math.min(mostMs, PATIENCE[priority].pauseMs)
        const line = lines.get(priority) ?? createLine()
        const leftMs = () => pausedUntilMs - time.monotonicMs()
        if (leftMs() > pauseMs) {
          reject(new RateLimited(leftMs()))
          return
        }
        let isReleased = false
        const release = () => {
          if (isReleased) return
          isReleased = true
          count(user, -1)
          pump()
        }
        const waiter: Waiter = {
          user,
          go() {
            cancel()
            resolve(release)
          },
          giveUp() {
            cancel()
            line.leave(waiter)
            reject(new RateLimited(Math.max(1_000, leftMs())))
          },
        }
        const cancel = time.after(queueMs, waiter.giveUp)
        line.join(waiter)
        pump()
      })
    },
    slowDown(retryAfterMs) {
      const nowMs = refill()
      // Up to a fifth more than asked, so that many organisations' gateways do not return in the same instant.
      let pauseMs = (retryAfterMs ?? 0) * (1 + random() * 0.2)
      if (retryAfterMs === null) {
        // The answers of requests that were under way are one refusal, not many.
        if (nowMs < pausedUntilMs) return pausedUntilMs - nowMs
        share = Math.max(LEAST_SHARE, share / 2)
        pauseMs = nextPauseMs
        nextPauseMs = Math.min(LONGEST_PAUSE_MS, nextPauseMs * 2)
      }
      pausedUntilMs = Math.max(pausedUntilMs, nowMs + pauseMs)
      const leftMs = pausedUntilMs - nowMs
      // What follows comes at the usual rate, and not as one burst that was saved up meanwhile.
      tokens = 0
      refilledMs = pausedUntilMs
      for (const [priority, line] of lines)
        if (leftMs > PATIENCE[priority].pauseMs) for (const waiter of line.all()) waiter.giveUp()
      pump()
      return leftMs
    },
    succeeded() {
      nextPauseMs = FIRST_PAUSE_MS
    },
    state() {
      const nowMs = refill()
      const waiting = [...lines].map(([priority, line]) => [priority, line.all().length])
      return {
        tokens: Math.floor(tokens),
        share,
        pauseMs: Math.max(0, pausedUntilMs - nowMs),
        waiting: Object.fromEntries(waiting) as Record<Priority, number>,
      }
    },
  }
}

/** Those of one priority, user by user in turn. */
type Line = {
  join(waiter: Waiter): void
  leave(waiter: Waiter): void
  /** The first waiter of the first user who may go; the user's others wait behind everybody else. */
  next(mayGo: (user: string) => boolean): Waiter | undefined
  all(): Waiter[]
  isEmpty(): boolean
}

function createLine(): Line {
  const users = new Map<string, Waiter[]>()

  return {
    join(waiter) {
      const own = users.get(waiter.user)
      if (own) own.push(waiter)
      else users.set(waiter.user, [waiter])
    },
    leave(waiter) {
      const own = users.get(waiter.user)?.filter((other) => other !== waiter) ?? []
      if (own.length > 0) users.set(waiter.user, own)
      else users.delete(waiter.user)
    },
    next(mayGo) {
      for (const [user, own] of users) {
        if (!mayGo(user)) continue
        const waiter = own.shift()
        users.delete(user)
        if (own.length > 0) users.set(user, own)
        return waiter
      }
      return undefined
    },
    all: () => [...users.values()].flat(),
    isEmpty: () => users.size === 0,
  }
}
