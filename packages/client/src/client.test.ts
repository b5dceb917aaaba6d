import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { samples } from '@homewatt/contract'
import { createPartnerClient, type PartnerClient } from './client.ts'
import {
  BoostRefused,
  Forbidden,
  ForeignDevice,
  InvalidRequest,
  NotAuthorized,
  NotFound,
  PartnerUnavailable,
  RateLimited,
} from './errors.ts'
import { realTime, type Time } from './time.ts'

const USER = samples.inverters.owner.id
const DEVICE = samples['electric-vehicles'].id
const SECRET = 'canary-secret-5f2d'
const TOKEN = 'canary-token-81c0'

const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

test('a list is read, with the time at the partner', async () => {
  const { client } = await partner(json([samples.inverters]))
  const { value, dateMs } = await client.devices('inverters', USER)
  expect(value.devices.map(({ id }) => id)).toEqual([samples.inverters.id])
  expect(dateMs).toBe(Date.parse('2026-06-21T10:00:00Z'))
})

test('many callers without a token ask for one once', async () => {
  const { client, requests } = await partner(json([samples.inverters]))
  await Promise.all(Array.from({ length: 60 }, () => client.devices('inverters', USER)))
  expect(requests.filter((path) => path === 'POST /oauth2/token/')).toHaveLength(1)
})

test('a refused token is renewed once, however many requests met the refusal, and each is played again once', async () => {
  let valid = 1
  const { client, requests } = await partner((request, response) => {
    if (request.headers.authorization === `Bearer ${TOKEN}-${valid}`)
      json([samples.inverters])(request, response)
    else json({ detail: 'Unauthorized' }, 401)(request, response)
  })
  await client.devices('inverters', USER)
  valid = 2
  requests.length = 0
  await Promise.all(Array.from({ length: 50 }, () => client.devices('inverters', USER)))
  expect(requests.filter((path) => path === 'POST /oauth2/token/')).toHaveLength(1)
  expect(requests.filter((path) => path.startsWith('GET'))).toHaveLength(100)
})

test('a partner that refuses every token is asked for two of them, not for ever more', async () => {
  const { client, requests } = await partner(json({ detail: 'Unauthorized' }, 401))
  for (let n = 0; n < 5; n++)
    await expect(client.devices('inverters', USER)).rejects.toBeInstanceOf(NotAuthorized)
  expect(requests.filter((path) => path === 'POST /oauth2/token/')).toHaveLength(2)
})

test('a token that has ended by the clock of the partner is renewed however often that happens', async () => {
  let hours = 0
  let valid = 1
  const date = () => new Date(Date.parse('2026-06-21T10:00:00Z') + hours * 3_600_000).toUTCString()
  const { client } = await partner(
    (request, response) => {
      if (request.headers.authorization === `Bearer ${TOKEN}-${valid}`)
        json([samples.inverters])(request, response)
      else json({ detail: 'Unauthorized' }, 401)(request, response)
    },
    { date },
  )
  await client.devices('inverters', USER)
  while (valid < 4) {
    hours += 24
    valid++
    await client.devices('inverters', USER)
  }
})

test('a credential that is refused is left alone for half a minute', async () => {
  const { client, requests } = await partner(json([]), { token: json({ error: 'invalid_client' }, 401) })
  for (let n = 0; n < 5; n++) await expect(client.checkCredential()).rejects.toBeInstanceOf(NotAuthorized)
  expect(requests).toEqual(['POST /oauth2/token/'])
})

