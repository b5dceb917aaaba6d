import type { Policy, Time } from '@homewatt/client'
import type { Home } from './homes.ts'

/** Tells whether a 403 is about one account, or about the organisation's own. */
export type Refusals = {
  answered(home: Home): void
  /**
   * How long to leave the Partner API alone, ms, when more than half of all homes are refused; `null` while it is a
   * matter of single ones.
   */
  refused(home: Home): number | null
}

/** Every home that is looked at is asked at least so often, also after a refusal. */
const LATELY_MS = 2 * 60_000
/** One or two homes are no majority of anything. */
const LEAST_HOMES = 3

/** @param policy it is the credential that is refused then, so it is left alone for as long as the token endpoint */
export function createRefusals(
  time: Time,
  policy: Pick<Policy, 'tokenProbeLeastMs' | 'tokenProbeMostMs'>,
): Refusals {
  const latest = new Map<Home, { atMs: number; isRefused: boolean }>()
  /** So often in a row it was taken for the credential. */
  let times = 0
  const restMs = () => Math.min(policy.tokenProbeMostMs, policy.tokenProbeLeastMs * 2 ** times)

  function note(home: Home, isRefused: boolean) {
    latest.delete(home)
    latest.set(home, { atMs: time.monotonicMs(), isRefused })
  }

  return {
    answered(home) {
      times = 0
      note(home, false)
    },
    refused(home) {
      note(home, true)
      const sinceMs = time.monotonicMs() - Math.max(LATELY_MS, restMs())
      // Oldest first, so this looks no further than the first that stays.
      for (const [old, { atMs }] of latest) {
        if (atMs >= sinceMs) break
        latest.delete(old)
      }
      const count = [...latest.values()].filter(({ isRefused }) => isRefused).length
      if (count < LEAST_HOMES || count <= latest.size / 2) return null
      const presentMs = restMs()
      times++
      return presentMs
    },
  }
}
