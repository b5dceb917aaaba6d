import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createPartnerClient, realTime } from '@homewatt/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSimulator } from '../../simulator/src/simulator.ts'
import { openForger, type Forger } from './forger.test-support.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { defaultSessionLife } from './house.test-support.ts'
import { createLog } from './log.ts'
import { simulatorAccount } from './safe-tenant.ts'
import type { TenantOptions } from './served-tenant.ts'
import { openStore } from './store.ts'

/** Shows what the web app is told: where it is, and where the gateway is for this request. */
const handler = `
export function handler(request, response) {
  response.setHeader('content-type', 'text/plain')
  response.end(request.headers['x-homewatt-protocol'] + ' ' + request[Symbol.for('homewatt.gateway-url')])
}
`

const NORTH = 'energy.north.example'
const SOUTH = 'energy.south.example'

let directory: string
let simulator: { url: string; close(): Promise<unknown> }
let north: Forger
let south: Forger
let gateway: Gateway
let port: number
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  writeFileSync(join(directory, 'handler.js'), handler)
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  simulator = await createSimulator({ seed: 1, homes: 8 }).listen(0)
  ;[north, south] = [await openForger(), await openForger()]
  gateway = createGateway({
    tenants: [tenant('north', NORTH, north), tenant('south', SOUTH, south)],
    store: await openStore(':memory:'),
    log: createLog('silent', new Writable({ write: (_chunk, _encoding, done) => done() })),
    time: realTime,
    random: () => 0.5,
    webBuild: directory,
  })
  port = Number(new URL((await gateway.listen(0, '127.0.0.1')).url).port)
})
afterAll(async () => {
  await gateway.close()
  await simulator.close()
  for (const issuer of [north, south]) await issuer.close()
  rmSync(directory, { recursive: true })
})

function tenant(id: string, host: string, issuer: Forger): TenantOptions {
  const partnerUrl = new URL(`${simulator.url}/api/partners/v2.0`)
  const { clientId, clientSecret, orgId } = simulatorAccount
  return {
    id,
    publicUrl: new URL(`https://${host}`),
    partnerUrl,
    client: createPartnerClient({ baseUrl: partnerUrl.href, clientId, clientSecret, orgId }),
    actionOrigins: [],
    frameAncestors: [`https://portal.${id}.example`],
    timeZone: 'Europe/Berlin',
    priceZone: 'DE_LU',
    brand: { brand: { name: id }, support: { name: id, email: null, url: null } },
    demo: false,
    signIn: {
      issuer: new URL(issuer.url),
      clientId: 'homewatt-web',
      clientSecret: 'secret',
      scope: 'openid',
      userClaim: { name: 'customer', holds: 'external_user_id' },
      createUsers: false,
    },
    embed: null,
    switchedOff: [],
    sessionLife: defaultSessionLife,
    history: { keptMonths: 25, roundMs: null },
  }
}

type Answer = { status: number; body: string; cookies: string[]; location: string | undefined }

