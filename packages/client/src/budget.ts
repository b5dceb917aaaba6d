import { RateLimited } from './errors.ts'
import type { Time } from './time.ts'

/** What a request is for, most urgent first. */
export const priorities = ['command', 'boost', 'visible', 'hidden', 'recorder'] as const
export type Priority = (typeof priorities)[number]

/** How many requests the organisation may make: everything goes through here, the urgent first. */
export type Budget = {
  /**
   * Waits for a turn; call the result when the exchange is over. Rejects with `RateLimited` when none can come in
   * time: polls wait long in a queue, which only stretches their cadence, but not for a partner that asked for
   * peace, so that the person is told; commands have a person waiting.
   */
  take(priority: Priority): Promise<() => void>
  /** The partner asked to slow down: everybody pauses, for as long as it said, or ever longer when it did not. */
  slowDown(retryAfterMs: number | null): void
  succeeded(): void
}

type Waiter = { priority: Priority; go: () => void; giveUp: () => void }

/** How long to wait for a turn among others, and for the end of a pause that the partner asked for. */
const PATIENCE: Record<Priority, { queueMs: number; pauseMs: number }> = {
  command: { queueMs: 5_000, pauseMs: 5_000 },
  boost: { queueMs: 30_000, pauseMs: 1_000 },
  visible: { queueMs: 300_000, pauseMs: 1_000 },
  hidden: { queueMs: 300_000, pauseMs: 1_000 },
  recorder: { queueMs: 300_000, pauseMs: 1_000 },
}
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 120_000
const LEAST_SHARE = 1 / 16
/** Additive regrowth of the rate after it was halved, share per second. */
const REGROWTH_PER_S = 0.01

export function createBudget({
  ratePerS = 50,
  burst = 100,
  maxInFlight = 32,
  time,
  random,
}: {
  ratePerS?: number
  burst?: number
  maxInFlight?: number
  time: Time
  random: () => number
}): Budget {
  const waiting = new Map<Priority, Waiter[]>(priorities.map((priority) => [priority, []]))
  let tokens = burst
  let refilledMs = time.monotonicMs()
  let inFlight = 0
  let share = 1
  let pausedUntilMs = -Infinity
  let nextPauseMs = FIRST_PAUSE_MS
  let wake: (() => void) | null = null

  function refill() {
    const nowMs = time.monotonicMs()
    const elapsedS = (nowMs - refilledMs) / 1000
    share = Math.min(1, share + elapsedS * REGROWTH_PER_S)
    tokens = Math.min(burst, tokens + elapsedS * ratePerS * share)
    refilledMs = nowMs
    return nowMs
  }

  function next(): Waiter | undefined {
    for (const queue of waiting.values()) if (queue.length > 0) return queue.shift()
    return undefined
  }

  /** Lets go whoever may go now, and comes back when the next one may. */
  function pump() {
    wake?.()
    wake = null
    const nowMs = refill()
    const isPaused = nowMs < pausedUntilMs
    while (!isPaused && tokens >= 1 && inFlight < maxInFlight) {
      const waiter = next()
      if (!waiter) return
      tokens--
      inFlight++
      waiter.go()
    }
    if (inFlight >= maxInFlight || [...waiting.values()].every((queue) => queue.length === 0)) return
    const waitMs = isPaused ? pausedUntilMs - nowMs : ((1 - tokens) / (ratePerS * share)) * 1000
    wake = time.after(Math.max(1, waitMs), pump)
  }

  return {
    take(priority) {
      return new Promise((resolve, reject) => {
        const { queueMs, pauseMs } = PATIENCE[priority]
        const queue = waiting.get(priority) ?? []
        const leftMs = () => pausedUntilMs - time.monotonicMs()
        if (leftMs() > pauseMs) {
          reject(new RateLimited(leftMs()))
          return
        }
        let isReleased = false
        const release = () => {
          if (isReleased) return
          isReleased = true
          inFlight--
          pump()
        }
        const waiter: Waiter = {
          priority,
          go() {
            cancel()
            resolve(release)
          },
          giveUp() {
            cancel()
            queue.splice(queue.indexOf(waiter), 1)
            reject(new RateLimited(Math.max(1_000, leftMs())))
          },
        }
        const cancel = time.after(queueMs, waiter.giveUp)
        queue.push(waiter)
        pump()
      })
    },
    slowDown(retryAfterMs) {
      const nowMs = refill()
      // Up to a fifth more than asked, so that many organisations' gateways do not return in the same instant.
      let pauseMs = (retryAfterMs ?? 0) * (1 + random() * 0.2)
      if (retryAfterMs === null) {
        if (nowMs < pausedUntilMs) return
        share = Math.max(LEAST_SHARE, share / 2)
        pauseMs = nextPauseMs
        nextPauseMs = Math.min(LONGEST_PAUSE_MS, nextPauseMs * 2)
      }
      pausedUntilMs = Math.max(pausedUntilMs, nowMs + pauseMs)
      const leftMs = pausedUntilMs - nowMs
      for (const waiter of [...waiting.values()].flat())
        if (leftMs > PATIENCE[waiter.priority].pauseMs) waiter.giveUp()
      pump()
    },
    succeeded() {
      nextPauseMs = FIRST_PAUSE_MS
    },
  }
}
