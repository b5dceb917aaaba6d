import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HomeSnapshot } from '@homewatt/contract'
import { openHouse, type House, type Person } from './house.test-support.ts'

/** The endpoint that gives the organisation's token is in trouble, and the Partner API is not. */

let house: House
let person: Person
beforeEach(async () => {
  house = await openHouse()
  person = await house.signIn('full')
  await person.home()
})
afterEach(() => house.close())

const minutes = (n: number) => n * 60_000
const TOKEN_LIFE_MS = 36_000_000
const atTokens = { match: { path: '/oauth2/token/' } }
const problems = ({ groups }: HomeSnapshot) =>
  Object.values(groups).map(({ problem }) => problem?.kind ?? null)
/** When the token endpoint was asked, monotonic ms. */
const tokenCalls = () =>
  house.sent.filter(({ route }) => route === 'POST /oauth2/token/').map(({ atMs }) => atMs)
const refresh = () => person.send('POST', '/api/refresh')

/** The token is worth nothing from the next request on, and another one is hard to get. */
async function loseToken(trouble: Record<string, unknown>) {
  await house.time.advance(5_000)
  await house.fault({ kind: 'token_expire', count: 1 })
  await house.fault({ ...trouble, ...atTokens })
  house.sent.length = 0
}

/** The token ends in 200 s. */
async function ageToken() {
  await house.time.advance(TOKEN_LIFE_MS - 200_000)
  house.sent.length = 0
}

test.each([
  ['seconds', () => ({ 'retry-after': '600' })],
  ['a date', () => ({ 'retry-after': new Date(house.time.wallMs() + minutes(10) + 5_000).toUTCString() })],
])('429 with %s: one call, and then nobody asks for as long as it says', async (_, headers) => {
  await loseToken({ kind: 'status', status: 429, headers: headers() })
  const devices = (await person.home()).groups
  const id = devices['electric-vehicles'].devices[0]?.id
  for (let n = 0; n < 100; n++) {
    await refresh()
    await house.time.advance(5_000)
  }
  expect(tokenCalls()).toHaveLength(1)
  const snapshot = await person.home()
  expect(problems(snapshot)).toEqual(Array(4).fill('rate_limited'))
  expect(snapshot.groups.inverters.devices).toHaveLength(devices.inverters.devices.length)
  const boost = await person.send('POST', `/api/devices/electric-vehicles/${id}/boost`)
  expect(boost.status).toBe(503)
  expect(Number(boost.headers.get('retry-after'))).toBeGreaterThanOrEqual(90)
  await house.control('DELETE', '/faults')
  // At most a fifth more than it asked for.
  await house.time.advance(minutes(12) - 100 * 5_000)
  await refresh()
  expect(problems(await person.home())).toEqual([null, null, null, null])
  const [first = 0, second = 0] = tokenCalls()
  expect(second - first).toBeGreaterThanOrEqual(minutes(10))
})

test('429 that does not say how long: after 30 s, then ever more seldom', async () => {
  await loseToken({ kind: 'status', status: 429 })
  for (let n = 0; n < 120; n++) {
    await refresh()
    await house.time.advance(5_000)
  }
  const calls = tokenCalls()
  const gapsS = calls.slice(1).map((atMs, n) => (atMs - (calls[n] ?? 0)) / 1000)
  expect(
    gapsS.map((gapS) => [30, 60, 120, 240].find((leastS) => gapS >= leastS && gapS < leastS + 6)),
  ).toEqual([30, 60, 120, 240])
})

test.each<[string, Record<string, unknown>]>([
  ['429', { kind: 'status', status: 429, headers: { 'retry-after': '600' } }],
  ['500', { kind: 'status', status: 500 }],
  ['401', { kind: 'status', status: 401, body: { error: 'invalid_client' } }],
  ['a web page', { kind: 'html' }],
  ['nothing at all', { kind: 'hang' }],
])(
  'a renewal ahead of time that is answered with %s disturbs nobody while the token is good',
  async (_, trouble) => {
    await ageToken()
    await house.fault({ ...trouble, ...atTokens })
    for (let seconds = 0; seconds < 195; seconds += 5) {
      // The clock stands still: this would never come if it waited for the token.
      expect((await refresh()).status).toBeLessThan(300)
      await house.time.advance(5_000)
      expect(problems(await person.home())).toEqual([null, null, null, null])
    }
    // After 30 s, a minute, and two minutes.
    expect(tokenCalls().length).toBeLessThanOrEqual(3)
    await house.control('DELETE', '/faults')
    await house.time.advance(minutes(11))
    await refresh()
    expect(problems(await person.home())).toEqual([null, null, null, null])
  },
)

test.each<[string, Record<string, unknown>, number]>([
  ['500', { kind: 'status', status: 500 }, 10],
  ['a web page', { kind: 'html' }, 10],
  ['404', { kind: 'status', status: 404 }, 10],
  // The call that hangs when it is over has to be given up first.
  ['nothing at all', { kind: 'hang' }, 15],
])(
  'without a token, and %s in its place: asked as any operation that fails, and fresh soon after',
  async (_, trouble, freshAfterS) => {
    await person.stream()
    await loseToken(trouble)
    for (let n = 0; n < 60; n++) await Promise.all([refresh(), house.time.advance(5_000)])
    // Twice at once, then every 5 s at most.
    expect(tokenCalls().length).toBeLessThanOrEqual(62)
    expect(tokenCalls().length).toBeGreaterThanOrEqual(20)
    expect((await person.get('/api/session')).status).toBe(200)
    await house.control('DELETE', '/faults')
    await house.time.advance(freshAfterS * 1_000)
    expect(problems(await person.home())).toEqual([null, null, null, null])
  },
)

test('a refused credential is left alone ever longer, and the token that was refused is used no more', async () => {
  await loseToken({ kind: 'status', status: 401, body: { error: 'invalid_client' } })
  await refresh()
  const asked = house.sent.filter(({ route }) => route.startsWith('GET')).length
  for (let n = 0; n < 24; n++) {
    await refresh()
    await house.time.advance(5_000)
  }
  expect(tokenCalls().length).toBeLessThanOrEqual(3)
  expect(house.sent.filter(({ route }) => route.startsWith('GET'))).toHaveLength(asked)
})
