import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HomeSnapshot } from '@homewatt/contract'
import { openHouse, type House } from './house.test-support.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const problems = ({ groups }: HomeSnapshot) =>
  Object.values(groups).map(({ problem }) => problem?.kind ?? null)

test('while the partner is away the last values stay and say why, and ten seconds after its return they are fresh', async () => {
  const person = await house.signIn('full')
  const before = await person.home()
  const stream = await person.stream()
  await house.killPartner()
  await house.time.advance(40_000)
  const during = await person.home()
  expect(problems(during)).toEqual(Array(4).fill('unreachable'))
  expect(during.groups.inverters.devices).toHaveLength(before.groups.inverters.devices.length)
  expect(during.groups.inverters.asked_at).toBe(before.groups.inverters.asked_at)
  expect(Date.parse(during.at)).toBeGreaterThan(Date.parse(before.at))

  await house.time.advance(6 * 60_000)
  await house.revivePartner()
  await house.time.advance(10_000)
  const after = await person.home()
  expect(problems(after)).toEqual([null, null, null, null])
  expect(stream.events.some(({ event, data }) => event === 'change' && data.includes('unreachable'))).toBe(
    true,
  )
})

test('a day and an hour without the partner: whoever asks is answered, with the last values and how old they are', async () => {
  const person = await house.signIn('full')
  const before = await person.home()
  await house.killPartner()
  for (let hour = 0; hour < 25; hour += 5) {
    await house.time.advance(5 * 3_600_000)
    const answer = await person.get('/api/home')
    expect(answer.status).toBe(200)
    const { groups } = (await answer.json()) as HomeSnapshot
    expect(groups.inverters.devices).toHaveLength(before.groups.inverters.devices.length)
    expect(groups.inverters.asked_at).toBe(before.groups.inverters.asked_at)
  }
  await house.revivePartner()
})

test('what is known is told at once, while the partner takes every question and answers none', async () => {
  const person = await house.signIn('full')
  const before = await person.home()
  await house.fault({ kind: 'hang' })
  for (let minute = 0; minute < 10; minute++) {
    await house.time.advance(60_000)
    const asked = house.sent.length
    // The clock stands still: this would never come if it waited for anybody.
    const { groups } = await person.home()
    expect(groups.inverters.devices).toHaveLength(before.groups.inverters.devices.length)
    if (minute === 0) expect(house.sent.length).toBeGreaterThan(asked)
  }
})

test('while the partner fails nobody hammers it: one probe every five seconds for everybody', async () => {
  for (const home of ['full', 'solar', 'many', 'heat']) await (await house.signIn(home)).stream()
  await house.time.advance(60_000)
  await house.fault({ kind: 'status', status: 503 })
  await house.time.advance(60_000)
  await house.control('DELETE', '/requests')
  await house.time.advance(5 * 60_000)
  const { total } = (await house.control('GET', '/requests')) as { total: number }
  expect(total).toBeGreaterThanOrEqual(45)
  expect(total).toBeLessThanOrEqual(60)
})

test('trouble with one device type leaves the others alone', async () => {
  const person = await house.signIn('full')
  await person.stream()
  await house.fault({ kind: 'status', status: 500, match: { type: 'wallboxes' } })
  await house.time.advance(5 * 60_000)
  expect(problems(await person.home())).toEqual([null, null, null, 'unreachable'])
  await house.control('DELETE', '/faults')
  await house.time.advance(10_000)
  expect(problems(await person.home())).toEqual([null, null, null, null])
})

test('a home that is opened while the partner is away says so at once', async () => {
  const person = await house.signIn('full')
  await (await house.signIn('solar')).stream()
  await house.killPartner()
  await house.time.advance(40_000)
  const snapshot = await person.home()
  for (const group of Object.values(snapshot.groups))
    expect(group).toMatchObject({ state: 'loading', devices: [], problem: { kind: 'unreachable' } })
})

test.each([
  ['html', 'invalid_answer'],
  ['truncate', 'unreachable'],
  ['invalid_json', 'invalid_answer'],
  ['redirect', 'invalid_answer'],
  ['reset', 'unreachable'],
  ['huge', 'invalid_answer'],
])('an answer spoilt by %s is not believed, and the last values stay', async (kind, problem) => {
  const person = await house.signIn('full')
  const before = await person.home()
  await person.stream()
  await house.fault({ kind, match: { type: 'inverters' } })
  await house.time.advance(40_000)
  const { inverters } = (await person.home()).groups
  expect(inverters.problem?.kind).toBe(problem)
  expect(inverters.devices).toHaveLength(before.groups.inverters.devices.length)
  await house.control('DELETE', '/faults')
  await house.time.advance(10_000)
  expect((await person.home()).groups.inverters.problem).toBeNull()
})

