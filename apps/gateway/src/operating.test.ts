import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { HomeSnapshot } from '@homewatt/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClock } from '../../simulator/src/clock.ts'
import { createSimulator } from '../../simulator/src/simulator.ts'
import { freePort } from './free-port.test-support.ts'
import { startGatewayProgram } from './gateway-program.test-support.ts'

let directory: string
let close: () => Promise<void>
let publicUrl: string
let operatingUrl: string
let terminate: () => Promise<number | null>
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  const clock = createClock({ start: new Date('2026-06-21T10:00:00Z'), speed: 0, elapsedMs: () => 0 })
  const simulator = await createSimulator({ seed: 1, homes: 8, clock }).listen(0)
  const [port, operatingPort] = [await freePort(), await freePort()]
  publicUrl = `http://127.0.0.1:${port}`
  operatingUrl = `http://127.0.0.1:${operatingPort}`
  const gateway = startGatewayProgram({
    PORT: String(port),
    METRICS_PORT: String(operatingPort),
    PARTNER_API_URL: `${simulator.url}/api/partners/v2.0`,
    WEB_BUILD: '/nowhere',
    LOG_LEVEL: 'silent',
    DATA_DIR: directory,
    DRAIN_S: '2',
  })
  terminate = () => gateway.end('SIGTERM')
  close = async () => {
    await gateway.end('SIGKILL')
    await simulator.close()
  }
  await gateway.answers(`${operatingUrl}/ready`)
}, 30_000)
afterAll(async () => {
  await close()
  rmSync(directory, { recursive: true })
})

const statusOf = async (url: string) => (await fetch(url).catch(() => null))?.status ?? null
const metrics = async () => (await fetch(`${operatingUrl}/metrics`)).text()

/** The value of one line, labels and all; `null` when there is none. */
function valueIn(text: string, line: string): number | null {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `))
  return found === undefined ? null : Number(found.slice(line.length + 1))
}

test('what happens is counted, and nothing of it names a person, a device or a secret', async () => {
  const signedIn = await fetch(`${publicUrl}/api/demo/sign-in`, {
    method: 'POST',
    headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ home: 'solar' }),
  })
  const cookie = (signedIn.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
  const home = (await (await fetch(`${publicUrl}/api/home`, { headers: { cookie } })).json()) as HomeSnapshot
  await fetch(`${publicUrl}/api/home`)
  const controller = new AbortController()
  await fetch(`${publicUrl}/api/stream`, { headers: { cookie }, signal: controller.signal })
  // Plans of vehicles are read when nothing else wants to be asked.
  const underWay = 'homewatt_partner_exchanges_under_way{tenant="default"}'
  await expect.poll(async () => valueIn(await metrics(), underWay), { timeout: 5_000 }).toBe(0)
  const text = await metrics()
  controller.abort()

  expect(valueIn(text, 'homewatt_streams{tenant="default"}')).toBe(1)
  expect(valueIn(text, 'homewatt_token_renewals_total{tenant="default",outcome="200"}')).toBe(1)
  const lists =
    'homewatt_partner_exchanges_total{tenant="default",operation="GET /org/{}/users/{}/inverters",outcome="200"}'
  // The demo home is warmed at the start, and this one was asked for.
  expect(valueIn(text, lists)).toBeGreaterThanOrEqual(2)
  expect(valueIn(text, 'homewatt_requests_total{kind="api",status="200"}')).toBeGreaterThanOrEqual(1)
  expect(valueIn(text, 'homewatt_requests_total{kind="api",status="401"}')).toBe(1)
  expect(valueIn(text, 'homewatt_partner_blocked{tenant="default"}')).toBe(0)
  expect(valueIn(text, 'homewatt_data_age_seconds{tenant="default"}')).toBeGreaterThanOrEqual(0)
  expect(valueIn(text, 'homewatt_budget_tokens{tenant="default"}')).toBeGreaterThan(50)
  expect(valueIn(text, 'homewatt_budget_share{tenant="default"}')).toBe(1)
  expect(valueIn(text, 'homewatt_budget_pause_seconds{tenant="default"}')).toBe(0)
  expect(valueIn(text, 'homewatt_budget_waiting{tenant="default",priority="command"}')).toBe(0)
  // An alarm on a rate needs the zero before the first.
  expect(valueIn(text, 'homewatt_partner_disbelieved_total{tenant="default",what="foreign"}')).toBe(0)
  expect(valueIn(text, 'homewatt_streams_cut_total{tenant="default"}')).toBe(0)
  expect(valueIn(text, 'homewatt_connections_refused_total')).toBe(0)
  const id = home.groups.inverters.devices[0]?.id
  expect(id).toBeDefined()
  for (const secret of [id ?? '', cookie.split('=')[1] ?? '', 'homewatt-demo-secret', 'solar'])
    expect(text).not.toContain(secret)
})

test('what a browser gives up before there is an answer is counted as that, and not as a success', async () => {
  const { hostname, port } = new URL(publicUrl)
  const socket = connect(Number(port), hostname)
  const head = ['POST /api/demo/sign-in HTTP/1.1', `host: ${hostname}:${port}`, 'x-homewatt: 1']
  const body = ['content-type: application/json', 'content-length: 100', '', '{']
  socket.end([...head, ...body].join('\r\n'))
  const of = (status: string) => `homewatt_requests_total{kind="api",status="${status}"}`
  const well = valueIn(await metrics(), of('200'))
  while (valueIn(await metrics(), of('aborted')) === null) await delay(20)
  expect(valueIn(await metrics(), of('aborted'))).toBe(1)
  expect(valueIn(await metrics(), of('200'))).toBe(well)
})

test('nothing of it is on the public port', async () => {
  for (const path of ['/metrics', '/live', '/ready', '/api/metrics'])
    expect(await (await fetch(publicUrl + path)).text()).not.toContain('homewatt_')
  expect(await statusOf(`${operatingUrl}/api/home`)).toBe(404)
  expect((await fetch(`${operatingUrl}/metrics`, { method: 'POST' })).status).toBe(405)
})

test('told to stop, it lives and is not ready, and then it goes', async () => {
  expect(await statusOf(`${operatingUrl}/live`)).toBe(200)
  const code = terminate()
  while ((await statusOf(`${operatingUrl}/ready`)) === 200) await delay(20)
  expect(await statusOf(`${operatingUrl}/ready`)).toBe(503)
  expect(await statusOf(`${operatingUrl}/live`)).toBe(200)
  expect(await code).toBe(0)
}, 20_000)
