import { policyOf, type Policy } from './policy.ts'
import { createRollingCount } from './rolling-count.ts'
import type { Time } from './time.ts'

/**
 * How many retries a node may add: a share of what succeeded within the last minute, and a few a second when little
 * succeeds at all.
 */
export type RetryBudget = {
  succeeded(): void
  /** Takes one retry out, if there is one. */
  take(): boolean
}

const WINDOW_S = 60
/** The floor is kept on the mean of so long: a single call that fails has both its retries. */
const FLOOR_S = 10

export function createRetryBudget(
  time: Time,
  { retryShare, retriesPerS }: Pick<Policy, 'retryShare' | 'retriesPerS'> = policyOf(),
): RetryBudget {
  const successes = createRollingCount(time, WINDOW_S)
  const retries = createRollingCount(time, WINDOW_S)

  return {
    succeeded: () => successes.add(),
    take() {
      const isInShare = retries.within(WINDOW_S) < successes.within(WINDOW_S) * retryShare
      if (!isInShare && retries.within(FLOOR_S) >= retriesPerS * FLOOR_S) return false
      retries.add()
      return true
    },
  }
}
