import type { Time } from '@homewatt/client'
import { WeeklyChargePolicy } from '@homewatt/contract'
import * as v from 'valibot'
import { Spell } from './charge-rates.ts'
import type { Learned } from './group.ts'
import { homeKey, type HomeOwner } from './home-key.ts'
import { traceOf, type Log } from './log.ts'
import type { SettingName } from './setting-rows.ts'
import type { Store } from './store.ts'

/** The habits of one home's devices. */
export type Recalled = Learned & {
  /** Resolves when what was remembered is there. Never rejects: without it, it is learned anew. */
  readonly ready: Promise<void>
  /** The weekly plan of a vehicle as last read, and what the vehicle said then of the plan's last change. */
  planOf(deviceId: string): LearnedPlan | undefined
  planned(deviceId: string, plan: LearnedPlan): void
}

/** The habits of devices, remembered across restarts. Losing the last few seconds of it costs nothing. */
export type LearnedStore = { of(owner: HomeOwner): Recalled; close(): Promise<void> }

const Spells = v.array(Spell)
const LearnedPlan = v.object({ changedAt: v.string(), policy: WeeklyChargePolicy })
export type LearnedPlan = v.InferOutput<typeof LearnedPlan>

type SpellsOf = ReadonlyMap<string, readonly Spell[]>
type Plans = ReadonlyMap<string, LearnedPlan>
/** What is kept of a whole home under one name, by device. */
type Kept = { owner: HomeOwner; name: SettingName; values: ReadonlyMap<string, unknown> }

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
  const unsavedOfHomes = new Map<string, Kept>()
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
      for (const [key, kept] of unsavedOfHomes) {
        await store.settings.put(kept.owner, kept.name, JSON.stringify(Object.fromEntries(kept.values)))
        if (unsavedOfHomes.get(key) === kept) unsavedOfHomes.delete(key)
      }
    } catch (error) {
      // A full disk must not take the live values with it; the next update tries again.
      failed(error)
    }
  }

  function flushSoon() {
    cancel ??= time.after(FLUSH_MS, () => void flush())
  }

  function keep(kept: Kept) {
    unsavedOfHomes.set(`${homeKey(kept.owner)}/${kept.name}`, kept)
    flushSoon()
  }

  return {
    of(owner) {
      const key = homeKey(owner)
      let updates = new Map<string, string[]>()
      let spells: SpellsOf = new Map()
      let plans: Plans = new Map()
      const ready = Promise.all([
        store.updates.of(owner),
        store.settings.find(owner, 'charge_rates'),
        store.settings.find(owner, 'charge_plans'),
      ])
        .then(([storedUpdates, storedSpells, storedPlans]) => {
          updates = new Map([...storedUpdates, ...updates])
          spells = new Map([...entriesIn(storedSpells, Spells), ...spells])
          plans = new Map([...entriesIn(storedPlans, LearnedPlan), ...plans])
        })
        .catch(failed)
      return {
        ready,
        updatesOf: (deviceId) => updates.get(deviceId) ?? [],
        updated(deviceId, latest) {
          updates.set(deviceId, latest)
          unsaved.set(`${key}/${deviceId}`, { owner, deviceId, updates: latest })
          flushSoon()
        },
        spellsOf: (deviceId) => spells.get(deviceId) ?? [],
        charged(deviceId, latest) {
          spells = new Map([...spells, [deviceId, latest]])
          keep({ owner, name: 'charge_rates', values: spells })
        },
        planOf: (deviceId) => plans.get(deviceId),
        planned(deviceId, latest) {
          plans = new Map([...plans, [deviceId, latest]])
          keep({ owner, name: 'charge_plans', values: plans })
        },
      }
    },
    close: flush,
  }
}

/** What was kept, by device. What cannot be read, a whole row or what one device left, is learned anew. */
function entriesIn<S extends v.GenericSchema>(kept: string | null, schema: S): Map<string, v.InferOutput<S>> {
  const all = v.safeParse(v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())), kept ?? '{}')
  const entries = new Map<string, v.InferOutput<S>>()
  for (const [deviceId, value] of Object.entries(all.success ? all.output : {})) {
    const read = v.safeParse(schema, value)
    if (read.success) entries.set(deviceId, read.output)
  }
  return entries
}
