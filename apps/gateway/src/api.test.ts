import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deviceTypes, GatewayError, HomeSnapshot, Session } from '@homewatt/contract'
import * as v from 'valibot'
import { openHouse, type House, type Person } from './house.test-support.ts'

let house: House
let full: Person
let vehicle: string
let boost: string
beforeAll(async () => {
  house = await openHouse()
  full = await house.signIn('full')
  vehicle = await full.deviceId('electric-vehicles')
  boost = `/api/devices/electric-vehicles/${vehicle}/boost`
})
afterAll(() => house.close())

describe('what a browser gets', () => {
  test('a home in the words of the contract', async () => {
    expect(v.parse(HomeSnapshot, await full.home())).toMatchObject({ time_zone: 'Europe/Berlin' })
  })

  test('a session that says that it is one, and nothing of the person', async () => {
    const session = v.parse(v.strictObject(Session.entries), await (await full.get('/api/session')).json())
    expect(session).toMatchObject({ signed_in: true, demo: true, home: 'full' })
    expect(await (await house.request('/api/session')).json()).toMatchObject({ signed_in: false, home: null })
  })

  test('one device with what is needed to judge it', async () => {
    const answer = await (await full.get(`/api/devices/electric-vehicles/${vehicle}`)).json()
    expect(answer).toMatchObject({ problem: null, device: { id: vehicle, actions: null } })
  })

  test('a description of the API with every path', async () => {
    const { openapi, paths } = (await (await house.request('/api/openapi.json')).json()) as {
      openapi: string
      paths: Record<string, unknown>
    }
    expect(openapi).toBe('3.1.0')
    expect(Object.keys(paths)).toContain('/api/devices/{type}/{id}/actions/{n}/start')
    for (const path of [
      '/api/onboarding',
      '/api/buildings/{id}',
      '/api/history',
      '/api/sessions/{id}',
      '/api/away',
      '/api/notices/settings',
      '/api/push/subscription',
    ])
      expect(Object.keys(paths)).toContain(path)
  })

  test('the names of the demo homes', async () => {
    const { homes } = (await (await house.request('/api/demo/homes')).json()) as { homes: { name: string }[] }
    expect(homes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['full', 'solar', 'solar-only', 'heat', 'car', 'reconnect', 'empty', 'many']),
    )
  })
})

describe('who is not signed in', () => {
  test.each([
    'GET /api/home',
    'GET /api/stream',
    'POST /api/refresh',
    'GET /api/devices/inverters/x',
    'POST /api/devices/x/y/boost',
  ])('gets nothing from %s', async (request) => {
    const [method = '', path = ''] = request.split(' ')
    const answer = await house.request(path, { method, headers: { 'x-homewatt': '1' } })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: { code: 'not_signed_in' } })
  })

  test.each(['homewatt=', 'homewatt=x', `homewatt=${'A'.repeat(43)}`, "homewatt=' OR 1=1 --"])(
    'stays so with the cookie %j',
    async (cookie) => {
      expect((await house.request('/api/home', { headers: { cookie } })).status).toBe(401)
    },
  )

  test('stays so with two cookies, of which one is good', async () => {
    const cookie = `homewatt=${'A'.repeat(43)}; ${full.cookie}`
    expect((await house.request('/api/home', { headers: { cookie } })).status).toBe(401)
  })

  test('cannot enter a home that does not exist, or with anything but a name', async () => {
    const enter = (body: string) =>
      house.request('/api/demo/sign-in', {
        method: 'POST',
        headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
        body,
      })
    expect((await enter('{"home":"nowhere"}')).status).toBe(404)
    for (const body of [
      '{"home":"../full"}',
      '{"home":["full"]}',
      '{"home":"full","user":"x"}',
      '[]',
      '{',
      '',
    ])
      expect((await enter(body)).status).toBe(422)
  })
})

test('a device of somebody else, of another type or of nobody is answered the same, byte for byte', async () => {
  const foreign = await (await house.signIn('car')).deviceId('electric-vehicles')
  const wallbox = await full.deviceId('wallboxes')
  const ids = [
    foreign,
    wallbox,
    '00000000-0000-4000-8000-000000000001',
    'x',
    '%2e%2e',
    `${vehicle}.`,
    `${vehicle}%00`,
    '__proto__',
  ]
  const bodies = new Set<string>()
  for (const id of ids) {
    const path = `/api/devices/electric-vehicles/${id}`
    for (const answer of [
      await full.get(path),
      await full.send('POST', `${path}/boost`),
      await full.send('DELETE', `${path}/boost`),
      await full.send('POST', `${path}/actions/0/start`),
    ]) {
      expect(answer.status).toBe(404)
      bodies.add(await answer.text())
    }
  }
  for (const path of [
    '/api/nothing',
    '/api',
    '/api/devices',
    '/api/devices/boats/1',
    '/api/home/x',
    `/api/devices/heat-pumps/${vehicle}`,
  ])
    bodies.add(await (await full.get(path)).text())
  const heatPump = await full.deviceId('heat-pumps')
  bodies.add(await (await full.send('POST', `/api/devices/heat-pumps/${heatPump}/boost`)).text())
  expect(bodies.size).toBe(1)
})

