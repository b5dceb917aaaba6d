import { Kysely, PostgresDialect, type Generated } from 'kysely'
import pg from 'pg'
import { sqliteDialect } from './sqlite-dialect.ts'

/** The tables as the newest migration leaves them. Times are ms since 1970; both databases speak the same. */
export type Tables = {
  meta: { name: string; value: number }
  sessions: {
    hash: string
    tenant: string
    user_id: string
    home: string | null
    created_ms: number
    seen_ms: number
    subject: string | null
    issuer_sid: string | null
    client: string | null
  }
  user_links: { tenant: string; external_id: string; user_id: string; linked_ms: number }
  used_once: { name: string; until_ms: number }
  device_updates: { tenant: string; user_id: string; device_id: string; updates: string }
  recorded_devices: {
    id: Generated<number>
    tenant: string
    user_id: string
    device_id: string
    type: string
  }
  readings: { device: number; at_ms: number; measured: string }
  gaps: { device: number; from_ms: number; to_ms: number }
  audit: {
    id: string
    tenant: string
    user_id: string
    at_ms: number
    session: string
    command: string
    type: string | null
    device_id: string | null
    asked: string | null
    outcome: string
    reason: string | null
  }
  settings: { tenant: string; user_id: string; name: string; value: string }
  away: {
    tenant: string
    user_id: string
    id: string
    from_ms: number
    until_ms: number
    phase: string
    devices: string
    reminded_ms: number | null
    waiting_ms: number | null
    due_ms: number
    revision: number
    claim: number
    claimed_until_ms: number
  }
  notice_memory: { tenant: string; user_id: string; revision: number; memory: string }
  notices: {
    id: string
    tenant: string
    user_id: string
    cause: string
    occurrence: string
    kind: string
    type: string | null
    device_id: string | null
    facts: string
    at_ms: number
    is_read: number
  }
  deliveries: {
    notice: string
    tenant: string
    user_id: string
    channel: string
    made_ms: number
    due_ms: number
    tries: number
    claimed_until_ms: number
  }
  push_subscriptions: {
    id: string
    tenant: string
    user_id: string
    endpoint: string
    p256dh: string
    auth: string
    language: string
    made_ms: number
    failing_ms: number | null
  }
  email_addresses: {
    tenant: string
    user_id: string
    address: string
    language: string
    confirmed_ms: number | null
    code_hash: string | null
    code_until_ms: number
    guesses: number
    unsubscribe: string
    failing_ms: number | null
  }
  tenant_keys: { tenant: string; name: string; value: string }
}

export type Database = Kysely<Tables>

export type DatabaseKind = 'sqlite' | 'postgres'

/** @param where path of an SQLite file, `:memory:`, or a `postgres://` URL */
export const kindOf = (where: string): DatabaseKind =>
  /^postgres(ql)?:\/\//.test(where) ? 'postgres' : 'sqlite'

/**
 * @param where as for `kindOf`
 * @param onError hears of connections that broke while nobody used them; the next query opens another
 */
export function openDatabase(where: string, onError: (error: unknown) => void): Database {
  return new Kysely<Tables>({
    dialect: kindOf(where) === 'sqlite' ? sqliteDialect(where) : postgresDialect(where, onError),
  })
}

const POSTGRES = { connections: 10, connectMs: 2_000, statementMs: 5_000 }

function postgresDialect(url: string, onError: (error: unknown) => void): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: POSTGRES.connections,
    connectionTimeoutMillis: POSTGRES.connectMs,
    statement_timeout: POSTGRES.statementMs,
    // Without an answer at all, as from a server that was paused, no statement timeout helps.
    query_timeout: POSTGRES.statementMs + 1_000,
    keepAlive: true,
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  })
  pool.on('error', onError)
  // One that is in use fails with its query, and would end the process too if nobody heard of it.
  pool.on('connect', (client) => client.on('error', () => {}))
  return new PostgresDialect({ pool })
}

/** Milliseconds since 1970 need more than 32 bits and less than the 53 that a number holds. */
const INT8 = 20
