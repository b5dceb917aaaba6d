import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from './database.ts'

let directory: string
let db: Database
let seen: DatabaseSync
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-driver-'))
  const file = join(directory, 'store.sqlite')
  db = openDatabase(file, () => {})
  seen = new DatabaseSync(file)
  seen.exec('CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL)')
})
afterEach(async () => {
  seen.close()
  await db.destroy()
  rmSync(directory, { recursive: true })
})

const put = (name: string, value = 1) => db.insertInto('meta').values({ name, value }).execute()
/** What another connection finds on the disk. */
const kept = () =>
  seen
    .prepare('SELECT name FROM meta ORDER BY name')
    .all()
    .map(({ name }) => name)
/** How often something was committed, as another connection notices it when it looks after every turn. */
async function commitsDuring(work: Promise<unknown>): Promise<number> {
  const version = () => seen.prepare('PRAGMA data_version').get()?.['data_version']
  let isOver = false
  void work.finally(() => (isOver = true)).catch(() => {})
  let commits = 0
  let last = version()
  while (!isOver) {
    await new Promise(setImmediate)
    if (version() !== last) commits++
    last = version()
  }
  return commits
}

test('a hundred who write at once wait for the disk once, and whoever is told that it is kept finds it there', async () => {
  const names = Array.from({ length: 100 }, (_, n) => `n${String(n).padStart(3, '0')}`)
  const all = names.map((name) => put(name).then(() => expect(kept()).toContain(name)))
  expect(await commitsDuring(Promise.all(all))).toBe(1)
  await Promise.all(all)
  expect(kept()).toEqual(names)
})

test('what fails fails alone', async () => {
  await put('taken')
  const results = await Promise.allSettled([put('a'), put('taken'), put('b')])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(kept()).toEqual(['a', 'b', 'taken'])
})

test('a transaction that is given up takes nothing of others with it, and nothing of it is left', async () => {
  const before = put('before')
  const given = db.transaction().execute(async (transaction) => {
    await transaction.insertInto('meta').values({ name: 'inside', value: 1 }).execute()
    await new Promise(setImmediate)
    throw new Error('given up')
  })
  const beside = put('beside')
  const other = db
    .transaction()
    .execute((transaction) => transaction.insertInto('meta').values({ name: 'other', value: 1 }).execute())
  await expect(given).rejects.toThrow('given up')
  await Promise.all([before, beside, other])
  expect(kept()).toEqual(['before', 'beside', 'other'])
})

test('what another process holds is told to everybody who wrote, and the next is kept again', async () => {
  seen.exec('BEGIN IMMEDIATE')
  const results = await Promise.allSettled([put('a'), put('b')])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  seen.exec('ROLLBACK')
  await put('c')
  expect(kept()).toEqual(['c'])
})

test('what is read sees what the same process has written', async () => {
  const writing = put('a', 7)
  expect(await db.selectFrom('meta').select('value').where('name', '=', 'a').execute()).toEqual([
    { value: 7 },
  ])
  await writing
})
