import type { Database } from './database.ts'
import type { HomeOwner } from './home-key.ts'
import { isBehind, type ListCursor } from './list-cursor.ts'

/** Who told what to which device, when, and how it ended. */
export type AuditRow = {
  id: string
  owner: HomeOwner
  atMs: number
  /** Hash of the session that gave the command. */
  session: string
  command: string
  type: string | null
  deviceId: string | null
  asked: Record<string, unknown> | null
  outcome: string
  reason: string | null
}

export type AuditRows = {
  /** What is written down under this id already stays as it is. */
  put(row: AuditRow): Promise<void>
  end(id: string, outcome: string, reason: string | null): Promise<void>
  drop(id: string): Promise<void>
  /** Those of a user behind the cursor, or from the newest on, at most `most`. */
  of(owner: HomeOwner, before: ListCursor | null, most: number): Promise<AuditRow[]>
  forgetBefore(tenant: string, beforeMs: number): Promise<void>
}

export function auditRows(db: Database): AuditRows {
  return {
    async put({ id, owner, atMs, session, command, type, deviceId, asked, outcome, reason }) {
      await db
        .insertInto('audit')
        .values({
          id,
          tenant: owner.tenant,
          user_id: owner.userId,
          at_ms: Math.round(atMs),
          session,
          command,
          type,
          device_id: deviceId,
          asked: asked && JSON.stringify(asked),
          outcome,
          reason,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async end(id, outcome, reason) {
      await db.updateTable('audit').set({ outcome, reason }).where('id', '=', id).execute()
    },
    async drop(id) {
      await db.deleteFrom('audit').where('id', '=', id).execute()
    },
    async of(owner, before, most) {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where('tenant', '=', owner.tenant)
        .where('user_id', '=', owner.userId)
        .$if(before !== null, (query) => query.where(isBehind(before as ListCursor)))
        .orderBy('at_ms', 'desc')
        .orderBy('id')
        .limit(most)
        .execute()
      return rows.map((row) => ({
        id: row.id,
        owner,
        atMs: row.at_ms,
        session: row.session,
        command: row.command,
        type: row.type,
        deviceId: row.device_id,
        asked: row.asked === null ? null : (JSON.parse(row.asked) as Record<string, unknown>),
        outcome: row.outcome,
        reason: row.reason,
      }))
    },
    async forgetBefore(tenant, beforeMs) {
      await db.deleteFrom('audit').where('tenant', '=', tenant).where('at_ms', '<', beforeMs).execute()
    },
  }
}
