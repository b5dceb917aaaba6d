import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Dialect } from 'kysely'
import { sqliteDriver } from './sqlite-driver.ts'

/**
 * Kysely over Node's own SQLite. What is committed is on the disk when the promise resolves.
 *
 * @param file path of the database, made when it is missing; `:memory:` forgets
 */
export function sqliteDialect(file: string): Dialect {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(file)
  db.exec('PRAGMA busy_timeout = 250; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
  // Waiting for a lock here would stop the whole process; the driver asks again instead.
  db.exec('PRAGMA busy_timeout = 0;')
  return {
    createDriver: () => sqliteDriver(db),
    createAdapter: () => new Adapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  }
}

class Adapter extends SqliteAdapter {
  /** The driver keeps order itself, and those who only wait for the disk keep nobody else from it. */
  override get supportsMultipleConnections() {
    return true
  }
}
