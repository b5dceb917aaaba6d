import { Agent, request as ask } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { createScanner, mark, type Scanner } from '../../apps/gateway/src/scanner.test-support.ts'
import type { ControlHome } from './stack.ts'
import { useStack } from './use-stack.ts'

/** `LONG=1` for the long run. */
const PAGES = process.env['LONG'] ? 20_000 : 2_000
const AT_ONCE = 40

const stack = useStack({ simulatorArgs: ['--homes', '30'] })
let homes: ControlHome[]
let cookies: string[]
let scanner: Scanner
beforeAll(async () => {
  scanner = createScanner()
  homes = (await stack.homes()).filter(({ devices }) => devices.length > 0).slice(0, 20)
  for (const [owner, { name, user_id, devices }] of homes.entries()) {
    scanner.secret('a user', user_id)
    for (const { id } of devices) {
      scanner.owns(owner, id)
      await stack.control('POST', `homes/${name}/devices/${id}`, {
        set: { device_model: { manufacturer: mark(owner, 'manufacturer'), model: mark(owner, 'model') } },
      })
    }
  }
  cookies = await Promise.all(homes.map(({ name }) => stack.signIn(name)))
  for (const cookie of cookies) scanner.secret('a session', cookie.split('=')[1] ?? '')
})

test(`${PAGES} pages made side by side, many of them broken off: everybody gets the own home, in the own language`, async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const wrong: string[] = []
  const seen = { own: 0, whole: 0, brokenOff: 0 }

  async function open(n: number) {
    const owner = (n * 7 + Math.floor(n / homes.length)) % homes.length
    const devices = homes[owner]?.devices ?? []
    // Now and then a device of somebody else.
    const { type, id } =
      (n % 9 === 0 ? homes[(owner + 1) % homes.length]?.devices[0] : devices[n % devices.length]) ??
      expect.fail('There is no device.')
    const path = n % 3 === 0 ? '/' : n % 3 === 1 ? `/${type}/${id}` : '/actions/return?result=success'
    const language = n % 2 === 0 ? 'en' : 'de'
    const cookie = `${cookies[owner]}; lang=${language}`
    const text = await get(agent, path, cookie, n % 11 === 0 ? n % 40 : null)
    if (text === null) return void seen.brokenOff++
    seen.whole++
    // An address of one's own asking comes back in links and forms.
    const said = n % 9 === 0 ? text.replaceAll(id, '') : text
    const { wrong: found, isOwnSeen } = scanner.scan(said, owner)
    wrong.push(...found.map((name) => `${path} of ${homes[owner]?.name}: ${name}`))
    if (isOwnSeen) seen.own++
    if (!text.includes(`<html lang="${language}"`)) wrong.push(`${path}: another language`)
  }

  for (let n = 0; n < PAGES; n += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, k) => open(n + k)))
  agent.destroy()
  expect(wrong.slice(0, 20)).toEqual([])
  expect(seen.own).toBeGreaterThan(PAGES / 3)
  expect(seen.whole).toBeGreaterThan(PAGES / 2)
  expect(seen.brokenOff).toBeGreaterThan(PAGES / 50)
  expect(scanner.scanFile(Buffer.from(stack.gateway.output()), false)).toEqual([])
})

/** `null` when it was broken off. A gateway that has too much to do says so, and is asked again, as browsers do. */
function get(
  agent: Agent,
  path: string,
  cookie: string,
  breakOffAfterMs: number | null,
): Promise<string | null> {
  const { hostname, port, host } = new URL(stack.url)
  return new Promise((resolve) => {
    const sent = ask({ hostname, port, path, headers: { host, cookie }, agent }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', () => resolve(null))
      answer.on('end', () =>
        resolve(
          answer.statusCode === 503
            ? delay(1_000).then(() => get(agent, path, cookie, breakOffAfterMs))
            : Buffer.concat(chunks).toString(),
        ),
      )
    })
    sent.on('error', () => resolve(null))
    sent.end()
    if (breakOffAfterMs !== null) void delay(breakOffAfterMs).then(() => sent.destroy())
  })
}
