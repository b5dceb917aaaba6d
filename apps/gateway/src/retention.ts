import type { Time } from '@homewatt/client'
import { traceOf, type Log } from './log.ts'
import type { Store } from './store.ts'
import type { SessionLife } from './tenants.ts'

/** Deletes what is too old, a minute after the start and every six hours. */
export type Retention = { close(): void }

const EVERY_MS = 6 * 60 * 60_000
const FIRST_MS = 60_000

/** Deletes history, audit trail and notices of a tenant when they are older than it keeps them. */
export function createRetention({
  store,
  tenant,
  keptMonths,
  time,
  log,
}: {
  store: Store
  tenant: string
  keptMonths: number
  time: Time
  log: Log
}): Retention {
  return regularly(time, log, async () => {
    const beforeMs = monthsBefore(time.wallMs(), keptMonths)
    await store.readings.forgetBefore(tenant, beforeMs)
    await store.audit.forgetBefore(tenant, beforeMs)
    await store.notices.forgetBefore(tenant, beforeMs)
  })
}

/**
 * Deletes the sessions that have run out, also those of tenants that are no more.
 *
 * @param lives of all tenants; the longest counts
 */
export function createSessionRetention({
  store,
  lives,
  time,
  log,
}: {
  store: Pick<Store, 'sessions'>
  lives: readonly SessionLife[]
  time: Time
  log: Log
}): Retention {
  const longestMs = (part: keyof SessionLife) => Math.max(...lives.map((life) => life[part]))
  const bootMs = time.wallMs() - time.monotonicMs()
  return regularly(time, log, async () => {
    // Whoever sets the clock on the wall forward ends nobody's session.
    const nowMs = Math.min(time.wallMs(), bootMs + time.monotonicMs())
    await store.sessions.dropBefore(nowMs - longestMs('absoluteMs'), nowMs - longestMs('idleMs'))
  })
}

function regularly(time: Time, log: Log, forget: () => Promise<void>): Retention {
  let isClosed = false
  let cancel = time.after(FIRST_MS, () => void run())

  async function run() {
    try {
      await forget()
    } catch (error) {
      log.error({ event: 'store_failed', error: traceOf(error) })
    }
    if (!isClosed) cancel = time.after(EVERY_MS, () => void run())
  }

  return {
    close() {
      isClosed = true
      cancel()
    },
  }
}

function monthsBefore(nowMs: number, months: number): number {
  const date = new Date(nowMs)
  // From the 1st, for the 31st minus one month would be the 3rd of the same.
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1)
}