test.each<[string, RequestListener, unknown]>([
  ['403', json({ detail: 'No' }, 403), { name: 'Forbidden' }],
  ['404', json({ detail: 'Not Found' }, 404), { name: 'NotFound' }],
  [
    '422',
    json({ detail: [{ type: 'x', loc: ['body', 'level'], msg: 'y' }] }, 422),
    { name: 'InvalidRequest', fields: ['level'] },
  ],
  [
    '422 deep inside',
    json({ detail: [{ type: 'x', loc: ['body', 'fri', 0, 'charge_percentage'], msg: 'y' }] }, 422),
    { name: 'InvalidRequest', fields: ['fri', 'charge_percentage'] },
  ],
  [
    '400 without a body',
    (_, response) => response.writeHead(400).end(),
    { name: 'InvalidRequest', fields: [] },
  ],
  ['429 with seconds', json({}, 429, { 'retry-after': '7' }), { name: 'RateLimited', retryAfterMs: 7_000 }],
  [
    '429 with a date',
    json({}, 429, { 'retry-after': 'Sun, 21 Jun 2026 10:01:00 GMT' }),
    { name: 'RateLimited', retryAfterMs: 60_000 },
  ],
  [
    '429 with nonsense',
    json({}, 429, { 'retry-after': 'soon' }),
    { name: 'RateLimited', retryAfterMs: expect.closeTo(5_000) as number },
  ],
  [
    '429 with a negative number',
    json({}, 429, { 'retry-after': '-5' }),
    { name: 'RateLimited', retryAfterMs: 1_000 },
  ],
  [
    '429 with a year',
    json({}, 429, { 'retry-after': '31536000' }),
    { name: 'RateLimited', retryAfterMs: 900_000 },
  ],
  ['500', json({}, 500), { why: 'failing', status: 500 }],
  ['502 with a page', page(502), { why: 'failing', status: 502 }],
  ['200 with a page', page(200), { why: 'media_type' }],
  [
    'a redirect',
    (_, response) => response.writeHead(302, { location: 'https://login.example.com/' }).end(),
    { why: 'redirect' },
  ],
  [
    'JSON that ends too soon',
    (_, response) => response.writeHead(200, type).end('[{"id":'),
    { why: 'bad_json' },
  ],
  ['NaN in JSON', (_, response) => response.writeHead(200, type).end('[{"id":NaN}]'), { why: 'bad_json' }],
  ['an object instead of a list', json({ items: [] }), { why: 'bad_shape' }],
  [
    'a connection that ends in the middle',
    (_, response) =>
      void response.writeHead(200, { ...type, 'content-length': '900' }).write('[', () => response.destroy()),
    { why: 'cut_off' },
  ],
  ['a connection that is reset', (request) => request.socket.resetAndDestroy(), { why: 'cut_off' }],
  [
    'a body that is announced too large',
    (_, response) => void response.writeHead(200, { ...type, 'content-length': '9000000' }).write('['),
    { why: 'too_large' },
  ],
  ['a body that turns out too large', (_, response) => endless(response), { why: 'too_large' }],
  [
    'a list of more devices than a home has',
    json(Array.from({ length: 501 }, () => ({ id: DEVICE, owner: USER }))),
    { why: 'too_large' },
  ],
  ['an encoding we did not ask for', json([], 200, { 'content-encoding': 'gzip' }), { why: 'media_type' }],
])('%s is told by its name', async (_, listener, expected) => {
  const { client } = await partner(listener)
  await expect(client.devices('inverters', USER, { attempts: 1 })).rejects.toMatchObject(expected as object)
})

test('a date to come back at is read by our own clock when the partner does not tell its time', async () => {
  const { client } = await partner(json({}, 429, { 'retry-after': 'Sun, 21 Jun 2026 10:01:00 GMT' }), {
    date: () => null,
    time: { ...realTime, wallMs: () => Date.parse('2026-06-21T10:00:15Z') },
  })
  const refused = client.devices('inverters', USER)
  await expect(refused).rejects.toMatchObject({ name: 'RateLimited', retryAfterMs: 45_000 })
})

test('what lies deep in an answer is left where it is', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const device = JSON.stringify(samples.inverters)
  const { client } = await partner((_, response) =>
    response.writeHead(200, type).end(`[${device.slice(0, -1)},"tomorrow":${deep},"comment":${deep}}]`),
  )
  const { value } = await client.devices('inverters', USER)
  expect(value.devices).toMatchObject([{ id: samples.inverters.id, comment: null }])
})

