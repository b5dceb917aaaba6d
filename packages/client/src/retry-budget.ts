import type { Time } from './time.ts'

/** How many retries a node may add: a tenth of what succeeds, and one per second when little happens at all. */
export type RetryBudget = {
  succeeded(): void
  /** Takes one retry out, if there is one. */
  take(): boolean
}

const SHARE_OF_SUCCESSES = 0.1
const FLOOR_PER_S = 1
/** So that a quiet hour does not save up for a storm. */
const MOST = 10

export function createRetryBudget(time: Time): RetryBudget {
  let retries = MOST
  let countedMs = time.monotonicMs()

  function grow(by: number) {
    const nowMs = time.monotonicMs()
    retries = Math.min(MOST, retries + by + ((nowMs - countedMs) / 1000) * FLOOR_PER_S)
    countedMs = nowMs
  }

  return {
    succeeded: () => grow(SHARE_OF_SUCCESSES),
    take() {
      grow(0)
      if (retries < 1) return false
      retries--
      return true
    },
  }
}
