import type { AuditTrail } from '@homewatt/contract'
import { Hono } from 'hono'
import type { Env, Parts } from './context.ts'
import { beforeOf, nextOf } from './list-page.ts'

const MOST_ENTRIES = 100

/** What was told to this user's devices, and by whom. */
export function auditRoutes({ store }: Pick<Parts, 'store'>) {
  return new Hono<Env>().get('/', async (c) => {
    const { tenant, userId, hash } = c.get('session')
    const rows = await store.audit.of({ tenant, userId }, beforeOf(c), MOST_ENTRIES)
    return c.json({
      entries: rows.map(({ atMs, command, type, deviceId, asked, outcome, reason, session }) => ({
        at: new Date(atMs).toISOString(),
        command,
        type,
        device_id: deviceId,
        asked,
        outcome,
        reason,
        is_own: session === hash,
      })),
      next: nextOf(rows, MOST_ENTRIES),
    } satisfies AuditTrail)
  })
}
