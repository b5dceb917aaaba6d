import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { History, HomeSnapshot } from '@homewatt/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../../simulator/src/clock.ts'
import { createSimulator } from '../../simulator/src/simulator.ts'
import { faultRow } from './fault-row.test-support.ts'
import { freePort } from './free-port.test-support.ts'
import { READY_WITHIN_MS, startGatewayProgram, type GatewayProgram } from './gateway-program.test-support.ts'
import { pageOf } from './page.test-support.ts'
import { openPostgres, postgresBin, postgresMissing, type Postgres } from './postgres.test-support.ts'
import { readStream, type StreamReader } from './stream-reader.test-support.ts'

/** `LONG=1` for the long run. */
const KILLS = process.env['LONG'] ? 50 : 2
const TIMEOUT_MS = KILLS * 20_000
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

faultRow('I1', async ({ sees, does, never }) => {
  const directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  const clock = createClock({ start: new Date('2026-06-21T10:00:00Z'), speed: 0, elapsedMs: () => 0 })
  const simulator = await createSimulator({ seed: 1, homes: 8, clock }).listen(0)
  const control = async (method: string, path: string, body?: object) => {
    const init = { method, headers: { 'content-type': 'application/json' } }
    const answer = await fetch(`${simulator.url}/_control${path}`, {
      ...init,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return answer.status === 204 ? null : ((await answer.json()) as unknown)
  }
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    PORT: String(port),
    // By this name the page is asked for.
    PUBLIC_URL: 'http://localhost:3000',
    PARTNER_API_URL: `${simulator.url}/api/partners/v2.0`,
    LOG_LEVEL: 'silent',
    DATA_DIR: directory,
  }
  let gateway: GatewayProgram | undefined
  const start = async () => {
    gateway = startGatewayProgram(env)
    await gateway.answers(`${url}/api/health`)
  }
  const kill = () => gateway?.end('SIGKILL')
  const readers: StreamReader[] = []
  const look = async (cookie: string) => {
    const reader = await readStream(url, cookie)
    readers.push(reader)
    return { reader, first: await reader.next('snapshot') }
  }
  try {
    await start()
    const [cookie] = await signIn(url, 'car')
    const { signs } = await pageOf({ url }, { cookie })
    const before = await look(cookie)
    const home = JSON.parse(before.first.data) as HomeSnapshot
    const id = home.groups['electric-vehicles'].devices[0]?.id ?? ''
    await control('POST', `/homes/car/devices/${id}`, { plugged_in: true, level: 40, charge_plan: 'wait' })
    await control('DELETE', '/requests')
    // It is carried out, and nobody hears how it ended: the process that asked is gone.
    await control('POST', '/faults', { kind: 'latency', ms: 3_000, match: { method: 'POST' }, count: 1 })
    const boost = fetch(`${url}/api/devices/electric-vehicles/${id}/boost`, {
      method: 'POST',
      headers: { cookie, 'x-homewatt': '1' },
    }).catch(() => null)
    const boosts = async () => {
      const { counts } = (await control('GET', '/requests')) as { counts: Record<string, number> }
      return Object.entries(counts)
        .filter(([route]) => route.startsWith('POST ') && route.includes('boost'))
        .reduce((sum, [, count]) => sum + count, 0)
    }
    while ((await boosts()) === 0) await delay(20)
    await kill()
    await boost
    await start()
    const after = await look(cookie)
    await does(() => {
      const [was, is] = [before.first.id, after.first.id].map((version) => Number(version?.split(':')[0]))
      expect(is).toBeGreaterThan(was ?? Infinity)
      const { groups } = JSON.parse(after.first.data) as HomeSnapshot
      expect(groups['electric-vehicles'].devices).toHaveLength(1)
    })
    await never(async () => {
      expect(await boosts()).toBe(1)
      expect((await fetch(`${url}/api/home`, { headers: { cookie } })).status).toBe(200)
    })
    await sees(async () => {
      // The boost itself may show.
      const butBoost = (all: string[]) => all.filter((sign) => !/charg|starting/i.test(sign))
      expect(butBoost(signs)).not.toEqual([])
      expect(butBoost((await pageOf({ url }, { cookie })).signs)).toEqual(butBoost(signs))
    })
  } finally {
    for (const reader of readers) reader.close()
    await kill()
    await simulator.close()
    rmSync(directory, { recursive: true })
  }
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
    const gateway = startGatewayProgram(env)
    try {
      await gateway.answers(`${url}/api/health`)
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
      await gateway.end('SIGKILL')
    }
  }
  await simulator.close()
  expect(shown.size).toBeGreaterThan(0)
  expect(Math.max(...readyMs)).toBeLessThanOrEqual(READY_WITHIN_MS)
  process.stdout.write(
    `${KILLS} kills, ${shown.size} reports shown, answering after ${Math.round(Math.max(...readyMs))} ms at most\n`,
  )
}

async function signIn(url: string, home = 'solar'): Promise<[cookie: string, inverterId: string]> {
  const answer = await fetch(`${url}/api/demo/sign-in`, {
    method: 'POST',
    headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ home }),
  })
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
  const shown = (await (await fetch(`${url}/api/home`, { headers: { cookie } })).json()) as HomeSnapshot
  return [cookie, shown.groups.inverters.devices[0]?.id ?? '']
}
