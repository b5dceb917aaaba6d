import { Forbidden, type Time } from '@homewatt/client'
import type { DeviceType } from '@homewatt/contract'
import type { Home } from './homes.ts'
import { shortHash, type Log } from './log.ts'

/** Keeps a device that may not be read (403, F3) from being asked for again within a minute, whoever waits for it. */
export type DeviceRefusals = {
  /** What `read` comes to. Rejects with `Forbidden`, unasked, when that was refused within the last minute. */
  unlessRefused<T>(device: { home: Home; type: DeviceType; id: string }, read: () => Promise<T>): Promise<T>
}

const REST_MS = 60_000

export function createDeviceRefusals({ time, log }: { time: Time; log: Log }): DeviceRefusals {
  /** Monotonic ms until when, longest ago first. */
  const restUntilMs = new Map<string, number>()

  function remember(key: string) {
    const nowMs = time.monotonicMs()
    for (const [old, untilMs] of restUntilMs) {
      if (nowMs < untilMs) break
      restUntilMs.delete(old)
    }
    restUntilMs.delete(key)
    restUntilMs.set(key, nowMs + REST_MS)
  }

  return {
    async unlessRefused({ home, type, id }, read) {
      const key = `${home.key}/${id}`
      if (time.monotonicMs() < (restUntilMs.get(key) ?? -Infinity)) throw new Forbidden()
      try {
        return await read()
      } catch (error) {
        if (error instanceof Forbidden) {
          log.warn({ event: 'device_refused', home: shortHash(home.key), type })
          remember(key)
        }
        throw error
      }
    },
  }
}
