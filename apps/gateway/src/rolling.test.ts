import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../../simulator/src/clock.ts'
import { createSimulator } from '../../simulator/src/simulator.ts'
import { freePort } from './free-port.test-support.ts'
import { startGatewayProgram } from './gateway-program.test-support.ts'
import { nginxBin, nginxMissing, openNginx, type Nginx } from './nginx.test-support.ts'
import { openPostgres, postgresBin, postgresMissing, type Postgres } from './postgres.test-support.ts'
import { openValkey, valkeyMissing, type Valkey } from './valkey.test-support.ts'
import { sendAsWritten, type RawAnswer } from './whole-house.test-support.ts'

const missing = [
  nginxBin === null ? nginxMissing : null,
  postgresBin === null ? postgresMissing : null,
  valkeyMissing,
].filter((what) => what !== null)
const ASKING = 12
const WATCHING = 24

describe.skipIf(missing.length > 0)(
  `two gateways behind nginx${missing.map((what) => ` (${what})`).join('')}`,
  () => {
    let postgres: Postgres
    let valkey: Valkey
    let nginx: Nginx | null = null
    const closing: (() => Promise<unknown>)[] = []
    beforeAll(async () => {
      postgres = await openPostgres()
      valkey = await openValkey()
    }, 60_000)
    afterAll(async () => {
      await nginx?.close()
      for (const close of closing) await close()
      await valkey.close()
      await postgres.close()
    })

    /** A gateway that can be ended and started again in its place. */
    async function openGateway(env: Record<string, string>) {
      const [port, metricsPort] = [await freePort(), await freePort()]
      const url = `http://127.0.0.1:${port}`
      const start = () =>
        startGatewayProgram({ ...env, PORT: String(port), METRICS_PORT: String(metricsPort) })
      let program = start()
      const untilReady = () => program.answers(`http://127.0.0.1:${metricsPort}/ready`)
      closing.push(() => program.end('SIGKILL'))
      await untilReady()
      return {
        url,
        async nodes() {
          const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
          return Number(/^homewatt_nodes (\d+)$/m.exec(text)?.[1])
        },
        async roll() {
          expect(await program.end('SIGTERM')).toBe(0)
          program = start()
          await untilReady()
        },
      }
    }

    test('are renewed one after the other under load: no request that nginx passes on fails, and every stream is back with a snapshot', async () => {
      const beganMs = performance.now()
      const clock = createClock({
        start: new Date('2026-06-21T10:00:00Z'),
        speed: 1,
        elapsedMs: () => performance.now() - beganMs,
      })
      const simulator = await createSimulator({ seed: 1, homes: 8, clock }).listen(0)
      closing.push(() => simulator.close())
      const env = {
        PUBLIC_URL: 'http://localhost:3000',
        PARTNER_API_URL: `${simulator.url}/api/partners/v2.0`,
        WEB_BUILD: '/nowhere',
        LOG_LEVEL: 'silent',
        DATABASE_URL: await postgres.database(),
        VALKEY_URL: valkey.url,
        TRUSTED_PROXIES: '127.0.0.1',
        DRAIN_S: '1',
      }
      const gateways = [await openGateway(env), await openGateway(env)]
      nginx = await openNginx(
        gateways.map(({ url }) => url),
        { host: 'localhost:3000' },
      )
      const { url } = nginx
      await expect
        .poll(() => Promise.all(gateways.map((gateway) => gateway.nodes())), { timeout: 10_000 })
        .toEqual([2, 2])
      const cookies: string[] = []
      for (let n = 0; n < 4; n++) cookies.push(await signIn(url))
      const headersOf = (n: number) => ({ cookie: cookies[n % cookies.length] ?? '' })

      let isOver = false
      const statuses: (number | string)[] = []
      const asking = Array.from({ length: ASKING }, async (_, n) => {
        while (!isOver) {
          const [method, path] = n % 4 === 0 ? ['POST', '/api/refresh'] : ['GET', '/api/home']
          const headers = { ...headersOf(n), 'x-homewatt': '1' }
          const answer = await sendAsWritten(url, method, path, headers).catch((error: unknown) => error)
          // nginx ends fresh connections too when it reloads, before it passes anything on.
          if (answer instanceof Error && answer.message === 'socket hang up') continue
          statuses.push(answer instanceof Error ? answer.message : (answer as RawAnswer).status)
        }
      })
      /** How often each stream began anew, and whether it always did so with a snapshot. */
      const begun = Array.from({ length: WATCHING }, () => 0)
      const wrong: string[] = []
      const leave = new AbortController()
      const watching = begun.map(async (_, n) => {
        while (!isOver) {
          const answer = await fetch(`${url}/api/stream`, {
            headers: headersOf(n),
            signal: leave.signal,
          }).catch(() => null)
          if (!answer?.body) continue
          let isFirst = true
          try {
            for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
              if (isFirst && !chunk.startsWith('event: snapshot')) wrong.push(chunk.slice(0, 60))
              if (isFirst) begun[n] = (begun[n] ?? 0) + 1
              isFirst = false
            }
          } catch {
            // Left by the test at its end.
          }
        }
      })
      await expect.poll(() => begun.every((count) => count > 0), { timeout: 10_000 }).toBe(true)
      // As `docs/operating.md` says: out of nginx, told to stop, started, and in again.
      for (const gateway of gateways) {
        nginx.pass(gateways.filter((other) => other !== gateway).map(({ url }) => url))
        await gateway.roll()
        nginx.pass(gateways.map(({ url }) => url))
      }
      const before = [...begun]
      await expect
        .poll(() => Promise.all(gateways.map((gateway) => gateway.nodes())), { timeout: 10_000 })
        .toEqual([2, 2])
      isOver = true
      leave.abort()
      await Promise.all([...asking, ...watching])
      expect(statuses.length).toBeGreaterThan(ASKING * 4)
      expect(statuses.filter((status) => status !== 200 && status !== 204)).toEqual([])
      expect(wrong).toEqual([])
      // Each was at one of the two at least once when that one went.
      expect(before.every((count) => count >= 2)).toBe(true)
    }, 90_000)
  },
)

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/demo/sign-in`, {
    method: 'POST',
    headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ home: 'full' }),
  })
  return (response.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
}
