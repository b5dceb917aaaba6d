import type { Database } from './database.ts'
import type { HomeOwner } from './home-key.ts'

/** Which user of the Partner API a person is; looked up once at the first sign-in, then remembered. */
export type LinkRows = {
  /** User id; `null` while nobody of this name has signed in. `externalId` is what the sign-in says, by tenant. */
  find(tenant: string, externalId: string): Promise<string | null>
  /** Remembers the user; the newest link counts. */
  put(link: HomeOwner & { externalId: string; linkedMs: number }): Promise<void>
  /** Everybody of a tenant who ever signed in, each once. */
  owners(tenant: string): Promise<HomeOwner[]>
}

export function linkRows(db: Database): LinkRows {
  return {
    async find(tenant, externalId) {
      const row = await db
        .selectFrom('user_links')
        .select('user_id')
        .where('tenant', '=', tenant)
        .where('external_id', '=', externalId)
        .executeTakeFirst()
      return row?.user_id ?? null
    },
    async put({ tenant, userId, externalId, linkedMs }) {
      await db
        .insertInto('user_links')
        .values({ tenant, external_id: externalId, user_id: userId, linked_ms: Math.round(linkedMs) })
        .onConflict((conflict) =>
          conflict
            .columns(['tenant', 'external_id'])
            .doUpdateSet({ user_id: userId, linked_ms: Math.round(linkedMs) }),
        )
        .execute()
    },
    async owners(tenant) {
      const rows = await db
        .selectFrom('user_links')
        .select('user_id')
        .distinct()
        .where('tenant', '=', tenant)
        .execute()
      return rows.map(({ user_id }) => ({ tenant, userId: user_id }))
    },
  }
}
