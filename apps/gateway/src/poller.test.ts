import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HomeChange, HomeSnapshot } from '@homewatt/contract'
import { openHouse, type House } from './house.test-support.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const lists = ['heat-pumps', 'electric-vehicles', 'inverters', 'wallboxes'].map(
  (type) => `GET /api/partners/v2.0/org/{org_id}/users/{user_id}/${type}`,
)
const vehicleRead = 'GET /api/partners/v2.0/org/{org_id}/users/{user_id}/electric-vehicles/{device_id}'

async function listCounts(): Promise<number[]> {
  const counts = await house.counts()
  return lists.map((route) => counts[route] ?? 0)
}

const minutes = (n: number) => n * 60_000

test('a thousand cold readers of one home cost one upstream request per device type', async () => {
  const person = await house.signIn('full')
  const answers = await Promise.all(Array.from({ length: 1000 }, () => person.get('/api/home')))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(await listCounts()).toEqual([1, 1, 1, 1])
  expect((await house.counts())['POST /oauth2/token/']).toBe(1)
})

test('three streams for five minutes cost no more upstream requests than one', async () => {
  const person = await house.signIn('full')
  for (let n = 0; n < 3; n++) await person.stream()
  await house.time.advance(minutes(5))
  for (const count of await listCounts()) {
    // Every 30 to 32 seconds, and once at the start.
    expect(count).toBeGreaterThanOrEqual(10)
    expect(count).toBeLessThanOrEqual(11)
  }
})

test('through an hour in which somebody looks no value is older than 32 s, as often as that is looked at', async () => {
  const stream = await (await house.signIn('full')).stream()
  await house.time.advance(60 * 60_000)
  const agesMs = stream.events
    .filter(({ event }) => event === 'beat')
    .flatMap(({ data }) => {
      const { at, asked_at } = JSON.parse(data) as { at: string; asked_at: Record<string, string> }
      return Object.values(asked_at).map((askedAt) => Date.parse(at) - Date.parse(askedAt))
    })
  expect(agesMs.length).toBeGreaterThan(100)
  expect(Math.max(...agesMs)).toBeLessThanOrEqual(32_000)
})

test('nobody is asked for a home that nobody looks at', async () => {
  const person = await house.signIn('full')
  const stream = await person.stream()
  stream.close()
  await stream.ended
  await house.time.advance(15_000)
  await house.control('DELETE', '/requests')
  await house.time.advance(minutes(10))
  expect(await listCounts()).toEqual([0, 0, 0, 0])
})

test('a home that was asked for half a minute ago is shown at once and asked for again behind the scenes', async () => {
  const person = await house.signIn('full')
  await person.home()
  await house.time.advance(20_000)
  await person.home()
  expect(await listCounts()).toEqual([1, 1, 1, 1])
  await house.time.advance(15_000)
  const [before, after] = [await person.home(), await later(() => person.home())]
  expect(await listCounts()).toEqual([2, 2, 2, 2])
  expect(after.groups.inverters.asked_at).not.toBe(before.groups.inverters.asked_at)
})

test('refreshing asks anew at once, but not twice within three seconds', async () => {
  const person = await house.signIn('full')
  await person.home()
  await house.time.advance(3_000)
  await Promise.all([person.send('POST', '/api/refresh'), person.send('POST', '/api/refresh')])
  expect(await listCounts()).toEqual([2, 2, 2, 2])
  await house.time.advance(1_000)
  await person.send('POST', '/api/refresh')
  expect(await listCounts()).toEqual([2, 2, 2, 2])
})

test('what a device reports reaches the stream as a change of its group only', async () => {
  const person = await house.signIn('full')
  const id = await person.deviceId('heat-pumps')
  const stream = await person.stream()
  await house.control('POST', `/homes/full/devices/${id}`, { set: { dhw_temperature: 55.5 } })
  await house.time.advance(32_000)
  const change = JSON.parse((await stream.next('change')).data) as HomeChange
  expect(Object.keys(change.groups)).toEqual(['heat-pumps'])
  expect(change.groups['heat-pumps']?.devices[0]?.dhw_temperature).toBe(55.5)
})

test('being asked again without news is no change, and the beat tells of it', async () => {
  const person = await house.signIn('full')
  const stream = await person.stream()
  const snapshot = await person.home()
  for (const group of Object.values(snapshot.groups))
    for (const { id } of group.devices)
      await house.control('POST', `/homes/full/devices/${id}`, { freeze: true })
  // The freeze itself may have come with a last report.
  await house.time.advance(35_000)
  const changes = stream.events.filter(({ event }) => event === 'change').length
  await house.time.advance(minutes(2))
  expect(stream.events.filter(({ event }) => event === 'change')).toHaveLength(changes)
  const beat = JSON.parse(stream.events.at(-1)?.data ?? '') as { asked_at: Record<string, string> }
  expect(Date.parse(beat.asked_at['inverters'] ?? '')).toBeGreaterThan(
    Date.parse(snapshot.groups.inverters.asked_at ?? ''),
  )
})

