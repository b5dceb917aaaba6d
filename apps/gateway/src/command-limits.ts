import type { Time } from '@homewatt/client'
import { tooManyRequests } from './errors.ts'

/** How often commands may be given: 10 a minute per device, 30 per home. */
export type CommandLimits = {
  /** Counts one command. Throws `too_many_requests` when it is one too many. */
  admit(homeKey: string, deviceKey: string): void
}

const PER_DEVICE = 10
const PER_HOME = 30
const WINDOW_MS = 60_000
/** Beyond this many keys the old ones are looked through. */
const SWEEP_AT = 1_000

export function createCommandLimits(time: Time): CommandLimits {
  const given = new Map<string, number[]>()

  function count(key: string, most: number) {
    const nowMs = time.monotonicMs()
    const recent = (given.get(key) ?? []).filter((atMs) => nowMs - atMs < WINDOW_MS)
    const [oldestMs = nowMs] = recent
    if (recent.length >= most) throw tooManyRequests(oldestMs + WINDOW_MS - nowMs)
    given.set(key, [...recent, nowMs])
  }

  function sweep() {
    const nowMs = time.monotonicMs()
    for (const [key, all] of given) if (nowMs - (all.at(-1) ?? 0) >= WINDOW_MS) given.delete(key)
  }

  return {
    admit(homeKey, deviceKey) {
      count(deviceKey, PER_DEVICE)
      count(homeKey, PER_HOME)
      if (given.size > SWEEP_AT) sweep()
    },
  }
}