function request(
  path: string,
  headers: Record<string, string> | string[],
  { method = 'GET', body = '', at = port } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = ask({ port: at, path, method, headers, host: '127.0.0.1', setHost: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: text,
          cookies: response.headers['set-cookie'] ?? [],
          location: response.headers.location,
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const cookieOf = ({ cookies }: Answer) => cookies.at(-1)?.split(';', 1)[0] ?? ''

/** Begins at one tenant; resolves with what its issuer was told. */
async function begin(host: string) {
  const answer = await request(
    '/api/sign-in',
    { host, 'x-homewatt': '1', 'content-type': 'application/json' },
    { method: 'POST', body: '{}' },
  )
  const asked = new URL((JSON.parse(answer.body) as { redirect_url: string }).redirect_url).searchParams
  return { cookie: cookieOf(answer), state: asked.get('state') ?? '', nonce: asked.get('nonce') ?? '' }
}

/** Comes back to a tenant from an issuer that says that it is Anna. */
async function comeBack(
  host: string,
  issuer: Forger,
  { cookie, state, nonce }: Awaited<ReturnType<typeof begin>>,
) {
  const nowS = Math.floor(Date.now() / 1000)
  const id_token = await issuer.sign({
    ...{ iss: issuer.url, aud: 'homewatt-web', sub: 'anna', customer: 'full' },
    ...{ nonce, iat: nowS, exp: nowS + 60 },
  })
  for (const one of [north, south])
    one.answer({ body: { access_token: 'a', token_type: 'Bearer', id_token } })
  const query = new URLSearchParams({ code: 'c', state, iss: issuer.url })
  return request(`/api/sign-in/callback?${query}`, { host, cookie })
}

async function sessionAt(host: string, issuer: Forger): Promise<string> {
  return cookieOf(await comeBack(host, issuer, await begin(host)))
}

describe('a host', () => {
  test.each([NORTH, SOUTH, NORTH.toUpperCase()])('%s is answered by its tenant', async (host) => {
    const { body } = await request('/api/session', { host })
    expect(JSON.parse(body)).toMatchObject({ brand: { name: /north/i.test(host) ? 'north' : 'south' } })
  })

  test.each([
    'energy.west.example',
    'north.example',
    `x.${NORTH}`,
    `${NORTH}.`,
    `${NORTH}:443`,
    `${NORTH}:80`,
    `${NORTH}, ${SOUTH}`,
    `user@${NORTH}`,
    '127.0.0.1',
    'localhost',
  ])('%s is answered by nobody', async (host) => {
    for (const path of ['/', '/api/session', '/api/stream', '/api/home'])
      expect((await request(path, { host })).status).toBe(421)
  })

  test('cannot be named twice, or by anything but its header', async () => {
    expect((await request('/api/session', ['host', NORTH, 'host', SOUTH])).status).toBe(400)
    const forwarded = {
      host: NORTH,
      'x-forwarded-host': SOUTH,
      forwarded: `host=${SOUTH}`,
      'x-original-url': '/x',
    }
    expect((await request('/api/session', forwarded)).body).toContain('north')
    expect((await request(`http://${SOUTH}/api/session`, { host: NORTH })).status).toBe(400)
  })

  test('does not matter to whoever asks whether the process lives', async () => {
    expect((await request('/api/health', { host: `10.0.0.7:${port}` })).status).toBe(200)
  })

  test('tells the pages where they are and where their own gateway is', async () => {
    const doors = new Map<string, string>()
    for (const host of [NORTH, SOUTH]) {
      const { body } = await request('/', { host, 'x-homewatt-protocol': 'javascript' })
      const [protocol, url = ''] = body.split(' ')
      expect(protocol).toBe('https')
      doors.set(host, url)
      const session = await fetch(`${url}/api/session`)
      expect(await session.json()).toMatchObject({ brand: { name: host === NORTH ? 'north' : 'south' } })
    }
    expect(new Set(doors.values()).size).toBe(2)
  })
})

describe('two tenants', () => {
  test('have the same person without sharing anything', async () => {
    const [inNorth, inSouth] = [await sessionAt(NORTH, north), await sessionAt(SOUTH, south)]
    for (const [host, cookie] of [
      [NORTH, inNorth],
      [SOUTH, inSouth],
    ] as const) {
      expect(cookie).toMatch(/^__Host-Http-homewatt=[\w-]{43}$/)
      expect((await request('/api/home', { host, cookie })).status).toBe(200)
      const { body } = await request('/api/sessions', { host, cookie })
      expect((JSON.parse(body) as { sessions: unknown[] }).sessions).toHaveLength(1)
    }
    for (const [host, cookie] of [
      [SOUTH, inNorth],
      [NORTH, inSouth],
    ] as const)
      for (const path of ['/api/home', '/api/stream', '/api/sessions'])
        expect((await request(path, { host, cookie })).status).toBe(401)
  })

  test('take no attempt to sign in from one another', async () => {
    const begun = await begin(NORTH)
    expect((await comeBack(SOUTH, south, begun)).location).toBe('/sign-in?reason=failed')
  })

  test('take no token from the issuer of the other', async () => {
    const answer = await comeBack(SOUTH, north, await begin(SOUTH))
    expect(answer.location).toBe('/sign-in?reason=failed')
    expect(answer.cookies).toEqual([])
  })
})

test('a token of one portal lets nobody in at the other tenant, whoever it is made out to', async () => {
  // Keys over plain http are for this machine alone, so that is where these two believe to be.
  const portals = [
    { id: 'north', host: 'localhost:3001', issuer: north },
    { id: 'south', host: 'localhost:3002', issuer: south },
  ]
  const both = createGateway({
    tenants: portals.map(({ id, host, issuer }) => ({
      ...tenant(id, host, issuer),
      publicUrl: new URL(`http://${host}`),
      embed: {
        issuer: portalOf(id),
        keysUrl: new URL(`${issuer.url}/keys`),
        userClaim: { name: 'customer', holds: 'external_user_id' },
      },
    })),
    store: await openStore(':memory:'),
    log: createLog('silent'),
    time: realTime,
    random: () => 0.5,
    webBuild: null,
  })
  const { url } = await both.listen(0, '127.0.0.1')
  const redeem = (host: string, token: string) =>
    request(
      '/api/embed/session',
      { host, 'x-homewatt': '1', 'content-type': 'application/json' },
      { at: Number(new URL(url).port), method: 'POST', body: JSON.stringify({ token }) },
    )
  for (const own of portals)
    for (const other of portals.filter((one) => one !== own)) {
      const forOwn = await embedToken(own, own.host)
      for (const token of [forOwn, await embedToken(own, other.host)]) {
        const refused = await redeem(other.host, token)
        expect([refused.status, refused.cookies]).toEqual([401, []])
      }
      // Having been refused there it is still good where it belongs.
      expect((await redeem(own.host, forOwn)).status).toBe(204)
    }
  await both.close()
})

const portalOf = (id: string) => `https://portal.${id}.example`
let made = 0

/** What the portal of a tenant makes for somebody, to be brought to a host. */
function embedToken({ id, issuer }: { id: string; issuer: Forger }, host: string): Promise<string> {
  const nowS = Math.floor(Date.now() / 1000)
  const claims = {
    ...{ iss: portalOf(id), aud: `http://${host}`, sub: 'anna', customer: 'full' },
    ...{ iat: nowS, exp: nowS + 60, jti: `token-number-${++made}-of-the-test` },
  }
  return issuer.sign(claims, { header: { typ: 'homewatt-embed+jwt' } })
}

test('two tenants with one host, or one id, are refused', async () => {
  const made = async (tenants: TenantOptions[]) =>
    createGateway({
      tenants,
      store: await openStore(':memory:'),
      log: createLog('silent'),
      time: realTime,
      random: () => 0.5,
      webBuild: null,
    })
  await expect(made([tenant('a', NORTH, north), tenant('b', NORTH, north)])).rejects.toThrow(/host/)
  await expect(made([tenant('a', NORTH, north), tenant('a', SOUTH, north)])).rejects.toThrow(/id/)
})

test('each tenant is framed by its own pages only', async () => {
  const framedBy = (host: string) =>
    new Promise<string>((resolve, reject) => {
      const sent = ask(
        { port, path: '/', headers: { host }, host: '127.0.0.1', setHost: false },
        (answer) => {
          answer.resume()
          resolve(
            /frame-ancestors ([^;]+)/.exec(String(answer.headers['content-security-policy']))?.[1] ?? '',
          )
        },
      )
      sent.on('error', reject)
      sent.end()
    })
  expect(await framedBy(NORTH)).toBe('https://portal.north.example')
  expect(await framedBy(SOUTH)).toBe('https://portal.south.example')
  expect(await framedBy('energy.east.example')).toBe("'none'")
})
