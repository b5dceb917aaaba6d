import type { AwayDeviceState, AwayPhase, DeviceType } from '@homewatt/contract'
import type { Database, Tables } from './database.ts'
import type { HomeOwner } from './home-key.ts'

/** A device of a home that is away. */
export type AwayDevice = { type: DeviceType; id: string; state: AwayDeviceState }

/** A time away as kept. Times are ms since 1970 by the gateway's wall clock. */
export type KeptAway = {
  owner: HomeOwner
  /** Names this time away; another one of the same home has another. */
  id: string
  fromMs: number
  untilMs: number
  phase: AwayPhase | 'ended'
  devices: AwayDevice[]
  /** The end for which the reminder was given. */
  remindedMs: number | null
  /** Since when the Partner API keeps what is to do waiting. */
  waitingMs: number | null
  /** When there is something to do next. */
  dueMs: number
  /** Grows with what the person changes: what was decided before it does not count. */
  revision: number
}

/** One process's right to work on a time away, for a while. Whoever claims it later has a higher number. */
export type AwayClaim = KeptAway & { claim: number }

export type AwayRows = {
  /** `null` when there is none, or it has ended. */
  find(owner: HomeOwner): Promise<KeptAway | null>
  /** Sets the times. What is not over goes on with its devices; else a new one begins, under `id`. */
  plan(owner: HomeOwner, wish: { id: string; fromMs: number; untilMs: number; nowMs: number }): Promise<void>
  /** Ends it now. */
  end(owner: HomeOwner, nowMs: number): Promise<void>
  /** Ends all of a tenant now. */
  endAll(tenant: string, nowMs: number): Promise<void>
  /** Takes what is due and nobody works on. For each only one process gets it. */
  claimDue(tenant: string, nowMs: number, untilMs: number, most: number): Promise<AwayClaim[]>
  /** Takes the one of a home, if nobody works on it. */
  claimOf(owner: HomeOwner, nowMs: number, untilMs: number): Promise<AwayClaim | null>
  /** Keeps what was done. `false`: the claim was lost or the person changed something, and nothing is kept. */
  keep(away: AwayClaim): Promise<boolean>
  release(away: AwayClaim): Promise<void>
}

export function awayRows(db: Database): AwayRows {
  const ofOwner = ({ tenant, userId }: HomeOwner) =>
    db.selectFrom('away').selectAll().where('tenant', '=', tenant).where('user_id', '=', userId)

  /** Those still to come or going on of a tenant, whose end is now. */
  const ending = (tenant: string, nowMs: number) => {
    const now = Math.round(nowMs)
    return db
      .updateTable('away')
      .set((old) => ({ until_ms: now, due_ms: now, revision: old('revision', '+', 1) }))
      .where('tenant', '=', tenant)
      .where('phase', '!=', 'ended')
      .where('until_ms', '>', now)
  }

  async function claim({ tenant, userId }: HomeOwner, nowMs: number, untilMs: number) {
    const row = await db
      .updateTable('away')
      .set((old) => ({ claim: old('claim', '+', 1), claimed_until_ms: Math.round(untilMs) }))
      .where('tenant', '=', tenant)
      .where('user_id', '=', userId)
      .where('phase', '!=', 'ended')
      .where('claimed_until_ms', '<=', Math.round(nowMs))
      .returningAll()
      .executeTakeFirst()
    return row ? { ...keptOf(row), claim: row.claim } : null
  }

  return {
    async find(owner) {
      const row = await ofOwner(owner).where('phase', '!=', 'ended').executeTakeFirst()
      return row ? keptOf(row) : null
    },
    async plan({ tenant, userId }, { id, fromMs, untilMs, nowMs }) {
      const times = { until_ms: Math.round(untilMs), due_ms: Math.round(nowMs) }
      await db.transaction().execute(async (transaction) => {
        const kept = transaction
          .updateTable('away')
          .where('tenant', '=', tenant)
          .where('user_id', '=', userId)
          .where('phase', '!=', 'ended')
        const changed = await kept
          .set((old) => ({ ...times, revision: old('revision', '+', 1) }))
          .returning('phase')
          .executeTakeFirst()
        if (changed) {
          // What has begun has begun.
          if (changed.phase === 'planned') await kept.set({ from_ms: Math.round(fromMs) }).execute()
          return
        }
        const fresh = {
          ...times,
          id,
          from_ms: Math.round(fromMs),
          phase: 'planned',
          devices: '[]',
          reminded_ms: null,
          waiting_ms: null,
        }
        await transaction
          .insertInto('away')
          .values({ ...fresh, tenant, user_id: userId, revision: 0, claim: 0, claimed_until_ms: 0 })
          .onConflict((conflict) => conflict.columns(['tenant', 'user_id']).doUpdateSet(fresh))
          .execute()
      })
    },
    async end({ tenant, userId }, nowMs) {
      await ending(tenant, nowMs).where('user_id', '=', userId).execute()
    },
    async endAll(tenant, nowMs) {
      await ending(tenant, nowMs).execute()
    },
    async claimDue(tenant, nowMs, untilMs, most) {
      const due = await db
        .selectFrom('away')
        .select('user_id')
        .where('tenant', '=', tenant)
        .where('phase', '!=', 'ended')
        .where('due_ms', '<=', Math.round(nowMs))
        .where('claimed_until_ms', '<=', Math.round(nowMs))
        .orderBy('due_ms')
        .limit(most)
        .execute()
      const claims: AwayClaim[] = []
      for (const { user_id } of due) {
        const mine = await claim({ tenant, userId: user_id }, nowMs, untilMs)
        if (mine) claims.push(mine)
      }
      return claims
    },
    claimOf: claim,
    async keep({ owner, claim: number, revision, phase, devices, remindedMs, waitingMs, dueMs }) {
      const { numUpdatedRows } = await db
        .updateTable('away')
        .set({
          phase,
          devices: JSON.stringify(devices),
          reminded_ms: remindedMs,
          waiting_ms: waitingMs,
          due_ms: Math.round(dueMs),
        })
        .where('tenant', '=', owner.tenant)
        .where('user_id', '=', owner.userId)
        .where('claim', '=', number)
        .where('revision', '=', revision)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async release({ owner, claim: number }) {
      await db
        .updateTable('away')
        .set({ claimed_until_ms: 0 })
        .where('tenant', '=', owner.tenant)
        .where('user_id', '=', owner.userId)
        .where('claim', '=', number)
        .execute()
    },
  }
}

const keptOf = (row: Tables['away']): KeptAway => ({
  owner: { tenant: row.tenant, userId: row.user_id },
  id: row.id,
  fromMs: row.from_ms,
  untilMs: row.until_ms,
  phase: row.phase as KeptAway['phase'],
  devices: JSON.parse(row.devices) as AwayDevice[],
  remindedMs: row.reminded_ms,
  waitingMs: row.waiting_ms,
  dueMs: row.due_ms,
  revision: row.revision,
})
