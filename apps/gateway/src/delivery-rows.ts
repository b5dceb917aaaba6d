import type { Database } from './database.ts'
import type { HomeOwner } from './home-key.ts'
import { keptOf, type KeptNotice } from './notice-rows.ts'

/** What is to be sent to somebody over one channel, claimed by this process. */
export type Parcel = {
  owner: HomeOwner
  channel: string
  items: { notice: KeptNotice; madeMs: number; tries: number }[]
}

export type DeliveryRows = {
  /** Takes what is due, by person and channel. For each only one process gets it. */
  claimDue(tenant: string, nowMs: number, untilMs: number, most: number): Promise<Parcel[]>
  /** It arrived, or need not any more. */
  done(parcel: Parcel, notices: readonly string[]): Promise<void>
  /** Later again. */
  retry(parcel: Parcel, dueMs: number): Promise<void>
  /** Nothing goes over this channel any more. */
  dropChannel(owner: HomeOwner, channel: string): Promise<void>
}

export function deliveryRows(db: Database): DeliveryRows {
  const of = ({ tenant, userId }: HomeOwner, channel: string) => ({ tenant, user_id: userId, channel })

  return {
    async claimDue(tenant, nowMs, untilMs, most) {
      const now = Math.round(nowMs)
      const due = await db
        .selectFrom('deliveries')
        .select(['user_id', 'channel'])
        .distinct()
        .where('tenant', '=', tenant)
        .where('due_ms', '<=', now)
        .where('claimed_until_ms', '<=', now)
        .limit(most)
        .execute()
      const parcels: Parcel[] = []
      for (const { user_id, channel } of due) {
        const taken = await db
          .updateTable('deliveries')
          .set({ claimed_until_ms: Math.round(untilMs) })
          .where('tenant', '=', tenant)
          .where('user_id', '=', user_id)
          .where('channel', '=', channel)
          .where('due_ms', '<=', now)
          .where('claimed_until_ms', '<=', now)
          .returning(['notice', 'made_ms', 'tries'])
          .execute()
        if (taken.length === 0) continue
        const rows = await db
          .selectFrom('notices')
          .selectAll()
          .where(
            'id',
            'in',
            taken.map(({ notice }) => notice),
          )
          .orderBy('at_ms')
          .execute()
        const items = rows.map((row) => {
          const { made_ms: madeMs = 0, tries = 0 } = taken.find(({ notice }) => notice === row.id) ?? {}
          return { notice: keptOf(row), madeMs, tries }
        })
        parcels.push({ owner: { tenant, userId: user_id }, channel, items })
      }
      return parcels
    },
    async done({ owner, channel }, notices) {
      if (notices.length === 0) return
      await db
        .deleteFrom('deliveries')
        .where((row) => row.and(of(owner, channel)))
        .where('notice', 'in', [...notices])
        .execute()
    },
    async retry({ owner, channel, items }, dueMs) {
      await db
        .updateTable('deliveries')
        .set((old) => ({ due_ms: Math.round(dueMs), claimed_until_ms: 0, tries: old('tries', '+', 1) }))
        .where((row) => row.and(of(owner, channel)))
        .where(
          'notice',
          'in',
          items.map(({ notice }) => notice.id),
        )
        .execute()
    },
    async dropChannel(owner, channel) {
      await db
        .deleteFrom('deliveries')
        .where((row) => row.and(of(owner, channel)))
        .execute()
    },
  }
}
