import type { AuditTrail } from '@homewatt/contract'
import { Hono } from 'hono'
import * as v from 'valibot'
import { invalidRequest } from '../errors.ts'
import type { Env, Parts } from './context.ts'

const MOST_ENTRIES = 100
const Before = v.optional(v.pipe(v.string(), v.isoTimestamp()))

/** What was told to this user's devices, and by whom. */
export function auditRoutes({ store }: Pick<Parts, 'store'>) {
  return new Hono<Env>().get('/', async (c) => {
    const before = v.safeParse(Before, c.req.query('before'))
    if (!before.success) throw invalidRequest({ before: 'Say a time with its zone.' })
    const beforeMs = before.output === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(before.output)
    const { tenant, userId, hash } = c.get('session')
    const rows = await store.audit.of({ tenant, userId }, beforeMs, MOST_ENTRIES)
    const last = rows.length === MOST_ENTRIES ? rows.at(-1) : undefined
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
      next: last ? new Date(last.atMs).toISOString() : null,
    } satisfies AuditTrail)
  })
}
