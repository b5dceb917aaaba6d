import * as v from 'valibot'
import type { Database } from './database.ts'
import type { HomeOwner } from './home-key.ts'

/** When devices last reported, from which their rhythm is learned. */
export type UpdateRows = {
  /** Distinct update times of the owner's devices, by device id, oldest first. */
  of(owner: HomeOwner): Promise<Map<string, string[]>>
  put(all: { owner: HomeOwner; deviceId: string; updates: string[] }[]): Promise<void>
}

/** So that no statement has more parameters than a database takes. */
const ROWS_AT_ONCE = 500

const Updates = v.pipe(v.string(), v.parseJson(), v.array(v.string()))

/** What cannot be read is learned anew. */
function updatesIn(kept: string): string[] {
  const read = v.safeParse(Updates, kept)
  return read.success ? read.output : []
}

export function updateRows(db: Database): UpdateRows {
  return {
    async of({ tenant, userId }) {
      const rows = await db
        .selectFrom('device_updates')
        .select(['device_id', 'updates'])
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .execute()
      return new Map(rows.map(({ device_id, updates }) => [device_id, updatesIn(updates)]))
    },
    async put(all) {
      const rows = all.map(({ owner, deviceId, updates }) => ({
        tenant: owner.tenant,
        user_id: owner.userId,
        device_id: deviceId,
        updates: JSON.stringify(updates),
      }))
      await db.transaction().execute(async (transaction) => {
        for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
          await transaction
            .insertInto('device_updates')
            .values(rows.slice(from, from + ROWS_AT_ONCE))
            .onConflict((conflict) =>
              conflict
                .columns(['tenant', 'user_id', 'device_id'])
                .doUpdateSet((row) => ({ updates: row.ref('excluded.updates') })),
            )
            .execute()
      })
    },
  }
}
