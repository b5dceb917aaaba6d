import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { HomeSnapshot } from '@homewatt/contract'
import { expect } from 'vitest'
import { createClock } from '../../simulator/src/clock.ts'
import { createSimulator } from '../../simulator/src/simulator.ts'
import { faultRow } from './fault-row.test-support.ts'
import { freePort } from './free-port.test-support.ts'
import { startGatewayProgram } from './gateway-program.test-support.ts'
import { pageOf } from './page.test-support.ts'

faultRow('I10', async ({ sees, does, never }) => {
  const directory = mkdtempSync(join(tmpdir(), 'homewatt-stall-'))
  const clock = createClock({ start: new Date('2026-06-21T10:00:00Z'), speed: 0, elapsedMs: () => 0 })
  const simulator = await createSimulator({ seed: 1, homes: 8, clock }).listen(0)
  const [port, metricsPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const gateway = startGatewayProgram({
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    // By this name the page is asked for.
    PUBLIC_URL: 'http://localhost:3000',
    PARTNER_API_URL: `${simulator.url}/api/partners/v2.0`,
    LOG_LEVEL: 'silent',
    DATA_DIR: directory,
  })
  const meters = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  const meter = async (name: string) =>
    Number(new RegExp(`^${name}\\S* (\\S+)$`, 'm').exec(await meters())?.[1])
  try {
    await gateway.answers(`http://127.0.0.1:${metricsPort}/ready`)
    const signedIn = await fetch(`${url}/api/demo/sign-in`, {
      method: 'POST',
      headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ home: 'full' }),
    })
    const cookie = (signedIn.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
    const home = async () =>
      (await (await fetch(`${url}/api/home`, { headers: { cookie } })).json()) as HomeSnapshot
    await home()
    const { signs } = await pageOf({ url }, { cookie })
    expect(signs).not.toEqual([])
    await meters()

    // In the middle of asking the partner anew.
    await delay(3_100)
    const refreshing = fetch(`${url}/api/refresh`, { method: 'POST', headers: { cookie, 'x-homewatt': '1' } })
    gateway.process.kill('SIGSTOP')
    const asked = home()
    await delay(2_000)
    gateway.process.kill('SIGCONT')

    await does(async () => {
      expect((await refreshing).status).toBe(200)
      const { groups } = await asked
      for (const { state, problem } of Object.values(groups))
        expect([state, problem]).toEqual(['known', null])
      expect(await meter('homewatt_event_loop_delay_seconds')).toBeGreaterThan(1.5)
    })
    await never(async () => {
      expect(await meter('homewatt_partner_blocked')).toBe(0)
      expect(await meter('homewatt_operations_resting')).toBe(0)
      for (const { problem } of Object.values((await home()).groups)) expect(problem).toBeNull()
    })
    await sees(async () => expect((await pageOf({ url }, { cookie })).signs).toEqual(signs))
  } finally {
    await gateway.end('SIGKILL')
    await simulator.close()
    rmSync(directory, { recursive: true })
  }
})
