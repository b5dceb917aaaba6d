import type { Time } from '@homewatt/client'
import type { Learned } from './group.ts'
import { homeKey, type HomeOwner } from './home-key.ts'
import { traceOf, type Log } from './log.ts'
import type { Store } from './store.ts'

/** The habits of one home's devices. */
export type Recalled = Learned & {
  /** Resolves when what was remembered is there. Never rejects: without it, it is learned anew. */
  readonly ready: Promise<void>
}

/** The habits of devices, remembered across restarts. Losing the last few seconds of it costs nothing. */
export type LearnedStore = { of(owner: HomeOwner): Recalled; close(): Promise<void> }

type Rates = ReadonlyMap<string, readonly number[]>

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
  const unsavedRates = new Map<string, { owner: HomeOwner; rates: Rates }>()
  let cancel: (() => void) | null = null

  function failed(error: unknown) {
    log.error({ event: 'store_failed', error: traceOf(error) })
  }

  async function flush() {
    cancel?.()
    cancel = null
    const saving = [...unsaved]
    try {
      if (saving.length > 0) await store.updates.put(saving.map(([, update]) => update))
      for (const [key, update] of saving) if (unsaved.get(key) === update) unsaved.delete(key)
      for (const [key, kept] of unsavedRates) {
        await store.settings.put(kept.owner, 'charge_rates', JSON.stringify(Object.fromEntries(kept.rates)))
        if (unsavedRates.get(key) === kept) unsavedRates.delete(key)
      }
    } catch (error) {
      // A full disk must not take the live values with it; the next update tries again.
      failed(error)
    }
  }

  function flushSoon() {
    cancel ??= time.after(FLUSH_MS, () => void flush())
  }

  return {
    of(owner) {
      const key = homeKey(owner)
      let updates = new Map<string, string[]>()
      let rates: Rates = new Map()
      const ready = Promise.all([store.updates.of(owner), store.settings.find(owner, 'charge_rates')]).then(
        ([storedUpdates, storedRates]) => {
          updates = new Map([...storedUpdates, ...updates])
          rates = new Map([...ratesIn(storedRates), ...rates])
        },
        failed,
      )
      return {
        ready,
        updatesOf: (deviceId) => updates.get(deviceId) ?? [],
        updated(deviceId, latest) {
          updates.set(deviceId, latest)
          unsaved.set(`${key}/${deviceId}`, { owner, deviceId, updates: latest })
          flushSoon()
        },
        ratesOf: (deviceId) => rates.get(deviceId) ?? [],
        charged(deviceId, latest) {
          rates = new Map([...rates, [deviceId, latest]])
          unsavedRates.set(key, { owner, rates })
          flushSoon()
        },
      }
    },
    close: flush,
  }
}

const ratesIn = (kept: string | null): Rates =>
  new Map(Object.entries(kept === null ? {} : (JSON.parse(kept) as Record<string, number[]>)))
