import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { House, Person } from './house.test-support.ts'
import {
  changingEndpoints,
  endpointsOf,
  openWholeHouse,
  pathTo,
  sendAsWritten,
} from './whole-house.test-support.ts'

/**
 * What browsers send on behalf of a page that is not ours, with the cookie of somebody who is signed in: the worst
 * case, for it stays at home with `SameSite=Strict` but not where we are embedded.
 */
const HOST = 'localhost:3000'
const form = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW'
const elsewhere = [
  'https://evil.example',
  'https://portal.localhost',
  'http://localhost:3001',
  'https://localhost:3000',
]

type Attempt = { what: string; headers: Record<string, string>; body?: string }

const site = (origin: string) => (origin.includes('localhost') ? 'same-site' : 'cross-site')

const attempts: Attempt[] = [...elsewhere, 'null'].flatMap((origin) => {
  const fetched = (mode: string, dest: string) => ({
    origin,
    'sec-fetch-site': site(origin),
    'sec-fetch-mode': mode,
    'sec-fetch-dest': dest,
  })
  const navigated = { ...fetched('navigate', 'document'), 'sec-fetch-user': '?1' }
  return [
    {
      what: `a form of ${origin}`,
      headers: { ...navigated, 'content-type': form },
      body: 'home=car&x-homewatt=1',
    },
    {
      what: `a form with files of ${origin}`,
      headers: { ...navigated, 'content-type': multipart },
      body: '----',
    },
    {
      what: `a form of plain text of ${origin}, made to look like JSON`,
      headers: { ...navigated, 'content-type': 'text/plain' },
      body: '{"home":"car","x":"="}',
    },
    { what: `an empty form of ${origin}`, headers: { ...navigated, 'content-length': '0' } },
    { what: `fetch without CORS of ${origin}`, headers: fetched('no-cors', 'empty') },
    {
      what: `fetch without CORS, with a body, of ${origin}`,
      headers: { ...fetched('no-cors', 'empty'), 'content-type': 'text/plain;charset=UTF-8' },
      body: '{"home":"car"}',
    },
    {
      what: `fetch as if there had been a preflight, of ${origin}`,
      headers: { ...fetched('cors', 'empty'), 'x-homewatt': '1', 'content-type': 'application/json' },
      body: '{"home":"car"}',
    },
    {
      what: `sendBeacon of ${origin}`,
      headers: { ...fetched('no-cors', 'empty'), 'content-type': 'application/json' },
      body: '{"home":"car"}',
    },
    {
      what: `a ping of ${origin}`,
      headers: { ...fetched('no-cors', 'empty'), 'content-type': 'text/ping', 'ping-to': `http://${HOST}/` },
      body: 'PING',
    },
    { what: `a script, frame or worker of ${origin}`, headers: fetched('no-cors', 'script') },
    {
      what: `an old browser at ${origin}, which says only where it is`,
      headers: { origin, 'content-type': form },
      body: 'home=car',
    },
    {
      what: `an old browser at ${origin} with our header, as from a plugin`,
      headers: { origin, 'x-homewatt': '1' },
    },
    {
      what: `a wrong value of our header, of ${origin}`,
      headers: { ...fetched('cors', 'empty'), 'x-homewatt': 'true' },
    },
  ]
})
attempts.push(
  { what: 'something that says nothing at all', headers: {} },
  { what: 'a form that says nothing of where it is', headers: { 'content-type': form }, body: 'home=car' },
  {
    what: 'a form with a foreign referrer',
    headers: { referer: 'https://evil.example/', 'content-type': form },
    body: 'x=1',
  },
  {
    what: 'our own page without our header',
    headers: { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' },
  },
  { what: 'our header twice', headers: { 'x-homewatt': '1, 1' } },
  { what: 'our header and a space more', headers: { 'x-homewatt': '1\u00a0' } },
  {
    what: 'our header from no origin',
    headers: { 'x-homewatt': '1', origin: 'null', 'sec-fetch-site': 'none' },
  },
  {
    what: 'a site that there is not',
    headers: { 'x-homewatt': '1', 'sec-fetch-site': 'same-origin, cross-site' },
  },
  {
    what: 'two origins in one',
    headers: { 'x-homewatt': '1', origin: `http://${HOST} https://evil.example` },
  },
  {
    what: 'our origin in capital letters',
    headers: { 'x-homewatt': '1', origin: `HTTP://${HOST.toUpperCase()}` },
  },
  { what: 'our origin with a path', headers: { 'x-homewatt': '1', origin: `http://${HOST}/` } },
)

let house: House
let full: Person
let vehicle: string
beforeAll(async () => {
  house = await openWholeHouse()
  full = await house.signIn('full')
  vehicle = await full.deviceId('electric-vehicles')
})
afterAll(() => house.close())

const values = () => ({ type: 'electric-vehicles', id: vehicle, n: '0' })
const writes = async () =>
  Object.entries(await house.counts()).filter(
    ([name]) => !name.startsWith('GET ') && !name.startsWith('POST /oauth2'),
  )

test('nothing that another page can send changes anything', async () => {
  const before = await writes()
  const endpoints = changingEndpoints(house)
  expect(endpoints.length).toBeGreaterThan(10)
  expect(attempts.length).toBeGreaterThan(70)
  for (const { method, path } of endpoints)
    for (const { what, headers, body } of attempts) {
      const answer = await sendAsWritten(
        house.url,
        method,
        pathTo(path, values()),
        { host: HOST, cookie: full.cookie, ...headers },
        body,
      )
      expect(answer.status, `${method} ${path}: ${what}`).toBe(403)
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
  expect(await writes()).toEqual(before)
  expect((await full.get('/api/home')).status).toBe(200)
})

test('a preflight is not answered with leave, whatever it asks for', async () => {
  for (const { path } of endpointsOf(house))
    for (const origin of elsewhere) {
      const { status, headers } = await sendAsWritten(house.url, 'OPTIONS', pathTo(path, values()), {
        host: HOST,
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-homewatt, content-type',
      })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
})

test('no GET changes anything, nor does one that claims to be something else', async () => {
  const before = await writes()
  for (const { path } of endpointsOf(house))
    for (const method of ['POST', 'PUT', 'DELETE'])
      await sendAsWritten(house.url, 'GET', `${pathTo(path, values())}?_method=${method}`, {
        host: HOST,
        ...(path === '/api/stream' ? {} : { cookie: full.cookie }),
        'x-homewatt': '1',
        'x-http-method-override': method,
        'x-method-override': method,
        'sec-fetch-site': 'cross-site',
        'sec-fetch-dest': 'image',
      })
  expect(await writes()).toEqual(before)
  expect((await full.get('/api/home')).status).toBe(200)
})

test('the one door without our header asks for a signed token instead', async () => {
  for (const { headers, body } of attempts) {
    const path = '/api/sign-in/backchannel-logout'
    const answer = await sendAsWritten(
      house.url,
      'POST',
      path,
      { host: HOST, cookie: full.cookie, ...headers },
      body,
    )
    expect([400, 415, 429]).toContain(answer.status)
  }
  expect((await full.get('/api/home')).status).toBe(200)
})

describe('what is ours passes', () => {
  test.each<[string, Record<string, string>]>([
    ['our page', { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
    ['our page in an old browser', { origin: `http://${HOST}` }],
    [
      'our page by another name of this machine',
      { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' },
    ],
    ['a server or a command line', {}],
    ['a page that the person opened', { 'sec-fetch-site': 'none' }],
  ])('%s', async (_, headers) => {
    for (const { method, path } of changingEndpoints(house)) {
      // What ends the session would end it for the others.
      const cookie = path.startsWith('/api/session') ? '' : full.cookie
      const sent = { host: HOST, cookie, 'x-homewatt': '1', ...headers }
      const { status } = await sendAsWritten(house.url, method, pathTo(path, values()), sent)
      expect([403, 415], `${method} ${path}`).not.toContain(status)
    }
  })
})
