import type { Database } from './database.ts'
import type { HomeOwner } from './home-key.ts'

/** A session as kept: whose it is and when it was begun and last used, ms since 1970. Never its id, only the hash. */
export type StoredSession = HomeOwner & {
  hash: string
  /** Name of the demo home. */
  home: string | null
  createdMs: number
  seenMs: number
  /** What the issuer calls the person, `sub`; `null` in the demo. */
  subject: string | null
  /** What the issuer calls its own session, `sid`; `null` when it does not say. */
  issuerSid: string | null
  /** What kind of browser it is, for the person to recognise it by. */
  client: string | null
}

export type SessionRows = {
  find(hash: string): Promise<StoredSession | null>
  put(session: StoredSession): Promise<void>
  saw(hash: string, seenMs: number): Promise<void>
  drop(hash: string): Promise<void>
  /** Drops what was begun before `createdMs` or last used before `seenMs`. */
  dropBefore(createdMs: number, seenMs: number): Promise<void>
  /** All sessions of a user, last used first. */
  ofOwner(owner: HomeOwner): Promise<StoredSession[]>
  /** The sessions that an issuer means by `sub`, or by `sid`, or by both. */
  ofIssuer(tenant: string, named: { subject?: string; issuerSid?: string }): Promise<StoredSession[]>
}

export function sessionRows(db: Database): SessionRows {
  return {
    async find(hash) {
      const row = await db.selectFrom('sessions').selectAll().where('hash', '=', hash).executeTakeFirst()
      return row ? storedOf(row) : null
    },
    async put({ hash, tenant, userId, home, createdMs, seenMs, subject, issuerSid, client }) {
      await db
        .insertInto('sessions')
        .values({
          hash,
          tenant,
          user_id: userId,
          home,
          created_ms: Math.round(createdMs),
          seen_ms: Math.round(seenMs),
          subject,
          issuer_sid: issuerSid,
          client,
        })
        .execute()
    },
    async saw(hash, seenMs) {
      await db
        .updateTable('sessions')
        .set({ seen_ms: Math.round(seenMs) })
        .where('hash', '=', hash)
        .execute()
    },
    async drop(hash) {
      await db.deleteFrom('sessions').where('hash', '=', hash).execute()
    },
    async dropBefore(createdMs, seenMs) {
      await db
        .deleteFrom('sessions')
        .where((row) =>
          row.or([row('created_ms', '<', Math.round(createdMs)), row('seen_ms', '<', Math.round(seenMs))]),
        )
        .execute()
    },
    async ofOwner({ tenant, userId }) {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .orderBy('seen_ms', 'desc')
        .execute()
      return rows.map(storedOf)
    },
    async ofIssuer(tenant, { subject, issuerSid }) {
      // Naming nobody must not mean everybody.
      if (subject === undefined && issuerSid === undefined) return []
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('tenant', '=', tenant)
        .$if(subject !== undefined, (query) => query.where('subject', '=', subject ?? ''))
        .$if(issuerSid !== undefined, (query) => query.where('issuer_sid', '=', issuerSid ?? ''))
        .execute()
      return rows.map(storedOf)
    },
  }
}

type Row = {
  hash: string
  tenant: string
  user_id: string
  home: string | null
  created_ms: number
  seen_ms: number
  subject: string | null
  issuer_sid: string | null
  client: string | null
}

const storedOf = (row: Row): StoredSession => ({
  hash: row.hash,
  tenant: row.tenant,
  userId: row.user_id,
  home: row.home,
  createdMs: row.created_ms,
  seenMs: row.seen_ms,
  subject: row.subject,
  issuerSid: row.issuer_sid,
  client: row.client,
})
