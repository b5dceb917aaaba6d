import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { History, HomeSnapshot } from '@homewatt/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../../simulator/src/clock.ts'
import { createSimulator } from '../../simulator/src/simulator.ts'
import { freePort } from './free-port.test-support.ts'
import { openPostgres, postgresBin, postgresMissing, type Postgres } from './postgres.test-support.ts'

/** `LONG=1` for the long run. */
const KILLS = process.env['LONG'] ? 50 : 2
const TIMEOUT_MS = KILLS * 20_000
const main = fileURLToPath(new URL('main.ts', import.meta.url))
/** An hour a second, so that devices report all the time. */
const SPEED = 3_600

describe('on SQLite', () => {
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  })
  afterAll(() => rmSync(directory, { recursive: true }))
  test(claim(), async () => killAndLook({ DATA_DIR: directory }), TIMEOUT_MS)
})

describe.skipIf(postgresBin === null)(`on PostgreSQL${postgresBin ? '' : ` (${postgresMissing})`}`, () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await openPostgres()
  }, 60_000)
  afterAll(() => postgres.close())
  test(claim(), async () => killAndLook({ DATABASE_URL: await postgres.database() }), TIMEOUT_MS)
})

function claim() {
  return `after ${KILLS} kills of the gateway people are still signed in, and history has all that it ever showed, once`
}

async function killAndLook(where: Record<string, string>) {
  const start = new Date('2026-06-21T10:00:00Z')
  const beganMs = performance.now()
  const clock = createClock({ start, speed: SPEED, elapsedMs: () => performance.now() - beganMs })
  const simulator = await createSimulator({ seed: 1, homes: 8, clock }).listen(0)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    PATH: process.env['PATH'] ?? '',
    PORT: String(port),
    PARTNER_API_URL: `${simulator.url}/api/partners/v2.0`,
    // Homes are asked for several times a second, though nobody looks.
    HISTORY_EVERY_MINUTES: '0.004',
    WEB_BUILD: '/nowhere',
    LOG_LEVEL: 'silent',
    ...where,
  }
  const shown = new Set<number>()
  const readyMs: number[] = []
  let cookie = ''
  let id = ''

  async function history(): Promise<number[]> {
    const span = 'from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z'
    const answer = await fetch(`${url}/api/history?${span}&type=inverters&id=${id}`, { headers: { cookie } })
    expect(answer.status).toBe(200)
    return ((await answer.json()) as History).at_ms
  }

  for (let kill = 0; kill <= KILLS; kill++) {
    const startedMs = performance.now()
    const gateway = spawn(process.execPath, [main], { env, stdio: 'ignore' })
    try {
      await answers(url, gateway)
      readyMs.push(performance.now() - startedMs)
      if (kill === 0) [cookie, id] = await signIn(url)
      const kept = await history()
      expect(new Set(kept).size).toBe(kept.length)
      expect([...shown].filter((at) => !kept.includes(at))).toEqual([])
      // Readings are gathered for a second: sometimes before the first are kept, sometimes after.
      const untilMs = performance.now() + 1_000 + ((kill * 437) % 1_300)
      while (performance.now() < untilMs) {
        for (const at of await history()) shown.add(at)
        await delay(20)
      }
    } finally {
      const exited = once(gateway, 'exit')
      gateway.kill('SIGKILL')
      await exited
    }
  }
  await simulator.close()
  expect(shown.size).toBeGreaterThan(0)
  process.stdout.write(
    `${KILLS} kills, ${shown.size} reports shown, answering after ${Math.round(Math.max(...readyMs))} ms at most\n`,
  )
}

async function answers(url: string, gateway: ChildProcess) {
  for (;;) {
    if (gateway.exitCode !== null) throw new Error(`The gateway ended with ${gateway.exitCode}.`)
    const answer = await fetch(`${url}/api/health`).catch(() => null)
    if (answer?.ok) return
    await delay(20)
  }
}

async function signIn(url: string): Promise<[cookie: string, inverterId: string]> {
  const answer = await fetch(`${url}/api/demo/sign-in`, {
    method: 'POST',
    headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
    body: '{"home":"solar"}',
  })
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
  const home = (await (await fetch(`${url}/api/home`, { headers: { cookie } })).json()) as HomeSnapshot
  return [cookie, home.groups.inverters.devices[0]?.id ?? '']
}
