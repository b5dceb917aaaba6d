import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { HomeOwner } from './home-key.ts'

/** A session as kept: whose it is and when it was begun and last used, ms since 1970. Never its id, only the hash. */
export type StoredSession = HomeOwner & {
  hash: string
  home: string | null
  createdMs: number
  seenMs: number
}

/** What outlives the process. Every write is on the disk when the call returns. */
export type Store = {
  /** Grows by one with every start. */
  nextEpoch(): number
  session(hash: string): StoredSession | null
  putSession(session: StoredSession): void
  sawSession(hash: string, seenMs: number): void
  dropSession(hash: string): void
  dropSessionsBefore(createdMs: number, seenMs: number): void
  /** Distinct update times of the owner's devices, by device id, oldest first. */
  updatesOf(owner: HomeOwner): Map<string, string[]>
  putUpdates(all: { owner: HomeOwner; deviceId: string; updates: string[] }[]): void
  close(): void
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    hash TEXT PRIMARY KEY, tenant TEXT NOT NULL, user_id TEXT NOT NULL, home TEXT,
    created_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS device_updates (
    tenant TEXT NOT NULL, user_id TEXT NOT NULL, device_id TEXT NOT NULL, updates TEXT NOT NULL,
    PRIMARY KEY (tenant, user_id, device_id)
  ) STRICT, WITHOUT ROWID;
`

/** @param file path of the database, made when it is missing; `:memory:` forgets */
export function openStore(file: string): Store {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(file)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;')
  db.exec(SCHEMA)
  const sql = {
    epoch: db.prepare(
      `INSERT INTO meta VALUES ('epoch', 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value`,
    ),
    session: db.prepare('SELECT * FROM sessions WHERE hash = ?'),
    putSession: db.prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)'),
    sawSession: db.prepare('UPDATE sessions SET seen_ms = ? WHERE hash = ?'),
    dropSession: db.prepare('DELETE FROM sessions WHERE hash = ?'),
    dropSessionsBefore: db.prepare('DELETE FROM sessions WHERE created_ms < ? OR seen_ms < ?'),
    updates: db.prepare('SELECT device_id, updates FROM device_updates WHERE tenant = ? AND user_id = ?'),
    putUpdates: db.prepare(
      `INSERT INTO device_updates VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET updates = excluded.updates`,
    ),
  }

  return {
    nextEpoch: () => Number(sql.epoch.get()?.['value']),
    session(hash) {
      const row = sql.session.get(hash)
      return row
        ? {
            hash,
            tenant: String(row['tenant']),
            userId: String(row['user_id']),
            home: row['home'] === null ? null : String(row['home']),
            createdMs: Number(row['created_ms']),
            seenMs: Number(row['seen_ms']),
          }
        : null
    },
    putSession({ hash, tenant, userId, home, createdMs, seenMs }) {
      sql.putSession.run(hash, tenant, userId, home, Math.round(createdMs), Math.round(seenMs))
    },
    sawSession: (hash, seenMs) => void sql.sawSession.run(Math.round(seenMs), hash),
    dropSession: (hash) => void sql.dropSession.run(hash),
    dropSessionsBefore: (createdMs, seenMs) =>
      void sql.dropSessionsBefore.run(Math.round(createdMs), Math.round(seenMs)),
    updatesOf({ tenant, userId }) {
      const rows = sql.updates.all(tenant, userId)
      return new Map(
        rows.map((row) => [String(row['device_id']), JSON.parse(String(row['updates'])) as string[]]),
      )
    },
    putUpdates(all) {
      db.exec('BEGIN')
      try {
        for (const { owner, deviceId, updates } of all)
          sql.putUpdates.run(owner.tenant, owner.userId, deviceId, JSON.stringify(updates))
        db.exec('COMMIT')
      } catch (error) {
        db.exec('ROLLBACK')
        throw error
      }
    },
    close: () => db.close(),
  }
}
