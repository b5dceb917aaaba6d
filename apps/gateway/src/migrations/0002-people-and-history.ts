import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { DatabaseKind } from '../database.ts'

/** Sign-in through an issuer, the recorder, the audit trail and settings. */
export const peopleAndHistory = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<unknown>) {
    for (const column of ['subject', 'issuer_sid', 'client'])
      await db.schema.alterTable('sessions').addColumn(column, 'text').execute()
    await db.schema.createIndex('sessions_owner').on('sessions').columns(['tenant', 'user_id']).execute()
    await db.schema.createIndex('sessions_subject').on('sessions').columns(['tenant', 'subject']).execute()
    await db.schema
      .createTable('user_links')
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('external_id', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('linked_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('user_links_pk', ['tenant', 'external_id'])
      .execute()
    await db.schema
      .createTable('used_once')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('until_ms', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('recorded_devices')
      .addColumn('id', 'integer', (column) =>
        kind === 'sqlite'
          ? column.primaryKey().autoIncrement()
          : column.primaryKey().generatedAlwaysAsIdentity(),
      )
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('device_id', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addUniqueConstraint('recorded_devices_once', ['tenant', 'user_id', 'device_id'])
      .execute()
    // A home makes some hundred thousand rows a year: the device is a small number, and the key is the table.
    await db.schema
      .createTable('readings')
      .addColumn('device', 'integer', (column) =>
        column.notNull().references('recorded_devices.id').onDelete('cascade'),
      )
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('measured', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('readings_pk', ['device', 'at_ms'])
      .$call((table) => (kind === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table))
      .execute()
    await db.schema
      .createTable('gaps')
      .addColumn('device', 'integer', (column) =>
        column.notNull().references('recorded_devices.id').onDelete('cascade'),
      )
      .addColumn('from_ms', 'bigint', (column) => column.notNull())
      .addColumn('to_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('gaps_pk', ['device', 'from_ms'])
      .execute()
    await db.schema
      .createTable('audit')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('session', 'text', (column) => column.notNull())
      .addColumn('command', 'text', (column) => column.notNull())
      .addColumn('type', 'text')
      .addColumn('device_id', 'text')
      .addColumn('asked', 'text')
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('reason', 'text')
      .execute()
    await db.schema.createIndex('audit_owner').on('audit').columns(['tenant', 'user_id', 'at_ms']).execute()
    await db.schema
      .createTable('settings')
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('settings_pk', ['tenant', 'user_id', 'name'])
      .execute()
  },
})
