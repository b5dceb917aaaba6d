import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
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
  const url = (database: string) => `postgres://homewatt@127.0.0.1:${port}/${database}`
  const args = [
    '-D',
    data,
    '-k',
    directory,
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
    const child = spawn(join(bin, 'postgres'), args, { ...user, cwd: directory, stdio: 'ignore' })
    return { child, exited: once(child, 'exit') }
  }

  async function answers() {
    for (;;) {
      // Right after a kill its own remains may be in its way for a moment.
      if (server.child.exitCode !== null) server = run()
      const client = new pg.Client({ connectionString: url('postgres') })
      client.on('error', () => {})
      try {
        await client.connect()
        return
      } catch {
        await delay(50)
      } finally {
        await client.end().catch(() => {})
      }
    }
  }

  await answers()
  return {
    async database() {
      const name = `test_${randomUUID().replaceAll('-', '')}`
      const client = new pg.Client({ connectionString: url('postgres') })
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return url(name)
    },
    async kill() {
      server.child.kill('SIGKILL')
      await server.exited
    },
    async start() {
      server = run()
      await answers()
    },
    async close() {
      // At once, for nothing of it is needed any more.
      server.child.kill('SIGQUIT')
      await server.exited
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function findBin(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = exists(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []
  const places = [...(process.env['PATH'] ?? '').split(delimiter), ...versions.toReversed()]
  const programs = ['postgres', 'initdb', 'pg_dump', 'pg_restore']
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