test('a partner that is not there is not connected', async () => {
  const { client, server } = await partner(json([]))
  await client.checkCredential()
  await stop(server)
  await expect(client.devices('inverters', USER, { attempts: 1 })).rejects.toMatchObject({
    why: 'not_connected',
    inDoubt: false,
  })
})

test.each<[string, RequestListener]>([
  ['no answer', () => {}],
  ['a body that drips', drip],
])('%s is given up when the deadline has passed', async (_, listener) => {
  const { client } = await partner(listener)
  await expect(client.devices('inverters', USER, { attempts: 1, deadlineMs: 300 })).rejects.toMatchObject({
    why: 'timeout',
  })
})

test('what this process was too busy to hear is not held against the partner', async () => {
  const { client } = await partner(json([samples.inverters]))
  await client.devices('inverters', USER)
  const asking = client.devices('inverters', USER, { deadlineMs: 20, attempts: 1 })
  setImmediate(() => {
    const untilMs = performance.now() + 560
    while (performance.now() < untilMs);
  })
  await expect(asking).rejects.toMatchObject({ why: 'stalled' })
  expect(client.resting()).toEqual([])
})

test('after twenty calls that failed the next is not even made, and says when it will be', async () => {
  const { client, requests } = await partner(json({}, 500))
  for (let n = 0; n < 20; n++) await client.devices('inverters', USER, { attempts: 1 }).catch(() => {})
  requests.length = 0
  await expect(client.devices('inverters', USER, { attempts: 1 })).rejects.toMatchObject({
    why: 'resting',
    inDoubt: false,
  })
  expect(requests).toEqual([])
  expect(client.resting()).toEqual(['GET /org/{}/users/{}/inverters'])
})

test.each([404, 409, 422, 429])('%i is an answer and never makes an operation rest', async (status) => {
  const { client } = await partner(json({ detail: 'x' }, status, { 'retry-after': '1' }))
  for (let n = 0; n < 25; n++) await client.device('inverters', USER, DEVICE, { attempts: 1 }).catch(() => {})
  expect(client.resting()).toEqual([])
})

test('a read that failed is tried again, three times in all', async () => {
  let failures = 2
  const { client, requests } = await partner((request, response) =>
    failures-- > 0 ? json({}, 503)(request, response) : json([samples.inverters])(request, response),
  )
  await client.devices('inverters', USER)
  failures = 99
  await expect(client.devices('inverters', USER)).rejects.toMatchObject({ why: 'failing' })
  expect(requests.filter((path) => path.startsWith('GET'))).toHaveLength(6)
})

test.each<[string, RequestListener]>([
  ['503', json({}, 503)],
  ['a reset connection', (request) => request.socket.resetAndDestroy()],
  ['200 and a web page', page(200)],
])('a boost that is answered by %s is never sent again', async (_, listener) => {
  const { client, requests } = await partner(listener)
  await expect(client.startBoost('electric-vehicles', USER, DEVICE)).rejects.toMatchObject({ inDoubt: true })
  expect(requests.filter((path) => path.endsWith('/boost'))).toHaveLength(1)
})

test.each<[string, RequestListener]>([
  ['no body', (_, response) => response.writeHead(204).end()],
  ['a type and no body', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end()],
  ['JSON', json({})],
])('a write that is answered with %s was taken', async (_, listener) => {
  const { client } = await partner(listener)
  await client.startBoost('electric-vehicles', USER, DEVICE)
  await client.saveSettings('electric-vehicles', USER, DEVICE, { minimum_charge_limit: 50 })
})

test('a boost that met a refused token was not done, so it is played again', async () => {
  const { client, requests } = await partner((request, response) =>
    request.headers.authorization === `Bearer ${TOKEN}-1`
      ? json({}, 401)(request, response)
      : response.writeHead(204).end(),
  )
  await client.startBoost('electric-vehicles', USER, DEVICE)
  expect(requests.filter((path) => path.endsWith('/boost'))).toHaveLength(2)
})

