import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './free-port.test-support.ts'

/** A PostgreSQL server of a test's own, in a temporary directory, on a free port of this machine. */
export type Postgres = {
  /** A new, empty database; its URL. */
  database(): Promise<string>
  /** Ends every process of the server at once, as a power cut would. */
  kill(): Promise<void>
  /** Starts it again where it was. */
  start(): Promise<void>
  /** A second server with the same data, which takes every commit before anybody is told that it is kept. */
  copy(): Promise<PostgresCopy>
  close(): Promise<void>
}

export type PostgresCopy = {
  /** From now on it is the one to write to; the first one has to be gone. */
  takeOver(): Promise<void>
  /** Where a database of the first server is on this one. */
  urlOf(url: string): string
  close(): Promise<void>
}

/** Where the server's programs are; `null` when this machine has none (Debian: `apt-get install postgresql`). */
export const postgresBin: string | null = findBin()

export const postgresMissing = 'no PostgreSQL server here: apt-get install postgresql'

export async function openPostgres(): Promise<Postgres> {
  if (postgresBin === null) throw new Error(postgresMissing)
  const bin = postgresBin
  const directory = mkdtempSync(join(tmpdir(), 'homewatt-postgres-'))
  // The server refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid)
  const data = join(directory, 'data')
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'homewatt', '-E', 'UTF8', '--locale=C'],
    {
      ...user,
      cwd: directory,
      stdio: 'ignore',
    },
  )
  const port = await freePort()
  const server = await openServer(bin, data, port, user)

  return {
    async database() {
      const name = `test_${randomUUID().replaceAll('-', '')}`
      await query(port, `CREATE DATABASE ${name}`)
      return urlOn(port, name)
    },
    kill: () => server.end('SIGKILL'),
    start: () => server.start(),
    async copy() {
      const copied = join(directory, 'copy')
      const from = ['-h', '127.0.0.1', '-p', String(port), '-U', 'homewatt']
      execFileSync(join(bin, 'pg_basebackup'), [...from, '-D', copied, '-R', '-X', 'stream', '-c', 'fast'], {
        ...user,
        cwd: directory,
        stdio: 'ignore',
      })
      const copyPort = await freePort()
      const copy = await openServer(bin, copied, copyPort, user)
      // After the copy was made: it has nobody to wait for.
      await query(port, `ALTER SYSTEM SET synchronous_standby_names = '*'`)
      await query(port, 'SELECT pg_reload_conf()')
      while ((await query(port, `SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`)).length === 0)
        await delay(50)
      return {
        async takeOver() {
          await query(copyPort, 'SELECT pg_promote()')
        },
        urlOf: (url) => urlOn(copyPort, new URL(url).pathname.slice(1)),
        close: () => copy.end('SIGQUIT'),
      }
    },
    async close() {
      // At once, for nothing of it is needed any more.
      await server.end('SIGQUIT')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** A server over a directory of data; resolves when it answers. */
async function openServer(bin: string, data: string, port: number, user: { uid?: number; gid?: number }) {
  const args = [
    '-D',
    data,
    '-k',
    dirname(data),
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-c',
    'max_connections=40',
    // What the server has written outlives its processes also without this; only a power cut tells the difference.
    '-c',
    'fsync=off',
  ]
  let server = run()

  function run() {
    const child = spawn(join(bin, 'postgres'), args, { ...user, cwd: dirname(data), stdio: 'ignore' })
    return { child, exited: once(child, 'exit') }
  }

  async function answers() {
    for (;;) {
      // Right after a kill its own remains may be in its way for a moment.
      if (server.child.exitCode !== null) server = run()
      try {
        await query(port, 'SELECT 1')
        return
      } catch {
        await delay(50)
      }
    }
  }

  await answers()
  return {
    async start() {
      server = run()
      await answers()
    },
    async end(signal: NodeJS.Signals) {
      server.child.kill(signal)
      await server.exited
    },
  }
}

const urlOn = (port: number, database: string) => `postgres://homewatt@127.0.0.1:${port}/${database}`

async function query(port: number, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: urlOn(port, 'postgres') })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(text)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

function findBin(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = exists(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []
  const places = [...(process.env['PATH'] ?? '').split(delimiter), ...versions.toReversed()]
  const programs = ['postgres', 'initdb', 'pg_dump', 'pg_restore', 'pg_basebackup']
  return places.find((place) => programs.every((name) => exists(join(place, name)))) ?? null
}

function exists(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}

const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
