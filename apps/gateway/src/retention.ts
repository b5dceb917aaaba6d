import type { Time } from '@homewatt/client'
import { traceOf, type Log } from './log.ts'
import type { Store } from './store.ts'

/** Deletes history, audit trail and notices of a tenant when they are older than it keeps them. */
export type Retention = { close(): void }

const EVERY_MS = 6 * 60 * 60_000
const FIRST_MS = 60_000

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
  let isClosed = false
  let cancel = time.after(FIRST_MS, () => void run())

  async function run() {
    try {
      const beforeMs = monthsBefore(time.wallMs(), keptMonths)
      await store.readings.forgetBefore(tenant, beforeMs)
      await store.audit.forgetBefore(tenant, beforeMs)
      await store.notices.forgetBefore(tenant, beforeMs)
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