test('a starting boost is followed every three seconds, seen within four, and no longer once it runs', async () => {
  const person = await house.signIn('car')
  const id = await person.deviceId('electric-vehicles')
  await house.control('POST', `/homes/car/devices/${id}`, {
    plugged_in: true,
    level: 40,
    charge_plan: 'wait',
  })
  await house.time.advance(35_000)
  await person.send('POST', '/api/refresh')
  const stream = await person.stream()
  await house.fault({ kind: 'boost_slow', after_s: 40, match: { home: 'car' } })
  const answer = await person.send('POST', `/api/devices/electric-vehicles/${id}/boost`)
  expect(await answer.json()).toEqual({ outcome: 'requested' })
  const requested = JSON.parse((await stream.next('change')).data) as HomeChange
  expect(requested.groups['electric-vehicles']?.devices[0]?.boost_state).toBe('requested')

  await house.control('DELETE', '/requests')
  await house.time.advance(30_000)
  const polls = (await house.counts())[vehicleRead] ?? 0
  expect(polls).toBeGreaterThanOrEqual(8)
  expect(polls).toBeLessThanOrEqual(10)

  await house.time.advance(14_000)
  expect((await person.home()).groups['electric-vehicles'].devices[0]?.boost_state).toBe('ongoing')
  await house.control('DELETE', '/requests')
  await house.time.advance(minutes(1))
  expect((await house.counts())[vehicleRead] ?? 0).toBe(0)
})

test('a boost that never starts is not asked for every three seconds for ever', async () => {
  const person = await house.signIn('car')
  const id = await person.deviceId('electric-vehicles')
  await house.control('POST', `/homes/car/devices/${id}`, { set: { boost_state: 'requested' } })
  await person.stream()
  await house.time.advance(minutes(6))
  await house.control('DELETE', '/requests')
  await house.time.advance(minutes(2))
  expect((await house.counts())[vehicleRead] ?? 0).toBe(0)
})

test('a device that is missing in one list is kept, and gone when lists agree and it is not known alone either', async () => {
  const person = await house.signIn('many')
  const stream = await person.stream()
  await house.fault({
    kind: 'status',
    status: 200,
    body: [],
    match: { home: 'many', type: 'inverters' },
    count: 1,
  })
  await house.time.advance(35_000)
  expect((await person.home()).groups.inverters.devices).toHaveLength(3)
  await house.fault({ kind: 'status', status: 404, match: { home: 'many', endpoint: '/inverters/{' } })
  await house.fault({ kind: 'empty_list', match: { home: 'many', type: 'inverters' } })
  await house.time.advance(minutes(4))
  expect((await person.home()).groups.inverters.devices).toHaveLength(3)
  await house.time.advance(minutes(4))
  expect((await person.home()).groups.inverters.devices).toHaveLength(0)
  stream.close()
})

test('an answer with a device of somebody else is thrown away as a whole, and raises an alarm', async () => {
  const person = await house.signIn('full')
  const before = await person.home()
  await house.fault({ kind: 'wrong_owner', match: { home: 'full', type: 'inverters' } })
  await house.time.advance(3_000)
  const after = (await (await person.send('POST', '/api/refresh')).json()) as HomeSnapshot
  expect(after.groups.inverters.devices).toEqual(before.groups.inverters.devices)
  expect(after.groups.inverters.problem?.kind).toBe('invalid_answer')
  expect(house.logged()).toContain('foreign_device')
})

test('an answer that does not say whose the device is counts as foreign', async () => {
  const person = await house.signIn('solar')
  const { id } = (await person.home()).groups.inverters.devices[0] ?? { id: '' }
  await house.control('POST', `/homes/solar/devices/${id}`, { omit: ['owner', 'user_id'] })
  await house.time.advance(3_000)
  const after = (await (await person.send('POST', '/api/refresh')).json()) as HomeSnapshot
  expect(after.groups.inverters.problem?.kind).toBe('invalid_answer')
})

test.each(['object', 'id', 'user_id'])('an owner named as %s is understood', async (owner) => {
  await house.control('POST', '/homes/full', { owner })
  const snapshot = await (await house.signIn('full')).home()
  for (const group of Object.values(snapshot.groups))
    expect(group).toMatchObject({ state: 'known', problem: null })
})

test('the time of a snapshot is the time at the partner', async () => {
  const person = await house.signIn('full')
  await house.control('POST', '/advance', { seconds: 86_400 })
  const { at } = await person.home()
  const [{ now }] = [(await house.control('GET', '/clock')) as { now: string }]
  expect(Math.abs(Date.parse(at) - Date.parse(now))).toBeLessThanOrEqual(1_000)
})

/** Runs after everything under way has come to rest. */
async function later<T>(run: () => Promise<T>): Promise<T> {
  await house.time.advance(0)
  return run()
}
