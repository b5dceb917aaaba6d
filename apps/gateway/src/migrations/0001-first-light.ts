import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What the first release made without migrations, as a database may already have it. */
export const firstLight: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('meta')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('sessions')
      .ifNotExists()
      .addColumn('hash', 'text', (column) => column.primaryKey())
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('home', 'text')
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('seen_ms', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('device_updates')
      .ifNotExists()
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('device_id', 'text', (column) => column.notNull())
      .addColumn('updates', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('device_updates_pk', ['tenant', 'user_id', 'device_id'])
      .execute()
  },
}
