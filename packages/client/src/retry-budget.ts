import { createRollingCount } from './rolling-count.ts'
import type { Time } from './time.ts'

/**
 * How many retries a node may add: a tenth of what succeeded within the last minute, and one per second when little
 * succeeds at all.
 */
export type RetryBudget = {
  succeeded(): void
  /** Takes one retry out, if there is one. */
  take(): boolean
}

const WINDOW_S = 60
const SHARE_OF_SUCCESSES = 0.1
/** On the mean of ten seconds: a single call that fails has both its retries. */
const FLOOR = { retries: 10, seconds: 10 }

export function createRetryBudget(time: Time): RetryBudget {
  const successes = createRollingCount(time, WINDOW_S)
  const retries = createRollingCount(time, WINDOW_S)

  return {
    succeeded: () => successes.add(),
    take() {
      const isInShare = retries.within(WINDOW_S) < successes.within(WINDOW_S) * SHARE_OF_SUCCESSES
      if (!isInShare && retries.within(FLOOR.seconds) >= FLOOR.retries) return false
      retries.add()
      return true
    },
  }
}
