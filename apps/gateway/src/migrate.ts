import { Migrator, type Migration } from 'kysely/migration'
import type { Database, DatabaseKind } from './database.ts'
import { firstLight } from './migrations/0001-first-light.ts'
import { peopleAndHistory } from './migrations/0002-people-and-history.ts'
import { awayAndNotices } from './migrations/0003-away-and-notices.ts'

/** The database was written by a newer Homewatt, whose tables this one does not know. */
export class StoreTooNew extends Error {
  override name = 'StoreTooNew'
}

/**
 * Brings the tables up to date. Several processes may start at once: one does it, the others wait. Throws
 * `StoreTooNew` and changes nothing when the database is ahead; rejects with the database's own errors.
 */
export async function migrate(db: Database, kind: DatabaseKind): Promise<void> {
  const known = migrationsOf(kind)
  if ((await namesDone(db)).some((name) => !(name in known)))
    throw new StoreTooNew('The database was written by a newer version of Homewatt.')
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => known },
  }).migrateToLatest()
  if (error) throw error
}

/** In the order of their names. A released one is never changed, only followed. */
const migrationsOf = (kind: DatabaseKind): Record<string, Migration> => ({
  '0001-first-light': firstLight,
  '0002-people-and-history': peopleAndHistory(kind),
  '0003-away-and-notices': awayAndNotices,
})

async function namesDone(db: Database): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === 'kysely_migration')) return []
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute()
  return rows.map(({ name }) => name)
}
