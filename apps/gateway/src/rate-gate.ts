import type { Time } from '@homewatt/client'

/** Keeps strangers from making us ask somebody else, or write, as often as they like. */
export type RateGate = { admit(): boolean }

/** @param perS how many a second in the long run, and `burst` at once */
export function createRateGate(time: Time, { perS = 20, burst = 100 } = {}): RateGate {
  let left = burst
  let atMs = time.monotonicMs()
  return {
    admit() {
      const nowMs = time.monotonicMs()
      left = Math.min(burst, left + ((nowMs - atMs) / 1000) * perS)
      atMs = nowMs
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
