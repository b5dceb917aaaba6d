import type { Time } from '@homewatt/client'
import type { Learned } from './group.ts'
import { homeKey, type HomeOwner } from './home-key.ts'
import { traceOf, type Log } from './log.ts'
import type { Store } from './store.ts'

/** The rhythm of devices, remembered across restarts. Losing the last few seconds of it costs nothing. */
export type LearnedStore = { of(owner: HomeOwner): Learned; close(): void }

const FLUSH_MS = 10_000

export function createLearnedStore({
  store,
  time,
  log,
}: {
  store: Store
  time: Time
  log: Log
}): LearnedStore {
  const unsaved = new Map<string, { owner: HomeOwner; deviceId: string; updates: string[] }>()
  let cancel: (() => void) | null = null

  function flush() {
    cancel?.()
    cancel = null
    if (unsaved.size === 0) return
    try {
      store.putUpdates([...unsaved.values()])
      unsaved.clear()
    } catch (error) {
      // A full disk must not take the live values with it; the next update tries again.
      log.error({ event: 'store_failed', error: traceOf(error) })
    }
  }

  return {
    of(owner) {
      const key = homeKey(owner)
      const updates = store.updatesOf(owner)
      return {
        updatesOf: (deviceId) => updates.get(deviceId) ?? [],
        updated(deviceId, latest) {
          updates.set(deviceId, latest)
          unsaved.set(`${key}/${deviceId}`, { owner, deviceId, updates: latest })
          cancel ??= time.after(FLUSH_MS, flush)
        },
      }
    },
    close: flush,
  }
}
