import { randomUUID } from 'node:crypto'
import type { DeviceType, NoticeFacts, NoticeKind } from '@homewatt/contract'
import type { Transaction } from 'kysely'
import type { Database, Tables } from './database.ts'
import type { HomeOwner } from './home-key.ts'
import { isBehind, type ListCursor } from './list-cursor.ts'

/** Something to tell once. Cause, occurrence and kind name it: whoever finds the same again tells nothing new. */
export type Notice = {
  kind: NoticeKind
  /** What it is about, for example `connection/{device id}`: trouble and its end have the same. */
  cause: string
  /** Which time of it. */
  occurrence: string
  /** ms since 1970. */
  atMs: number
  type: DeviceType | null
  deviceId: string | null
  facts: NoticeFacts
}

export type KeptNotice = Notice & { id: string; isRead: boolean }

/** Where a notice is to be sent: `email`, or `push/{subscription}`. */
export type Outgoing = { channel: string; dueMs: number }

/** What is remembered of a home to find the next events; see `events.ts`. */
export type KeptMemory = { revision: number; memory: string }

export type NoticeRows = {
  memoryOf(owner: HomeOwner): Promise<KeptMemory | null>
  /**
   * Keeps what was found with the memory it was found by, all or nothing. `false` when another process was first
   * and the memory is not what it was.
   *
   * @param revision of the memory that was compared with; 0 for none
   */
  remember(
    owner: HomeOwner,
    revision: number,
    memory: string,
    notices: readonly Notice[],
    outgoing: (notice: Notice) => readonly Outgoing[],
    nowMs: number,
  ): Promise<boolean>
  /** Keeps a notice that nobody has kept before; then the answer is `true`. */
  add(owner: HomeOwner, notice: Notice, outgoing: readonly Outgoing[], nowMs: number): Promise<boolean>
  /** Those behind the cursor, or from the newest on. */
  of(owner: HomeOwner, before: ListCursor | null, most: number): Promise<KeptNotice[]>
  unread(owner: HomeOwner): Promise<number>
  read(owner: HomeOwner, untilMs: number): Promise<void>
  forgetBefore(tenant: string, beforeMs: number): Promise<void>
}

export function noticeRows(db: Database): NoticeRows {
  const mine = ({ tenant, userId }: HomeOwner) =>
    db.selectFrom('notices').where('tenant', '=', tenant).where('user_id', '=', userId)

  return {
    async memoryOf({ tenant, userId }) {
      const row = await db
        .selectFrom('notice_memory')
        .select(['revision', 'memory'])
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row ?? null
    },
    remember(owner, revision, memory, notices, outgoing, nowMs) {
      return db.transaction().execute(async (transaction) => {
        const isMine = await moveOn(transaction, owner, revision, memory)
        if (isMine)
          for (const notice of notices) await addTo(transaction, owner, notice, outgoing(notice), nowMs)
        return isMine
      })
    },
    add: (owner, notice, outgoing, nowMs) =>
      db.transaction().execute((transaction) => addTo(transaction, owner, notice, outgoing, nowMs)),
    async of(owner, before, most) {
      const rows = await mine(owner)
        .selectAll()
        .$if(before !== null, (query) => query.where(isBehind(before as ListCursor)))
        .orderBy('at_ms', 'desc')
        .orderBy('id')
        .limit(most)
        .execute()
      return rows.map(keptOf)
    },
    async unread(owner) {
      const { n } = await mine(owner)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .where('is_read', '=', 0)
        .executeTakeFirstOrThrow()
      return Number(n)
    },
    async read({ tenant, userId }, untilMs) {
      await db
        .updateTable('notices')
        .set({ is_read: 1 })
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .where('at_ms', '<=', untilMs)
        .where('is_read', '=', 0)
        .execute()
    },
    async forgetBefore(tenant, beforeMs) {
      await db.deleteFrom('deliveries').where('tenant', '=', tenant).where('made_ms', '<', beforeMs).execute()
      await db.deleteFrom('notices').where('tenant', '=', tenant).where('at_ms', '<', beforeMs).execute()
    },
  }
}

async function moveOn(
  db: Transaction<Tables>,
  { tenant, userId }: HomeOwner,
  revision: number,
  memory: string,
): Promise<boolean> {
  if (revision === 0) {
    const made = await db
      .insertInto('notice_memory')
      .values({ tenant, user_id: userId, revision: 1, memory })
      .onConflict((conflict) => conflict.doNothing())
      .returning('revision')
      .executeTakeFirst()
    return made !== undefined
  }
  const { numUpdatedRows } = await db
    .updateTable('notice_memory')
    .set({ revision: revision + 1, memory })
    .where('tenant', '=', tenant)
    .where('user_id', '=', userId)
    .where('revision', '=', revision)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

async function addTo(
  db: Transaction<Tables>,
  { tenant, userId }: HomeOwner,
  { kind, cause, occurrence, atMs, type, deviceId, facts }: Notice,
  outgoing: readonly Outgoing[],
  nowMs: number,
): Promise<boolean> {
  const id = randomUUID()
  const added = await db
    .insertInto('notices')
    .values({
      id,
      tenant,
      user_id: userId,
      cause,
      occurrence,
      kind,
      type,
      device_id: deviceId,
      facts: JSON.stringify(facts),
      at_ms: Math.round(atMs),
      is_read: 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) return false
  for (const { channel, dueMs } of outgoing)
    await db
      .insertInto('deliveries')
      .values({
        notice: id,
        tenant,
        user_id: userId,
        channel,
        made_ms: Math.round(nowMs),
        due_ms: Math.round(dueMs),
        tries: 0,
        claimed_until_ms: 0,
      })
      .execute()
  return true
}

export const keptOf = (row: Tables['notices']): KeptNotice => ({
  id: row.id,
  kind: row.kind as NoticeKind,
  cause: row.cause,
  occurrence: row.occurrence,
  atMs: row.at_ms,
  type: row.type as DeviceType | null,
  deviceId: row.device_id,
  facts: JSON.parse(row.facts) as NoticeFacts,
  isRead: row.is_read === 1,
})
