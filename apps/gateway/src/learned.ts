import type { Time } from '@homewatt/client'
import type { Learned } from './group.ts'
import { homeKey, type HomeOwner } from './home-key.ts'
import { traceOf, type Log } from './log.ts'
import type { Store } from './store.ts'

/** The rhythm of one home's devices. */
export type Recalled = Learned & {
  /** Resolves when what was remembered is there. Never rejects: without it, it is learned anew. */
  readonly ready: Promise<void>
}

/** The rhythm of devices, remembered across restarts. Losing the last few seconds of it costs nothing. */
export type LearnedStore = { of(owner: HomeOwner): Recalled; close(): Promise<void> }

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

  function failed(error: unknown) {
    log.error({ event: 'store_failed', error: traceOf(error) })
  }

  async function flush() {
    cancel?.()
    cancel = null
    const saving = [...unsaved]
    if (saving.length === 0) return
    try {
      await store.updates.put(saving.map(([, update]) => update))
      for (const [key, update] of saving) if (unsaved.get(key) === update) unsaved.delete(key)
    } catch (error) {
      // A full disk must not take the live values with it; the next update tries again.
      failed(error)
    }
  }

  return {
    of(owner) {
      const key = homeKey(owner)
      let updates = new Map<string, string[]>()
      const ready = store.updates.of(owner).then((stored) => {
        updates = new Map([...stored, ...updates])
      }, failed)
      return {
        ready,
        updatesOf: (deviceId) => updates.get(deviceId) ?? [],
        updated(deviceId, latest) {
          updates.set(deviceId, latest)
          unsaved.set(`${key}/${deviceId}`, { owner, deviceId, updates: latest })
          cancel ??= time.after(FLUSH_MS, () => void flush())
        },
      }
    },
    close: flush,
  }
}
