import type { Time } from '@homewatt/client'
import { deviceTypes, type DeviceType } from '@homewatt/contract'
import { findEvents, type HomeMemory } from './events.ts'
import type { Home, Homes } from './homes.ts'
import { traceOf, type Log } from './log.ts'
import type { KeptMemory, NoticeRows } from './notice-rows.ts'
import type { Notices } from './notices.ts'

/** Compares every home with what is remembered of it, whenever something new is known and every minute. */
export type Watcher = {
  /** These types of the home have something new just now. */
  saw(home: Home, types: readonly DeviceType[]): void
  close(): Promise<void>
}

/** Silence makes no news, so it has to be looked for. */
const LOOK_EVERY_MS = 60_000
/** So often two processes may get in each other's way before the next look has to do. */
const ATTEMPTS = 4

type Watched = { memory: KeptMemory | null; working: Promise<void> | null; again: Set<DeviceType> }

export function createWatcher({
  homes,
  rows,
  notices,
  clock,
  timeZone,
  time,
  log,
}: {
  homes: Pick<Homes, 'all'>
  rows: NoticeRows
  notices: Notices
  /** The Partner API's present time. */
  clock: { nowMs(): number }
  timeZone: string
  time: Time
  log: Log
}): Watcher {
  const watched = new WeakMap<Home, Watched>()
  const working = new Set<Promise<void>>()
  let isClosed = false
  let cancel = time.after(LOOK_EVERY_MS, lookAtAll)

  function lookAtAll() {
    for (const home of homes.all()) look(home, deviceTypes, null)
    cancel = time.after(LOOK_EVERY_MS, lookAtAll)
  }

  /** @param atMs when it was answered; `null`: when the list was */
  function look(home: Home, types: readonly DeviceType[], atMs: number | null) {
    const state = watched.get(home) ?? { memory: null, working: null, again: new Set<DeviceType>() }
    watched.set(home, state)
    if (isClosed) return
    if (state.working) {
      if (atMs !== null) for (const type of types) state.again.add(type)
      return
    }
    const work = compare(home, state, types, atMs)
      .catch((error: unknown) => {
        // What was found is found again: the memory is as it was.
        state.memory = null
        log.error({ event: 'store_failed', error: traceOf(error) })
      })
      .finally(() => {
        state.working = null
        working.delete(work)
        const again = [...state.again]
        state.again.clear()
        if (again.length > 0) look(home, again, clock.nowMs())
      })
    state.working = work
    working.add(work)
  }

  async function compare(home: Home, state: Watched, types: readonly DeviceType[], atMs: number | null) {
    const looks = types.flatMap((type) => {
      const { state: known, askedAt, devices } = home.groups[type]
      if (known !== 'known' || askedAt === null) return []
      const readings = [...devices.values()].map(({ reading }) => reading)
      return [{ type, devices: readings, atMs: atMs ?? Date.parse(askedAt), timeZone }]
    })
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      state.memory ??= (await rows.memoryOf(home)) ?? { revision: 0, memory: '{}' }
      const before = JSON.parse(state.memory.memory) as HomeMemory
      let after = before
      const events = looks.flatMap((look) => {
        const found = findEvents(after, look)
        after = found.memory
        return found.events
      })
      if (after === before) return
      const { revision } = state.memory
      const memory = JSON.stringify(after)
      const isKept = await notices.found(home, revision, memory, events)
      state.memory = isKept ? { revision: revision + 1, memory } : null
      if (isKept) return
    }
  }

  return {
    saw: (home, types) => look(home, types, clock.nowMs()),
    async close() {
      isClosed = true
      cancel()
      await Promise.all(working)
    },
  }
}
