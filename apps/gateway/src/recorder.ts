import type { Time } from '@homewatt/client'
import { measuredFields, type DeviceType, type Measured, type Reading } from '@homewatt/contract'
import type { Home } from './homes.ts'
import { traceOf, type Log } from './log.ts'
import type { DeviceOfOwner, Gap, KeptReading, ReadingRows } from './reading-rows.ts'

/** Keeps every new reading once, as it was reported. What fails here never reaches those who look at live values. */
export type Recorder = {
  /** Takes in what the home has new in these types. */
  saw(home: Home, types: readonly DeviceType[]): void
  /** Whether readings can be kept just now. */
  isPaused(): boolean
  /** How many readings wait to be kept. */
  waiting(): number
  /** Keeps what waits, if it can be kept. */
  close(): Promise<void>
}

/** Readings of many homes come together, and a disk is as slow for one as for hundreds. */
const GATHER_MS = 1_000
const RETRY_MS = { first: 5_000, longest: 60_000 }
const MOST_AT_ONCE = 1_000

/** @param mostWaiting so many readings are held while nothing can be kept; beyond it the oldest become a gap */
export function createRecorder({
  rows,
  time,
  log,
  mostWaiting = 20_000,
}: {
  rows: ReadingRows
  time: Time
  log: Log
  mostWaiting?: number
}): Recorder {
  const latest = new WeakMap<Home, Map<string, string>>()
  let queue: (DeviceOfOwner & KeptReading)[] = []
  const gaps = new Map<string, DeviceOfOwner & Gap>()
  let cancel: (() => void) | null = null
  let keeping: Promise<void> | null = null
  let failures = 0

  function take(home: Home, type: DeviceType, reading: Reading) {
    const at = reading.current_state_last_updated_at
    const known = latest.get(home) ?? new Map<string, string>()
    latest.set(home, known)
    if (at === null || known.get(reading.id) === at) return
    known.set(reading.id, at)
    const owner = { tenant: home.tenant, userId: home.userId }
    queue.push({
      owner,
      type,
      deviceId: reading.id,
      atMs: Date.parse(at),
      measured: measuredOf(type, reading),
    })
    const excess = queue.length - mostWaiting
    if (excess > 0) for (const lost of queue.splice(0, excess)) widen(`${home.key}/${lost.deviceId}`, lost)
    cancel ??= time.after(GATHER_MS, () => void keep())
  }

  function widen(key: string, { owner, type, deviceId, atMs }: DeviceOfOwner & KeptReading) {
    const gap = gaps.get(key) ?? { owner, type, deviceId, fromMs: atMs, toMs: atMs }
    gaps.set(key, { ...gap, fromMs: Math.min(gap.fromMs, atMs), toMs: Math.max(gap.toMs, atMs) })
  }

  function keep(): Promise<void> {
    cancel?.()
    cancel = null
    keeping ??= keepAll().finally(() => (keeping = null))
    return keeping
  }

  async function keepAll() {
    try {
      while (queue.length > 0) {
        const some = queue.slice(0, MOST_AT_ONCE)
        await rows.put(some)
        const kept = new Set(some)
        // Meanwhile the oldest may have been pushed out.
        queue = queue.filter((reading) => !kept.has(reading))
      }
      await keepGaps()
      if (failures > 0) log.info({ event: 'recorder_resumed' })
      failures = 0
    } catch (error) {
      if (failures === 0) log.error({ event: 'recorder_paused', error: traceOf(error) })
      const waitMs = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** failures++)
      cancel?.()
      cancel = time.after(waitMs, () => void keep())
    }
  }

  async function keepGaps() {
    const some = [...gaps]
    if (some.length === 0) return
    await rows.putGaps(some.map(([, gap]) => gap))
    for (const [key, gap] of some) if (gaps.get(key) === gap) gaps.delete(key)
    log.warn({ event: 'recorder_gaps', count: some.length })
  }

  return {
    saw(home, types) {
      for (const type of types)
        for (const { reading } of home.groups[type].devices.values()) take(home, type, reading)
    },
    isPaused: () => failures > 0,
    waiting: () => queue.length,
    async close() {
      await keep()
      cancel?.()
      cancel = null
      if (queue.length > 0) log.error({ event: 'readings_lost', count: queue.length })
    },
  }
}

/** In the order of `measuredFields`; what is not there is unknown. */
function measuredOf(type: DeviceType, reading: Reading): Measured[] {
  const values = reading as Readonly<Record<string, unknown>>
  return measuredFields[type].map((name) => {
    const value = values[name]
    return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : null
  })
}
