import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClock } from '../../simulator/src/clock.ts'
import { createSimulator } from '../../simulator/src/simulator.ts'
import { freePort } from './free-port.test-support.ts'
import { startGatewayProgram } from './gateway-program.test-support.ts'

const ASKING = 20
const WATCHING = 40

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

test('a gateway that is told to stop under load fails no request, ends every stream and goes', async () => {
  const beganMs = performance.now()
  const clock = createClock({
    start: new Date('2026-06-21T10:00:00Z'),
    speed: 1,
    elapsedMs: () => performance.now() - beganMs,
  })
  const simulator = await createSimulator({ seed: 1, homes: 8, clock }).listen(0)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const gateway = startGatewayProgram({
    PORT: String(port),
    PARTNER_API_URL: `${simulator.url}/api/partners/v2.0`,
    WEB_BUILD: '/nowhere',
    LOG_LEVEL: 'silent',
    DATA_DIR: directory,
    DRAIN_S: '1.5',
  })
  const health = async () => (await fetch(`${url}/api/health`).catch(() => null))?.status ?? null
  await gateway.answers(`${url}/api/health`)

  const cookies: string[] = []
  for (let n = 0; n < 4; n++) cookies.push(await signIn(url))
  const headersOf = (n: number) => ({ cookie: cookies[n % cookies.length] ?? '' })

  let isInRotation = true
  const statuses: (number | string)[] = []
  const asking = Array.from({ length: ASKING }, async (_, n) => {
    while (isInRotation) {
      const write = { method: 'POST', headers: { ...headersOf(n), 'x-homewatt': '1' } }
      const [path, init] = n % 4 === 0 ? ['/api/refresh', write] : ['/api/home', { headers: headersOf(n) }]
      const answer = await fetch(url + path, init).catch((error: unknown) => String(error))
      statuses.push(typeof answer === 'string' ? answer : answer.status)
      if (typeof answer !== 'string') await answer.arrayBuffer()
    }
  })
  const watching = Array.from({ length: WATCHING }, async (_, n) => {
    const answer = await fetch(`${url}/api/stream`, { headers: headersOf(n) })
    // To its end, which is an end and not a connection that breaks.
    return (await answer.text()).startsWith('event: snapshot')
  })
  await delay(700)

  const exited = gateway.end('SIGTERM')
  // As a balancer does.
  while ((await health()) === 200) await delay(100)
  expect(await health()).toBe(503)
  isInRotation = false
  await Promise.all(asking)
  expect(statuses.length).toBeGreaterThan(ASKING)
  expect(statuses.filter((status) => status !== 200 && status !== 204)).toEqual([])
  expect((await Promise.all(watching)).every((began) => began)).toBe(true)
  expect(await exited).toBe(0)
  expect(await health()).toBeNull()
  await simulator.close()
}, 60_000)

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/demo/sign-in`, {
    method: 'POST',
    headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ home: 'full' }),
  })
  return (response.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
}
