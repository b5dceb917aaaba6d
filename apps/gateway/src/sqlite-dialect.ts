import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely'

/**
 * Kysely over Node's own SQLite. What is committed is on the disk when the promise resolves.
 *
 * @param file path of the database, made when it is missing; `:memory:` forgets
 */
export function sqliteDialect(file: string): SqliteDialect {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(file)
  // Waiting for a lock stops the whole process, so it is not waited for long.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 250;')
  return new SqliteDialect({ database: asKyselyWants(db) })
}

/** Statements are few and used over and over; those of a kind that varies push the oldest out. */
const STATEMENTS_KEPT = 200

function asKyselyWants(db: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()
  return {
    prepare(sql) {
      const kept = statements.get(sql)
      if (kept) return kept
      const statement = statementOf(db.prepare(sql))
      if (statements.size >= STATEMENTS_KEPT)
        for (const [oldest] of statements) if (statements.delete(oldest)) break
      statements.set(sql, statement)
      return statement
    },
    close() {
      statements.clear()
      db.close()
    },
  }
}

function statementOf(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  }
}
