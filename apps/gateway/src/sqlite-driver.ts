import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  SelectQueryNode,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely'

/**
 * Runs Kysely's statements on Node's own SQLite. What is written in one turn of the event loop is committed together, so
 * that the disk, for which the whole process waits, is waited for once; nobody is told before that it is done. One that
 * fails takes no other with it. Transactions are alone, with nothing of others in them.
 */
export function sqliteDriver(db: DatabaseSync): Driver {
  const statements = createStatements(db)
  let group: Ending | null = null
  let transaction: { of: DatabaseConnection; ending: Ending } | null = null

  /** What to wait for before anything of this connection; asked again afterwards, for others may have begun meanwhile. */
  const othersEnd = (connection: DatabaseConnection) =>
    transaction === null || transaction.of === connection ? null : transaction.ending.promise

  /** Does it when no transaction of others is under way, and again for a while when another process has the lock. */
  async function whenFree<T>(connection: DatabaseConnection, attempt: () => T): Promise<T> {
    const untilMs = performance.now() + LOCKED_MS
    for (;;) {
      for (let end = othersEnd(connection); end; end = othersEnd(connection)) await end
      try {
        return attempt()
      } catch (error) {
        if (!isLocked(error) || performance.now() > untilMs) throw error
      }
      await pause(AGAIN_MS)
    }
  }

  /** All that is written until the end of this turn. */
  function joinGroup(): Ending {
    if (!group) {
      db.exec('BEGIN IMMEDIATE')
      group = Promise.withResolvers()
      // When every statement of it failed by itself nobody waits for it any more.
      group.promise.catch(() => {})
      setImmediate(endGroup)
    }
    return group
  }

  function endGroup() {
    const ending = group
    if (!ending) return
    group = null
    try {
      db.exec('COMMIT')
      ending.resolve()
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      ending.reject(error)
    }
  }

  function endTransaction() {
    transaction?.ending.resolve()
    transaction = null
  }

  function write(query: CompiledQuery) {
    const { promise: committed, reject } = joinGroup()
    try {
      return { result: run(statements.of(query.sql), query), committed }
    } catch (error) {
      // A full disk undoes all of them, most other errors the one statement only.
      if (!db.isTransaction) {
        group = null
        reject(error)
      }
      throw error
    }
  }

  function connect(): DatabaseConnection {
    const connection: DatabaseConnection = {
      async executeQuery<R>(query: CompiledQuery) {
        const isRead = SelectQueryNode.is(query.query)
        const { result, committed } = await whenFree(connection, () =>
          isRead || transaction
            ? { result: run(statements.of(query.sql), query), committed: null }
            : write(query),
        )
        await committed
        return result as QueryResult<R>
      },
      streamQuery() {
        throw new Error('Rows are not streamed from SQLite.')
      },
    }
    return connection
  }

  return {
    async init() {},
    acquireConnection: () => Promise.resolve(connect()),
    async releaseConnection() {},
    beginTransaction: (of) =>
      whenFree(of, () => {
        endGroup()
        db.exec('BEGIN IMMEDIATE')
        transaction = { of, ending: Promise.withResolvers() }
      }),
    async commitTransaction() {
      db.exec('COMMIT')
      endTransaction()
    },
    async rollbackTransaction() {
      if (db.isTransaction) db.exec('ROLLBACK')
      endTransaction()
    },
    async destroy() {
      endGroup()
      statements.clear()
      db.close()
    },
  }
}

type Ending = PromiseWithResolvers<void>

/** How long somebody waits for a lock of another process, and how often it is asked for meanwhile. */
const LOCKED_MS = 250
const AGAIN_MS = 5
const SQLITE_BUSY = 5

const isLocked = (error: unknown) =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY

function run(statement: Statement, { parameters }: CompiledQuery): QueryResult<unknown> {
  const values = parameters as SQLInputValue[]
  if (statement.isReader) return { rows: statement.of.all(...values) }
  const { changes, lastInsertRowid } = statement.of.run(...values)
  return { rows: [], insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes) }
}

type Statement = { of: StatementSync; isReader: boolean }

/** Statements are few and used over and over; those of a kind that varies push the oldest out. */
const STATEMENTS_KEPT = 200

function createStatements(db: DatabaseSync) {
  const known = new Map<string, Statement>()
  return {
    of(sql: string): Statement {
      const kept = known.get(sql)
      if (kept) return kept
      const of = db.prepare(sql)
      const statement = { of, isReader: of.columns().length > 0 }
      if (known.size >= STATEMENTS_KEPT) for (const [oldest] of known) if (known.delete(oldest)) break
      known.set(sql, statement)
      return statement
    },
    clear: () => known.clear(),
  }
}