describe('a request that changes something', () => {
  const changing = () => [
    ['POST', '/api/refresh'],
    ['POST', boost],
    ['DELETE', boost],
    ['POST', '/api/session/end'],
    ['POST', '/api/demo/sign-in'],
    ['POST', `/api/devices/electric-vehicles/${vehicle}/actions/0/start`],
  ]

  test.each<[string, Record<string, string>]>([
    ['without our header', {}],
    ['with another value of our header', { 'x-homewatt': '0' }],
    ['from a foreign site', { 'x-homewatt': '1', 'sec-fetch-site': 'cross-site' }],
    ['from a sibling site', { 'x-homewatt': '1', 'sec-fetch-site': 'same-site' }],
    ['from a foreign origin', { 'x-homewatt': '1', origin: 'https://evil.example' }],
    ['from no origin at all', { 'x-homewatt': '1', origin: 'null' }],
    ['from another port', { 'x-homewatt': '1', origin: 'http://localhost:3001' }],
  ])('is refused %s', async (_, headers) => {
    for (const [method = '', path = ''] of changing()) {
      const answer = await house.request(path, { method, headers: { cookie: full.cookie, ...headers } })
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ error: { code: 'forbidden_origin' } })
    }
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    'application/json;charset=utf-8;x=y',
    ' application/jsonx',
    'application/json\t; charset=utf-8',
    'text/plain; application/json',
    'application/ld+json',
  ])('is refused with a body of type %j', async (type) => {
    const answer = await house.request('/api/demo/sign-in', {
      method: 'POST',
      headers: { 'x-homewatt': '1', 'content-type': type },
      body: '{"home":"full"}',
    })
    expect(answer.status).toBe(415)
  })

  test('is refused with a body over 16 KB', async () => {
    const answer = await house.request('/api/demo/sign-in', {
      method: 'POST',
      headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ home: 'x'.repeat(17_000) }),
    })
    expect(answer.status).toBe(413)
  })

  test('is taken from our own page', async () => {
    const answer = await house.request('/api/refresh', {
      method: 'POST',
      headers: {
        cookie: full.cookie,
        'x-homewatt': '1',
        'sec-fetch-site': 'same-origin',
        origin: 'http://localhost:3000',
      },
    })
    expect(answer.status).toBe(200)
  })
})

test('every answer, of whatever status, may be kept by nobody and framed by nobody', async () => {
  const paths = [
    '/api/home',
    '/api/session',
    '/api/health',
    '/api/openapi.json',
    '/api/demo/homes',
    '/api/nothing',
    `/api/devices/electric-vehicles/${vehicle}`,
    '/nowhere',
  ]
  const answers = [
    ...(await Promise.all(paths.map((path) => full.get(path)))),
    ...(await Promise.all(paths.map((path) => house.request(path)))),
    ...(await Promise.all(paths.map((path) => house.request(path, { method: 'POST' })))),
    await house.request('/api/home', { method: 'HEAD' }),
  ]
  for (const { headers } of answers) {
    expect(headers.get('cache-control')).toMatch(/no-store/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toMatch(/^(no-referrer|same-origin)$/)
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  }
})

test('an id with capital letters names the same device', async () => {
  expect((await full.get(`/api/devices/electric-vehicles/${vehicle.toUpperCase()}`)).status).toBe(200)
})

test('failures are told in the words of the contract', async () => {
  const answers = [
    await full.get('/api/nothing'),
    await house.request('/api/home'),
    await house.request(boost, { method: 'POST' }),
  ]
  for (const answer of answers)
    expect(v.is(v.strictObject(GatewayError.entries), await answer.json())).toBe(true)
})

test('only what the contract names leaves the gateway', async () => {
  const { groups } = await full.home()
  const entries = HomeSnapshot.entries.groups.entries
  for (const type of deviceTypes) {
    const named = Object.keys(entries[type].entries.devices.item.entries)
    for (const device of groups[type].devices)
      for (const key of Object.keys(device)) expect(named).toContain(key)
  }
})
