import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { READY_WITHIN_MS } from './gateway-program.test-support.ts'
import { openPostgres, postgresBin, postgresMissing, type Postgres } from './postgres.test-support.ts'
import { openStore } from './store.ts'

/** `LONG=1` for the long run. */
const KILLS = process.env['LONG'] ? 50 : 5
const TIMEOUT_MS = KILLS * 60_000
const writer = fileURLToPath(new URL('kill-writer.test-support.ts', import.meta.url))
const owner = { tenant: 'default', userId: 'user-1' }

describe('on SQLite', () => {
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  test(
    `of what was said to be kept nothing is lost or doubled in ${KILLS} kills at any moment`,
    async () => {
      const file = join(directory, 'store.sqlite')
      await killAndLook(file)
      const db = new DatabaseSync(file)
      expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
      db.close()
    },
    TIMEOUT_MS,
  )
})

describe.skipIf(postgresBin === null)(`on PostgreSQL${postgresBin ? '' : ` (${postgresMissing})`}`, () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await openPostgres()
  }, 60_000)
  afterAll(() => postgres.close(), 60_000)

  test(
    `of what was said to be kept nothing is lost or doubled in ${KILLS} kills at any moment`,
    async () => killAndLook(await postgres.database()),
    TIMEOUT_MS,
  )

  test(
    'nor when the server is killed',
    async () => {
      const where = await postgres.database()
      const said = await write(where, 0, 200, () => postgres.kill())
      await postgres.start()
      await expectKept(where, said)
    },
    TIMEOUT_MS,
  )

  test(
    'nor when its copy takes over because it is gone for good',
    async () => {
      const where = await postgres.database()
      const copy = await postgres.copy()
      const said = await write(where, 0, 200, () => postgres.kill())
      await copy.takeOver()
      await expectKept(copy.urlOf(where), said)
      // What comes afterwards is kept there as well.
      const later = await write(copy.urlOf(where), 1_000, 50, () => {})
      await expectKept(copy.urlOf(where), [...said, ...later])
      await copy.close()
    },
    TIMEOUT_MS,
  )
})

/** Kills a process that writes, again and again, and after each kill compares what it said with what is there. */
async function killAndLook(where: string) {
  const said: number[] = []
  const readyMs: number[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    // From the first row on: what was written before a kill and not said is written again, and must not be double.
    const startedMs = performance.now()
    const lines = await write(
      where,
      (said.at(-1) ?? -1) + 1,
      (kill * 37) % 211,
      () => {},
      () => readyMs.push(performance.now() - startedMs),
    )
    said.push(...lines)
    await expectKept(where, said)
  }
  expect(Math.max(...readyMs)).toBeLessThanOrEqual(READY_WITHIN_MS)
  process.stdout.write(
    `${KILLS} kills, ${said.length} rows said to be kept, ready after ${Math.round(Math.max(...readyMs))} ms at most\n`,
  )
}

/** Runs a writer and kills it some time after it has said `rows` numbers; all that it said. */
async function write(
  where: string,
  first: number,
  rows: number,
  before: () => unknown,
  onReady: () => void = () => {},
): Promise<number[]> {
  const child = spawn(process.execPath, [writer, where, String(first)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const closed = once(child, 'close')
  const said: number[] = []
  for await (const line of createInterface(child.stdout)) {
    if (line === 'ready') onReady()
    else said.push(Number(line))
    if (said.length === rows) {
      void before()
      // Somewhere in the middle of the next rows, and never at the same place.
      setTimeout(() => child.kill('SIGKILL'), (first * 7) % 13)
    }
  }
  await closed
  return said
}

async function expectKept(where: string, said: number[]) {
  const store = await openStore(where)
  const kept: number[] = []
  for (const n of [0, 1, 2]) {
    const device = { owner, type: 'inverters' as const, deviceId: `device-${n}` }
    const readings = await store.readings.of(device, 0, Number.MAX_SAFE_INTEGER, 1_000_000)
    kept.push(...readings.map(({ atMs }) => atMs))
  }
  const noted = (await store.audit.of(owner, null, 1_000_000)).map(({ atMs }) => atMs)
  await store.close()
  expect(new Set(kept).size).toBe(kept.length)
  const [readings, audit] = [new Set(kept), new Set(noted)]
  expect(said.filter((n) => !readings.has(n) || !audit.has(n))).toEqual([])
  // At most the one row that was under way when the kill came.
  expect(kept.length - said.length).toBeLessThanOrEqual(KILLS)
}
