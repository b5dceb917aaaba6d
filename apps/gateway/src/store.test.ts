import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { StoreTooNew } from './migrate.ts'
import { openPostgres, postgresBin, postgresMissing, type Postgres } from './postgres.test-support.ts'
import { openStore, type Store } from './store.ts'

const owner = { tenant: 'default', userId: 'user-1' }
const neighbour = { tenant: 'default', userId: 'user-2' }
const device = (over = {}) => ({ owner, type: 'inverters' as const, deviceId: 'device-1', ...over })
const reading = (atMs: number, over = {}) => ({ ...device(), atMs, measured: [1200, null, false], ...over })
const session = (over = {}) => ({
  ...owner,
  hash: 'hash-1',
  home: null,
  createdMs: 1_000,
  seenMs: 2_000,
  subject: 'subject-1',
  issuerSid: 'sid-1',
  client: 'Firefox on Linux',
  ...over,
})

describe('on SQLite', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))
  keepsItsPromises(
    async () => join(directory, `${randomUUID()}.sqlite`),
    async (where, sql) => {
      const db = new DatabaseSync(where)
      db.exec(sql)
      db.close()
    },
  )

  test('what the first release kept is kept, and goes on', async () => {
    const file = join(directory, 'released.sqlite')
    const db = new DatabaseSync(file)
    db.exec(FIRST_RELEASE)
    db.close()
    let store = await openStore(file)
    expect(store.epoch).toBe(42)
    expect(await store.sessions.find('hash-0')).toEqual(
      session({ hash: 'hash-0', home: 'full', subject: null, issuerSid: null, client: null }),
    )
    expect(await store.updates.of(owner)).toEqual(new Map([['device-1', ['2026-06-21T10:00:00Z']]]))
    await store.sessions.put(session())
    await store.updates.put([{ owner, deviceId: 'device-1', updates: ['2026-06-21T10:05:00Z'] }])
    await store.close()
    store = await openStore(file)
    expect(store.epoch).toBe(43)
    expect(await store.sessions.ofOwner(owner)).toHaveLength(2)
    await store.close()
  })

  test('every byte is on the disk when a write is said to be done', async () => {
    const file = join(directory, 'store.sqlite')
    const store = await openStore(file)
    const db = new DatabaseSync(file)
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    db.close()
    await store.close()
  })
})

describe.skipIf(postgresBin === null)(`on PostgreSQL${postgresBin ? '' : ` (${postgresMissing})`}`, () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await openPostgres()
  }, 60_000)
  afterAll(() => postgres.close())
  keepsItsPromises(
    () => postgres.database(),
    async (where, sql) => {
      const client = new pg.Client({ connectionString: where })
      await client.connect()
      await client.query(sql)
      await client.end()
    },
  )

  test('two processes that start at once make the tables once', async () => {
    const where = await postgres.database()
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(where)))
    expect(stores.map(({ epoch }) => epoch).toSorted()).toEqual([1, 2, 3, 4])
    for (const store of stores) await store.close()
  })

  test('a server that was killed and came back is used again', async () => {
    const store = await openStore(await postgres.database())
    await store.sessions.put(session())
    await postgres.kill()
    await expect(store.sessions.find('hash-1')).rejects.toThrow()
    await postgres.start()
    expect(await store.sessions.find('hash-1')).toEqual(session())
    await store.close()
  })
})

/**
 * @param place makes an empty database for one test
 * @param run runs statements in it from outside
 */
