import type { Time } from './time.ts'

/** How often something happened lately, to within a second. */
export type RollingCount = {
  add(): void
  /** How often within the last `seconds`, at most as many as are kept. */
  within(seconds: number): number
  clear(): void
}

export function createRollingCount(time: Time, keptS: number): RollingCount {
  let counts = new Map<number, number>()
  const second = () => Math.floor(time.monotonicMs() / 1000)

  return {
    add() {
      const now = second()
      counts.set(now, (counts.get(now) ?? 0) + 1)
      // Oldest first, so this looks no further than the first that stays.
      for (const old of counts.keys()) {
        if (old > now - keptS) break
        counts.delete(old)
      }
    },
    within(seconds) {
      const from = second() - seconds
      let sum = 0
      for (const [at, count] of counts) if (at > from) sum += count
      return sum
    },
    clear() {
      counts = new Map()
    },
  }
}
