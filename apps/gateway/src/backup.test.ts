import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backUp, NoBackup } from './backup.ts'
import { openPostgres, postgresBin, postgresMissing } from './postgres.test-support.ts'
import { openStore } from './store.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const owner = { tenant: 'default', userId: 'user-1' }
const session = {
  ...owner,
  hash: 'hash-1',
  home: null,
  createdMs: 1,
  seenMs: 1,
  subject: null,
  issuerSid: null,
  client: null,
}

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('on SQLite', () => {
  test('a copy made while somebody writes has everything that was said to be kept before', async () => {
    const file = join(directory, 'homewatt.sqlite')
    const copy = join(directory, 'copy.sqlite')
    const writer = spawn(process.execPath, [path('kill-writer.test-support.ts'), file, '0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const closed = once(writer, 'close')
    for await (const line of createInterface(writer.stdout)) {
      if (line === 'ready') continue
      if (Number(line) === 50) {
        backUp(file, copy)
        break
      }
    }
    writer.kill('SIGKILL')
    await closed

    renameSync(copy, file)
    for (const rest of ['-wal', '-shm']) rmSync(`${file}${rest}`, { force: true })
    const store = await openStore(file)
    const noted = (await store.audit.of(owner, null, 1_000)).map(({ atMs }) => atMs)
    await store.close()
    expect(noted).toEqual(expect.arrayContaining(Array.from({ length: 51 }, (_, n) => n)))
  })

  test('a file that is there is not written over', async () => {
    const file = join(directory, 'homewatt.sqlite')
    await (await openStore(file)).close()
    expect(() => backUp(file, file)).toThrow(NoBackup)
    expect(() => backUp(join(directory, 'none'), join(directory, 'copy'))).toThrow(NoBackup)
    expect(readdirSync(directory)).toEqual(['homewatt.sqlite'])
  })

  test('the command says what it did, or what to do', async () => {
    await (await openStore(join(directory, 'homewatt.sqlite'))).close()
    const run = (args: string[], env = {}) =>
      spawnSync(process.execPath, [path('backup-main.ts'), ...args], {
        env: { DATA_DIR: directory, ...env },
        encoding: 'utf8',
      })
    const copy = join(directory, 'copy.sqlite')
    expect(run([copy])).toMatchObject({ status: 0, stdout: `${copy} is complete.\n`, stderr: '' })
    expect(run([copy])).toMatchObject({ status: 1, stderr: `${copy} is there already: name a new file.\n` })
    expect(run([]).stderr).toMatch(/^Name the file to make/)
    expect(run([copy], { DATABASE_URL: 'postgres://x' }).stderr).toMatch(/pg_dump/)
  })
})

describe.skipIf(postgresBin === null)(`on PostgreSQL${postgresBin ? '' : ` (${postgresMissing})`}`, () => {
  test('a dump that is restored into a new database is the store as it was', async () => {
    const postgres = await openPostgres()
    try {
      const [from, to] = [await postgres.database(), await postgres.database()]
      const before = await openStore(from)
      await before.sessions.put(session)
      await before.readings.put([
        { owner, type: 'inverters', deviceId: 'device-1', atMs: 5, measured: [1, null, true] },
      ])
      const dump = join(directory, 'homewatt.dump')
      const bin = (name: string) => join(postgresBin ?? '', name)
      execFileSync(bin('pg_dump'), ['--format=custom', `--file=${dump}`, from])
      execFileSync(bin('pg_restore'), ['--no-owner', `--dbname=${to}`, dump])
      await before.close()

      const after = await openStore(to)
      const device = { owner, type: 'inverters' as const, deviceId: 'device-1' }
      expect(await after.sessions.find('hash-1')).toEqual(session)
      expect(await after.readings.of(device, 0, 10, 10)).toEqual([{ atMs: 5, measured: [1, null, true] }])
      // New devices get numbers of their own, also after a restore.
      await after.readings.put([{ ...device, deviceId: 'device-2', atMs: 6, measured: [] }])
      expect(await after.readings.knows({ ...device, deviceId: 'device-2' })).toBe(true)
      await after.close()
    } finally {
      await postgres.close()
    }
  }, 60_000)
})