test.each(['already_charging', 'fully_charged', 'no_active_session', 'internal_error', 'something_new'])(
  'a boost refused for %s says so, as far as it is known',
  async (reason) => {
    const { client } = await partner(json({ state: 'unavailable', reason }, 409))
    const refusal = await client.startBoost('wallboxes', USER, DEVICE).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(BoostRefused)
    expect(refusal).toMatchObject({
      reason: reason === 'something_new' ? null : reason,
      state: 'unavailable',
    })
  },
)

test.each([
  ['somebody else', { ...samples.inverters, owner: { id: DEVICE } }],
  ['somebody else, by id alone', { ...samples.inverters, owner: DEVICE }],
  ['nobody', { ...samples.inverters, owner: undefined }],
])('a device of %s makes the whole answer worthless', async (_, device) => {
  const { client } = await partner(json([samples.inverters, device]))
  await expect(client.devices('inverters', USER)).rejects.toBeInstanceOf(ForeignDevice)
})

test('another device than the one asked for is not taken for it', async () => {
  const { client } = await partner(json(samples.inverters))
  await expect(client.device('inverters', USER, DEVICE)).rejects.toBeInstanceOf(ForeignDevice)
})

test.each([
  ['another user', { user_id: DEVICE }, { name: 'ForeignDevice' }],
  ['another vehicle', { electric_vehicle_id: USER }, { name: 'ForeignDevice' }],
  ['nobody', { user_id: undefined }, { name: 'PartnerUnavailable' }],
  ['the vehicle with a problem of its own', { error: 'No policy' }, { name: 'PartnerUnavailable' }],
])('a weekly plan of %s is not believed', async (_, metadata, failure) => {
  const owned = { electric_vehicle_id: DEVICE, user_id: USER, error: null }
  const data = { mon: { charge_percentage: 80, charge_deadline: '07:00' }, timezone: 'Europe/Berlin' }
  const { client } = await partner(json({ metadata: owned, data }))
  expect((await client.chargePolicy(USER, DEVICE)).value.mon).toEqual(data.mon)
  const { client: other } = await partner(json({ metadata: { ...owned, ...metadata }, data }))
  await expect(other.chargePolicy(USER, DEVICE)).rejects.toMatchObject(failure)
})

test.each([
  ['somebody else', { user: DEVICE }],
  ['nobody', { user: null }],
])('a way to a new device that was opened for %s is not gone', async (_, whose) => {
  const session = { id: DEVICE, user: USER, authentication_url: 'https://connect.example/1' }
  const wish = {
    user_id: USER,
    success_url: 'https://homewatt.example/success',
    cancel_url: 'https://homewatt.example/cancel',
    language: 'de',
    price_zone_default: 'DE_LU',
  } as const
  const { client } = await partner(json(session, 201))
  expect((await client.startOnboarding(wish)).id).toBe(DEVICE)
  const { client: other } = await partner(json({ ...session, ...whose }, 201))
  await expect(other.startOnboarding(wish)).rejects.toBeInstanceOf(ForeignDevice)
})

test.each([
  ['somebody else', { external_user_id: 'customer-2' }],
  ['nobody we named', { external_user_id: null }],
])('a person who was made known is not taken for %s', async (_, said) => {
  const user = { id: USER, org_id: DEVICE, role: 'user', external_user_id: 'customer-1' }
  const wish = { role: 'user', email: 'one@example.com', external_user_id: 'customer-1' } as const
  const { client } = await partner(json(user, 201))
  expect((await client.createUser(wish)).value.id).toBe(USER)
  const { client: other } = await partner(json({ ...user, ...said }, 201))
  await expect(other.createUser(wish)).rejects.toBeInstanceOf(ForeignDevice)
})

test.each(['..', '../users', 'a/b', '%2e%2e', '1;x', 'x?y', 'x#y', 'a@b', '', `${USER}/..`, `${USER}\n`])(
  'an id like %j never becomes part of a path',
  async (id) => {
    const { client, requests } = await partner(json([]))
    await expect(client.devices('inverters', id)).rejects.toBeInstanceOf(TypeError)
    await expect(client.device('inverters', USER, id)).rejects.toBeInstanceOf(TypeError)
    expect(requests.filter((path) => path.startsWith('GET'))).toEqual([])
  },
)

