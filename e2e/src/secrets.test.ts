import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deviceTypes } from '@homewatt/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, startProgram, type ControlHome, type Program } from './stack.ts'

const client = resolve(dirname(fileURLToPath(import.meta.url)), '../../apps/web/build/client')
const secret = 'homewatt-demo-secret'

let control: (path: string, body?: unknown) => Promise<unknown>
let dataDir: string
let simulator: Program
let gateway: Program
let between: Server
let url: string
let homes: ControlHome[]
let people: { email: string; last_name: string; street_and_number: string }[]
/** What the gateway identified itself with towards the partner. */
const credentials = new Set<string>()

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'homewatt-secrets-'))
  const [simulatorPort, betweenPort, port] = [await freePort(), await freePort(), await freePort()]
  simulator = await startProgram('apps/simulator/src/main.ts', 'Simulator is ready', [
    '--port',
    String(simulatorPort),
  ])
  between = listener(simulatorPort)
  await new Promise<void>((done) => between.listen(betweenPort, '127.0.0.1', done))
  url = `http://localhost:${port}`
  control = (path, body) => controlOf(simulatorPort, path, body)
  homes = (await control('homes')) as ControlHome[]
  for (const { name, devices } of homes)
    for (const { id } of devices) await control(`homes/${name}/devices/${id}`, canaries(name))
  gateway = await startProgram('apps/gateway/src/main.ts', 'Homewatt is ready', [], {
    PORT: String(port),
    DATA_DIR: dataDir,
    PARTNER_API_URL: `http://localhost:${betweenPort}/api/partners/v2.0`,
    LOG_LEVEL: 'trace',
  })
  people = await peopleOf(betweenPort)
})
afterAll(async () => {
  await gateway.end()
  between.close()
  between.closeAllConnections()
  await simulator.end()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Private texts in every field that could carry one, and in one that nobody has heard of. */
const canaries = (home: string) => ({
  set: {
    comment: 'canary-comment',
    external_device_id: 'canary-external-id',
    authorization_url: 'https://manufacturer.example.com/?code=canary-authorization',
    lifecycle_error: 'canary-error',
    tomorrow: { owner_phone: 'canary-phone' },
    owner: {
      id: homes.find(({ name }) => name === home)?.user_id,
      email: `canary-${home}@example.com`,
      first_name: 'Canary-First',
      last_name: 'Canary-Last',
      external_id: 'canary-external',
    },
  },
})

describe.each(['full', 'reconnect', 'many'])('of the home %s', (name) => {
  test('nothing that leaves the gateway names people, other homes or credentials', async () => {
    const home = homes.find((one) => one.name === name) ?? expect.fail(`No home ${name}`)
    const signedIn = await send('POST', '/api/demo/sign-in', '', { home: name })
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const session = cookie.split('=')[1] ?? ''
    expect(session.length).toBeGreaterThan(20)
    const stream = await openStream(cookie)

    let left = ''
    const keep = async (answer: Response) => {
      left += JSON.stringify([...answer.headers]) + (await answer.text())
    }
    const devicePaths = home.devices.map(({ type, id }) => `${type}/${id}`)
    const pages = [
      '/',
      ...devicePaths.map((path) => `/${path}`),
      '/demo',
      '/sign-in',
      '/actions/return',
      '/404',
    ]
    for (const path of pages)
      for (const language of ['en', 'de']) await keep(await send('GET', path, `${cookie}; lang=${language}`))
    for (const path of ['health', 'session', 'home', 'openapi.json', 'demo/homes', 'nowhere'])
      await keep(await send('GET', `/api/${path}`, cookie))
    for (const path of devicePaths) {
      await keep(await send('GET', `/api/devices/${path}`, cookie))
      await keep(await send('POST', `/api/devices/${path}/boost`, cookie))
      await keep(await send('DELETE', `/api/devices/${path}/boost`, cookie))
    }
    const [stranger] = homes.find((one) => one.name === 'car')?.devices ?? []
    await keep(await send('GET', `/api/devices/${stranger?.type}/${stranger?.id}`, cookie))

    // Everything that can go wrong upstream, for the error texts.
    for (const kind of [
      'wrong_owner',
      'truncate',
      'invalid_json',
      'html',
      'redirect',
      'reset',
      'token_expire',
    ]) {
      await control('faults', { kind, count: deviceTypes.length, match: { home: name } })
      for (const path of devicePaths) await keep(await send('GET', `/api/devices/${path}`, cookie))
    }
    await keep(await send('POST', '/api/refresh', cookie))
    left += await stream.close()
    await keep(await send('POST', '/api/session/end', cookie))
    expect(left.length).toBeGreaterThan(100_000)

    expect(foundIn(left, home)).toEqual([])
    expect(foundIn(gateway.output(), home)).toEqual([])
    expect(gateway.output()).not.toContain(session)
  })
})

test('nothing that is sent to browsers as a file knows of people, homes or credentials', () => {
  const files = readdirSync(client, { recursive: true, withFileTypes: true }).filter(
    (file) => file.isFile() && !/\.(br|gz)$/.test(file.name),
  )
  expect(files.some(({ name }) => name.endsWith('.js'))).toBe(true)
  for (const { parentPath, name } of files) {
    const text = readFileSync(join(parentPath, name), 'latin1')
    expect(foundIn(text, null), name).toEqual([])
    expect(text, name).not.toMatch(/PARTNER_|OIDC_|client_secret|oauth2\/token/)
  }
})

test('the credential was there to be found', () => {
  expect([...credentials].some((text) => text.length >= 30)).toBe(true)
})

/** What of all that is private is in a text. Of one's own home the devices may be there, and nothing else. */
function foundIn(text: string, own: ControlHome | null): string[] {
  const foreign = homes.filter((home) => home.name !== own?.name)
  const words = [
    ...credentials,
    secret,
    Buffer.from(`homewatt-demo:${secret}`).toString('base64'),
    '00000000-0000-4000-8000-00000000d0d0',
    '?secret=',
    'canary',
    'Canary',
    'Bearer ',
    ...homes.map(({ user_id }) => user_id),
    ...foreign.flatMap(({ devices }) => devices.map(({ id }) => id)),
    ...people.flatMap(({ email, street_and_number }) => [email, street_and_number]),
    ...people.map(({ last_name }) => `"${last_name}"`),
  ]
  return words.filter((word) => text.includes(word))
}

/** Passes everything on to the simulator, and remembers the credentials that come by. */
function listener(port: number): Server {
  return createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const [, credential] = (headers.authorization ?? '').split(' ')
    if (credential) credentials.add(credential)
    const passed = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
      answer.on('error', () => outgoing.destroy())
    })
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
}

async function controlOf(port: number, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}/_control/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  })
  if (!answer.ok) throw new Error(`/_control/${path}: ${await answer.text()}`)
  return answer.json()
}

/** Everybody whom the Partner API knows. */
async function peopleOf(port: number): Promise<typeof people> {
  const org = '00000000-0000-4000-8000-00000000d0d0'
  const [token] = [...credentials].filter((text) => text.length === 30)
  const answer = await fetch(`http://127.0.0.1:${port}/api/partners/v2.0/org/${org}/users`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return (await answer.json()) as typeof people
}

function send(method: string, path: string, cookie: string, body?: unknown): Promise<Response> {
  return fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      cookie,
      ...(method === 'GET' ? {} : { 'x-homewatt': '1' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function openStream(cookie: string): Promise<{ close: () => Promise<string> }> {
  const ending = new AbortController()
  const answer = await fetch(`${url}/api/stream`, { headers: { cookie }, signal: ending.signal })
  let text = ''
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true })
  })().catch(() => {})
  return {
    close: async () => {
      ending.abort()
      await reading
      expect(text).toContain('event: snapshot')
      return text
    },
  }
}
