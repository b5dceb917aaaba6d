import type { Language } from '@homewatt/display'
import type { Database, Tables } from './database.ts'
import type { HomeOwner } from './home-key.ts'

/** A browser that gets messages. `id` is a hash of the endpoint. */
export type KeptSubscription = {
  id: string
  owner: HomeOwner
  endpoint: string
  p256dh: string
  auth: string
  language: Language
  failingMs: number | null
}

export type KeptEmail = {
  owner: HomeOwner
  address: string
  language: Language
  confirmedMs: number | null
  codeHash: string | null
  codeUntilMs: number
  guesses: number
  /** Opens nothing but the end of mail to this address. */
  unsubscribe: string
  failingMs: number | null
}

/** Where people are told things, and what that needs. */
export type ContactRows = {
  putSubscription(subscription: Omit<KeptSubscription, 'failingMs'>, nowMs: number): Promise<void>
  subscriptions(owner: HomeOwner): Promise<KeptSubscription[]>
  subscription(owner: HomeOwner, id: string): Promise<KeptSubscription | null>
  dropSubscription(owner: HomeOwner, id: string): Promise<void>
  subscriptionFails(id: string, sinceMs: number | null): Promise<void>
  putEmail(email: Omit<KeptEmail, 'failingMs' | 'guesses'>): Promise<void>
  email(owner: HomeOwner): Promise<KeptEmail | null>
  emailByUnsubscribe(tenant: string, unsubscribe: string): Promise<KeptEmail | null>
  /** Counts one guess at the code; so many there are now. */
  guessed(owner: HomeOwner): Promise<number>
  confirmEmail(owner: HomeOwner, nowMs: number): Promise<void>
  dropEmail(owner: HomeOwner): Promise<void>
  emailFails(owner: HomeOwner, sinceMs: number | null): Promise<void>
  /** The key of a tenant by this name: the one that is there, else `made`. */
  key(tenant: string, name: string, made: string): Promise<string>
}

export function contactRows(db: Database): ContactRows {
  const ofOwner = ({ tenant, userId }: HomeOwner) => ({ tenant, user_id: userId })

  return {
    async putSubscription({ id, owner, endpoint, p256dh, auth, language }, nowMs) {
      const row = { ...ofOwner(owner), endpoint, p256dh, auth, language, failing_ms: null }
      // A browser that somebody else signs in with belongs to that person from then on.
      await db
        .insertInto('push_subscriptions')
        .values({ id, made_ms: Math.round(nowMs), ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
    },
    async subscriptions(owner) {
      const rows = await db
        .selectFrom('push_subscriptions')
        .selectAll()
        .where((row) => row.and(ofOwner(owner)))
        .orderBy('made_ms')
        .execute()
      return rows.map(subscriptionOf)
    },
    async subscription(owner, id) {
      const row = await db
        .selectFrom('push_subscriptions')
        .selectAll()
        .where((row) => row.and({ ...ofOwner(owner), id }))
        .executeTakeFirst()
      return row ? subscriptionOf(row) : null
    },
    async dropSubscription(owner, id) {
      await db
        .deleteFrom('push_subscriptions')
        .where((row) => row.and({ ...ofOwner(owner), id }))
        .execute()
    },
    async subscriptionFails(id, sinceMs) {
      await db.updateTable('push_subscriptions').set({ failing_ms: sinceMs }).where('id', '=', id).execute()
    },
    async putEmail({ owner, address, language, confirmedMs, codeHash, codeUntilMs, unsubscribe }) {
      const row = {
        address,
        language,
        confirmed_ms: confirmedMs,
        code_hash: codeHash,
        code_until_ms: Math.round(codeUntilMs),
        guesses: 0,
        unsubscribe,
        failing_ms: null,
      }
      await db
        .insertInto('email_addresses')
        .values({ ...ofOwner(owner), ...row })
        .onConflict((conflict) => conflict.columns(['tenant', 'user_id']).doUpdateSet(row))
        .execute()
    },
    async email(owner) {
      const row = await db
        .selectFrom('email_addresses')
        .selectAll()
        .where((row) => row.and(ofOwner(owner)))
        .executeTakeFirst()
      return row ? emailOf(row) : null
    },
    async emailByUnsubscribe(tenant, unsubscribe) {
      const row = await db
        .selectFrom('email_addresses')
        .selectAll()
        .where((row) => row.and({ tenant, unsubscribe }))
        .executeTakeFirst()
      return row ? emailOf(row) : null
    },
    async guessed(owner) {
      const row = await db
        .updateTable('email_addresses')
        .set((old) => ({ guesses: old('guesses', '+', 1) }))
        .where((row) => row.and(ofOwner(owner)))
        .returning('guesses')
        .executeTakeFirst()
      return row?.guesses ?? 0
    },
    async confirmEmail(owner, nowMs) {
      await db
        .updateTable('email_addresses')
        .set({ confirmed_ms: Math.round(nowMs), code_hash: null })
        .where((row) => row.and(ofOwner(owner)))
        .execute()
    },
    async dropEmail(owner) {
      await db
        .deleteFrom('email_addresses')
        .where((row) => row.and(ofOwner(owner)))
        .execute()
    },
    async emailFails(owner, sinceMs) {
      await db
        .updateTable('email_addresses')
        .set({ failing_ms: sinceMs })
        .where((row) => row.and(ofOwner(owner)))
        .execute()
    },
    async key(tenant, name, made) {
      await db
        .insertInto('tenant_keys')
        .values({ tenant, name, value: made })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      const { value } = await db
        .selectFrom('tenant_keys')
        .select('value')
        .where('tenant', '=', tenant)
        .where('name', '=', name)
        .executeTakeFirstOrThrow()
      return value
    },
  }
}

const subscriptionOf = (row: Tables['push_subscriptions']): KeptSubscription => ({
  id: row.id,
  owner: { tenant: row.tenant, userId: row.user_id },
  endpoint: row.endpoint,
  p256dh: row.p256dh,
  auth: row.auth,
  language: row.language as Language,
  failingMs: row.failing_ms,
})

const emailOf = (row: Tables['email_addresses']): KeptEmail => ({
  owner: { tenant: row.tenant, userId: row.user_id },
  address: row.address,
  language: row.language as Language,
  confirmedMs: row.confirmed_ms,
  codeHash: row.code_hash,
  codeUntilMs: row.code_until_ms,
  guesses: row.guesses,
  unsubscribe: row.unsubscribe,
  failingMs: row.failing_ms,
})