test('nothing secret is in an error, nor in anything that can be reached from the client', async () => {
  const body = `{"secret":"canary-body-77aa","link":"https://app.example.com/cues/x/resolve?secret=canary-link-19ff"`
  const failures = [
    json({ detail: 'canary-body-77aa' }, 500),
    json({ detail: 'canary-body-77aa' }, 404),
    json({ detail: [{ loc: ['canary-body-77aa'] }] }, 422),
    (_: IncomingMessage, response: ServerResponse) => response.writeHead(200, type).end(body),
    (request: IncomingMessage) => request.socket.end('HTTP/1.1 canary-body-77aa\r\n\r\n'),
    (request: IncomingMessage) => request.socket.resetAndDestroy(),
    json({ state: 'canary-body-77aa', reason: 'canary-body-77aa' }, 409),
  ]
  let seen = ''
  for (const failure of failures) {
    const { client } = await partner(failure)
    const target = { cueId: DEVICE, secret: 'canary-link-19ff' }
    const form = { successUrl: 'https://a.example/', cancelUrl: 'https://a.example/' }
    for (const call of [
      client.devices('inverters', USER, { attempts: 1 }),
      client.startBoost('wallboxes', USER, DEVICE),
      client.resolveAction(target, form),
    ]) {
      const error = await call.then(
        () => {
          throw new Error('This should have failed.')
        },
        (failed: unknown) => failed,
      )
      seen +=
        inspect(error, { depth: 12, showHidden: true, getters: true }) +
        JSON.stringify(error) +
        String((error as Error).stack)
    }
    seen += inspect(client, { depth: 12, showHidden: true }) + JSON.stringify(client)
  }
  expect(seen).not.toContain('canary')
  expect(seen).not.toContain(Buffer.from(`client:${SECRET}`).toString('base64'))
})

test('errors are of one family with a name each', () => {
  const family = [
    new NotAuthorized(1),
    new Forbidden(),
    new NotFound(),
    new InvalidRequest(422, []),
    new RateLimited(1),
    new PartnerUnavailable('timeout'),
  ]
  for (const error of family) expect(error.name).toBe(error.constructor.name)
})

/** A partner that answers tokens properly, and everything else as the test says. */
async function partner(
  listener: RequestListener,
  {
    token,
    date = () => 'Sun, 21 Jun 2026 10:00:00 GMT',
    time = realTime,
  }: { token?: RequestListener; date?: () => string | null; time?: Time } = {},
) {
  const requests: string[] = []
  let issued = 0
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const now = date()
    if (now === null) response.sendDate = false
    else response.setHeader('date', now)
    request.resume()
    if (request.url !== '/oauth2/token/') return listener(request, response)
    if (token) return token(request, response)
    json({
      access_token: `${TOKEN}-${++issued}`,
      expires_in: 36_000,
      token_type: 'Bearer',
      scope: 'read write',
    })(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client: PartnerClient = createPartnerClient({
    baseUrl: `http://127.0.0.1:${port}/api/partners/v2.0`,
    clientId: 'client',
    clientSecret: SECRET,
    orgId: '00000000-0000-4000-8000-00000000d0d0',
    time,
    // Pauses between tries are a hundredth of what they may be at most.
    random: () => 0.01,
  })
  open.push(client, { close: () => stop(server) })
  return { client, requests, server }
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

const type = { 'content-type': 'application/json' }

function json(body: unknown, status = 200, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => void response.writeHead(status, { ...type, ...headers }).end(JSON.stringify(body))
}

function page(status: number): RequestListener {
  return (_, response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Sorry</h1>')
}

function endless(response: ServerResponse) {
  response.writeHead(200, type)
  const chunk = '['.repeat(64 * 1024)
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}

function drip(_: IncomingMessage, response: ServerResponse) {
  response.writeHead(200, type)
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}