test('a partner that takes requests and never answers is given up after five seconds', async () => {
  const person = await house.signIn('full')
  await house.fault({ kind: 'hang', match: { path: '/users/' } })
  const asking = person.home()
  await house.time.advance(5_000)
  expect((await asking).groups.inverters.state).toBe('loading')
})

test('a question that failed is asked twice more, after pauses drawn anew for each: up to 200 ms, then up to 400', async () => {
  const person = await house.signIn('many')
  await house.fault({ kind: 'status', status: 500, match: { home: 'many' } })
  house.sent.length = 0
  const looking = person.home()
  await house.time.advance(1_000)
  await looking
  const pauses = Object.values(Object.groupBy(house.sent, ({ route }) => route)).map((asked = []) =>
    asked.slice(1).map(({ atMs }, n) => atMs - (asked[n]?.atMs ?? 0)),
  )
  expect(pauses.map(({ length }) => length)).toEqual([2, 2, 2, 2])
  for (const [first = 0, second = 0] of pauses) {
    expect(first).toBeLessThanOrEqual(200)
    expect(second).toBeLessThanOrEqual(400)
  }
  expect(new Set(pauses.flat()).size).toBe(8)
})

test('trouble with one home leaves all others alone, however long it lasts', async () => {
  const [person, neighbour] = [await house.signIn('full'), await house.signIn('car')]
  await person.stream()
  const stream = await neighbour.stream()
  await house.fault({ kind: 'status', status: 500, match: { home: 'full' } })
  await house.time.advance(3 * 60_000)
  expect(problems(await person.home())).toEqual(Array(4).fill('unreachable'))
  expect(problems(await neighbour.home())).toEqual([null, null, null, null])
  expect(stream.events.filter(({ data }) => data.includes('unreachable'))).toEqual([])
  expect(house.logged()).not.toContain('partner_blocked')
})

test('a partner that asks to slow down is left alone for as long as it says', async () => {
  const person = await house.signIn('full')
  await person.stream()
  await house.fault({ kind: 'status', status: 429, headers: { 'retry-after': '120' }, count: 1 })
  await house.time.advance(35_000)
  await house.control('DELETE', '/requests')
  await house.time.advance(80_000)
  expect(((await house.control('GET', '/requests')) as { total: number }).total).toBe(0)
  await house.time.advance(90_000)
  expect(problems(await person.home())).toEqual([null, null, null, null])
})

test('a token that is revoked is renewed once and nobody notices', async () => {
  const person = await house.signIn('full')
  await person.stream()
  await house.time.advance(40_000)
  await house.control('DELETE', '/requests')
  await house.fault({ kind: 'token_expire', count: 1 })
  await house.time.advance(40_000)
  expect(problems(await person.home())).toEqual([null, null, null, null])
  expect((await house.counts())['POST /oauth2/token/']).toBe(1)
})

test('a credential that is refused never signs anybody out, and the token endpoint is left in peace', async () => {
  const person = await house.signIn('full')
  await person.stream()
  await house.time.advance(40_000)
  await house.fault({ kind: 'status', status: 401, body: { error: 'invalid_client' } })
  await house.time.advance(60_000)
  const answer = await person.get('/api/home')
  expect(answer.status).toBe(200)
  expect(problems((await answer.json()) as HomeSnapshot)).toEqual(Array(4).fill('credentials_rejected'))
  await house.control('DELETE', '/requests')
  await house.time.advance(10 * 60_000)
  // After 30 s, 1 min, 2 min, 4 min, then every 5 min.
  expect((await house.counts())['POST /oauth2/token/'] ?? 0).toBeLessThanOrEqual(5)
  await house.control('DELETE', '/faults')
  // The first stream has ended meanwhile, as all do after some ten minutes.
  await person.stream()
  await house.time.advance(5 * 60_000 + 1_000)
  expect(problems(await person.home())).toEqual([null, null, null, null])
})