function keepsItsPromises(place: () => Promise<string>, run: (where: string, sql: string) => Promise<void>) {
  let where: string
  let store: Store
  beforeEach(async () => {
    where = await place()
    store = await openStore(where)
  })
  afterEach(() => store.close())

  async function reopen() {
    await store.close()
    store = await openStore(where)
  }

  test('the epoch grows with every start', async () => {
    expect(store.epoch).toBe(1)
    await reopen()
    expect(store.epoch).toBe(2)
  })

  test('the epoch is not turned back by an old database that was put in its place', async () => {
    await store.close()
    store = await openStore(where, { startedMs: 90_000 })
    expect(store.epoch).toBe(90)
    await store.close()
    store = await openStore(where, { startedMs: 90_500 })
    expect(store.epoch).toBe(91)
    await store.close()
    // A clock that was wrong for a while.
    store = await openStore(where, { startedMs: 20_000 })
    expect(store.epoch).toBe(92)
  })

  test('a session is what it was, also after a restart, until it is dropped', async () => {
    await store.sessions.put(session())
    await store.sessions.saw('hash-1', 3_000)
    await reopen()
    expect(await store.sessions.find('hash-1')).toEqual(session({ seenMs: 3_000 }))
    await store.sessions.drop('hash-1')
    expect(await store.sessions.find('hash-1')).toBeNull()
  })

  test('sessions that ran out are dropped, and only those', async () => {
    await store.sessions.put(session({ hash: 'old', createdMs: 99, seenMs: 2_000 }))
    await store.sessions.put(session({ hash: 'idle', createdMs: 100, seenMs: 1_999 }))
    await store.sessions.put(session({ hash: 'alive', createdMs: 100, seenMs: 2_000 }))
    await store.sessions.dropBefore(100, 2_000)
    expect((await store.sessions.ofOwner(owner)).map(({ hash }) => hash)).toEqual(['alive'])
  })

  test('a user sees own sessions only, last used first', async () => {
    await store.sessions.put(session({ hash: 'a', seenMs: 1 }))
    await store.sessions.put(session({ hash: 'b', seenMs: 2 }))
    await store.sessions.put(session({ hash: 'c', ...neighbour }))
    await store.sessions.put(session({ hash: 'd', tenant: 'other' }))
    expect((await store.sessions.ofOwner(owner)).map(({ hash }) => hash)).toEqual(['b', 'a'])
  })

  test('an issuer that names nobody means nobody', async () => {
    await store.sessions.put(session())
    const named = (by: object) => store.sessions.ofIssuer('default', by)
    expect(await named({})).toEqual([])
    expect(await named({ subject: 'subject-1' })).toHaveLength(1)
    expect(await named({ issuerSid: 'sid-1' })).toHaveLength(1)
    expect(await named({ subject: 'subject-1', issuerSid: 'another' })).toEqual([])
    expect(await store.sessions.ofIssuer('other', { subject: 'subject-1' })).toEqual([])
  })

  test('a link is remembered by tenant, and the newest counts', async () => {
    const link = { ...owner, externalId: 'customer-7', linkedMs: 5 }
    expect(await store.links.find('default', 'customer-7')).toBeNull()
    await store.links.put(link)
    await store.links.put({ ...link, externalId: 'customer-8' })
    expect(await store.links.find('default', 'customer-7')).toBe('user-1')
    expect(await store.links.find('other', 'customer-7')).toBeNull()
    expect(await store.links.owners('default')).toEqual([owner])
    expect(await store.links.owners('other')).toEqual([])
    await store.links.put({ ...link, userId: 'user-2' })
    expect(await store.links.find('default', 'customer-7')).toBe('user-2')
  })

  test('a name counts once, however many take it at the same moment', async () => {
    const takes = await Promise.all(Array.from({ length: 20 }, () => store.once.take('jti-1', 90_000, 0)))
    expect(takes.filter(Boolean)).toHaveLength(1)
    await reopen()
    expect(await store.once.take('jti-1', 90_000, 60_000)).toBe(false)
    expect(await store.once.take('jti-2', 90_000, 60_000)).toBe(true)
    expect(await store.once.take('jti-1', 200_000, 90_001)).toBe(true)
  })

  test('the rhythm of devices is remembered for each owner', async () => {
    const many = Array.from({ length: 1_200 }, (_, n) => ({ owner, deviceId: `d${n}`, updates: [`t${n}`] }))
    await store.updates.put(many)
    await store.updates.put([{ owner: neighbour, deviceId: 'd1', updates: ['x'] }])
    await store.updates.put([{ owner, deviceId: 'd1', updates: ['t1', 't2'] }])
    const known = await store.updates.of(owner)
    expect(known.size).toBe(1_200)
    expect(known.get('d1')).toEqual(['t1', 't2'])
  })

  test('a reading is kept once; unknown stays unknown', async () => {
    await store.readings.put([reading(1_000), reading(2_000), reading(1_000, { measured: [7, 7, 7] })])
    await store.readings.put([reading(2_000, { measured: [8, 8, 8] }), reading(3_000)])
    await reopen()
    const kept = await store.readings.of(device(), 0, 10_000, 100)
    expect(kept.map(({ atMs }) => atMs)).toEqual([1_000, 2_000, 3_000])
    expect(kept[1]?.measured).toEqual([1200, null, false])
  })

  test('a span has its beginning and not its end, and no more than asked for', async () => {
    await store.readings.put(Array.from({ length: 1_000 }, (_, n) => reading(n * 1_000)))
    const kept = async (from: number, to: number, most: number) =>
      (await store.readings.of(device(), from, to, most)).map(({ atMs }) => atMs)
    expect(await kept(1_000, 3_000, 100)).toEqual([1_000, 2_000])
    expect(await kept(500_000, 1_000_000, 3)).toEqual([500_000, 501_000, 502_000])
    expect(await kept(0, 1_000_000, 10_000)).toHaveLength(1_000)
  })

  test('a device that moves to another user begins empty there', async () => {
    await store.readings.put([reading(1_000)])
    const moved = device({ owner: neighbour })
    expect(await store.readings.knows(moved)).toBe(false)
    expect(await store.readings.of(moved, 0, 10_000, 10)).toEqual([])
    await store.readings.put([reading(2_000, { owner: neighbour })])
    expect(await store.readings.of(moved, 0, 10_000, 10)).toHaveLength(1)
    expect(await store.readings.of(device({ owner: { ...owner, tenant: 'x' } }), 0, 10_000, 10)).toEqual([])
  })

  test('all of a batch is kept, or nothing', async () => {
    const broken = reading(2_000, { type: null })
    await expect(
      store.readings.put([reading(1_000), { ...broken, deviceId: 'device-2' } as never]),
    ).rejects.toThrow()
    expect(await store.readings.of(device(), 0, 10_000, 10)).toEqual([])
  })

  test('a user who does not want a history has none from then on', async () => {
    await store.readings.put([reading(1_000), reading(1_000, { owner: neighbour })])
    await store.settings.put(owner, 'history', 'off')
    await store.readings.put([reading(2_000), reading(2_000, { owner: neighbour })])
    await store.readings.putGaps([{ ...device(), fromMs: 1, toMs: 2 }])
    expect(await store.readings.of(device(), 0, 10_000, 10)).toHaveLength(1)
    expect(await store.readings.gapsOf(device(), 0, 10_000)).toEqual([])
    expect(await store.readings.of(device({ owner: neighbour }), 0, 10_000, 10)).toHaveLength(2)
    await store.settings.put(owner, 'history', 'on')
    await store.readings.put([reading(3_000)])
    expect(await store.readings.of(device(), 0, 10_000, 10)).toHaveLength(2)
  })

  test('what a user deletes is gone, and nothing of anybody else', async () => {
    await store.readings.put([reading(1_000), reading(1_000, { owner: neighbour })])
    await store.readings.putGaps([{ ...device(), fromMs: 1, toMs: 2 }])
    await store.readings.forget(owner)
    expect(await store.readings.knows(device())).toBe(false)
    expect(await store.readings.gapsOf(device(), 0, 10_000)).toEqual([])
    expect(await store.readings.of(device({ owner: neighbour }), 0, 10_000, 10)).toHaveLength(1)
  })

  test('what is too old is deleted, by tenant', async () => {
    const other = { owner: { tenant: 'other', userId: 'user-1' } }
    await store.readings.put([reading(1_000), reading(2_000), reading(1_000, other)])
    await store.readings.putGaps([
      { ...device(), fromMs: 100, toMs: 200 },
      { ...device(), fromMs: 300, toMs: 3_000 },
    ])
    await store.readings.forgetBefore('default', 2_000)
    expect((await store.readings.of(device(), 0, 10_000, 10)).map(({ atMs }) => atMs)).toEqual([2_000])
    expect(await store.readings.gapsOf(device(), 0, 10_000)).toEqual([{ fromMs: 300, toMs: 3_000 }])
    expect(await store.readings.of(device(other), 0, 10_000, 10)).toHaveLength(1)
  })

  test('the audit trail is a user’s own, newest first', async () => {
    const row = (id: string, atMs: number, over = {}) => ({
      id,
      owner,
      atMs,
      session: 'hash-1',
      command: 'boost',
      type: 'wallboxes',
      deviceId: 'device-1',
      asked: { minimum_charge_limit: 80 },
      outcome: 'under_way',
      reason: null,
      ...over,
    })
    await store.audit.put(row('1', 1_000))
    await store.audit.put(row('2', 2_000))
    await store.audit.put(row('3', 3_000, { owner: neighbour }))
    await store.audit.end('1', 'boost_refused', 'fully_charged')
    expect(await store.audit.of(owner, null, 10)).toEqual([
      row('2', 2_000),
      row('1', 1_000, { outcome: 'boost_refused', reason: 'fully_charged' }),
    ])
    expect(await store.audit.of(owner, { atMs: 2_000, id: null }, 10)).toHaveLength(1)
    await store.audit.forgetBefore('default', 2_000)
    expect(await store.audit.of(owner, null, 10)).toHaveLength(1)
    for (const id of ['6', '4', '5']) await store.audit.put(row(id, 1_500))
    const behind = await store.audit.of(owner, { atMs: 1_500, id: '4' }, 10)
    expect(behind.map(({ id }) => id)).toEqual(['5', '6'])
  })

  test('a database that a newer version wrote is refused, and left as it is', async () => {
    await run(where, `INSERT INTO kysely_migration VALUES ('9999-from-the-future', '2030-01-01T00:00:00Z')`)
    await expect(openStore(where)).rejects.toThrow(StoreTooNew)
    await run(where, `DELETE FROM kysely_migration WHERE name = '9999-from-the-future'`)
    await reopen()
    expect(store.epoch).toBe(2)
  })
}

/** The tables of release 0.1.0 as it made them, with a row each. It knew SQLite only. */
const FIRST_RELEASE = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  CREATE TABLE sessions (
    hash TEXT PRIMARY KEY, tenant TEXT NOT NULL, user_id TEXT NOT NULL, home TEXT,
    created_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE device_updates (
    tenant TEXT NOT NULL, user_id TEXT NOT NULL, device_id TEXT NOT NULL, updates TEXT NOT NULL,
    PRIMARY KEY (tenant, user_id, device_id)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO meta VALUES ('epoch', 41);
  INSERT INTO sessions VALUES ('hash-0', 'default', 'user-1', 'full', 1000, 2000);
  INSERT INTO device_updates VALUES ('default', 'user-1', 'device-1', '["2026-06-21T10:00:00Z"]');
`
