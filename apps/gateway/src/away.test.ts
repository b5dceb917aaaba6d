import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AwayAnswer, NoticeList, type AuditTrail, type DeviceType } from '@homewatt/contract'
import * as v from 'valibot'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { openPostgres, postgresBin, postgresMissing, type Postgres } from './postgres.test-support.ts'

const minutes = (n: number) => n * 60_000
const hours = (n: number) => n * 3_600_000
/** Longer than anybody here is away. */
const sessionLife = { idleMs: hours(1_000), absoluteMs: hours(1_000) }
const rounds = { keptMonths: 25, roundMs: minutes(15) }

let directory: string
let houses: House[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  houses = []
})
afterEach(async () => {
  for (const house of houses) await house.close()
  rmSync(directory, { recursive: true })
})

async function open(options: Parameters<typeof openHouse>[0] = {}): Promise<House> {
  const house = await openHouse({
    storeFile: join(directory, 'store.sqlite'),
    history: rounds,
    sessionLife,
    ...options,
  })
  houses.push(house)
  return house
}

async function close(house: House) {
  houses.splice(houses.indexOf(house), 1)
  await house.close()
}

const at = (house: House, ms: number) => new Date(house.time.wallMs() + ms).toISOString()

const awayOf = async (answer: Response) => v.parse(AwayAnswer, await answer.json()).away

/** Which devices of the home are optimised, as the simulator itself has it. */
async function optimised(house: House, name: string): Promise<string[]> {
  const homes = (await house.control('GET', '/homes')) as {
    name: string
    devices: { type: DeviceType; id: string }[]
  }[]
  const devices = homes.find((home) => home.name === name)?.devices ?? []
  const on = await Promise.all(
    devices.map(async ({ id }) => {
      const device = (await house.control('GET', `/homes/${name}/devices/${id}`)) as Record<string, unknown>
      return device['is_smart_optimization_active'] === true ? [id] : []
    }),
  )
  return on.flat().sort()
}

async function writes(house: House): Promise<number> {
  const counts = await house.counts()
  return Object.entries(counts).reduce((sum, [route, n]) => sum + (route.startsWith('PUT ') ? n : 0), 0)
}

async function kinds(person: Person): Promise<string[]> {
  const { notices } = v.parse(NoticeList, await (await person.get('/api/notices')).json())
  return notices.map(({ kind }) => kind).reverse()
}

async function trail(person: Person): Promise<string[]> {
  const { entries } = (await (await person.get('/api/audit')).json()) as AuditTrail
  return entries.filter(({ device_id }) => device_id !== null).map(({ command }) => command)
}

test('at the start what was on is switched off, and at the end exactly that is switched on again', async () => {
  const house = await open()
  const person = await house.signIn('full')
  const pump = await person.deviceId('heat-pumps')
  await house.control('POST', `/homes/full/devices/${pump}`, {
    settings: { is_smart_optimization_active: false },
  })
  const before = await optimised(house, 'full')
  expect(before).toHaveLength(3)
  expect(before).not.toContain(pump)

  const planned = await awayOf(
    await person.send('PUT', '/api/away', { from: at(house, hours(2)), until: at(house, hours(50)) }),
  )
  expect(planned).toMatchObject({ phase: 'planned', devices: [] })
  await house.time.advance(hours(1))
  expect(await optimised(house, 'full')).toEqual(before)
  await house.time.advance(hours(1) + minutes(1))
  expect(await optimised(house, 'full')).toEqual([])
  const away = await awayOf(await person.get('/api/away'))
  expect(away?.phase).toBe('away')
  expect(away?.devices.find(({ id }) => id === pump)?.state).toBe('untouched')

  await house.time.advance(hours(48))
  expect(await optimised(house, 'full')).toEqual(before)
  expect(await awayOf(await person.get('/api/away'))).toBeNull()
  expect((await trail(person)).sort()).toEqual([
    ...Array(3).fill('away_pause'),
    ...Array(3).fill('away_resume'),
  ])
  expect(await kinds(person)).toEqual(['away_begun', 'away_reminder', 'away_ended'])
})

test('from now on it begins before the answer, and ending it by hand switches on before the answer', async () => {
  const house = await open()
  const person = await house.signIn('full')
  const before = await optimised(house, 'full')
  const away = await awayOf(
    await person.send('PUT', '/api/away', { from: null, until: at(house, hours(50)) }),
  )
  expect(away?.phase).toBe('away')
  expect(await optimised(house, 'full')).toEqual([])
  expect(await awayOf(await person.send('DELETE', '/api/away'))).toBeNull()
  expect(await optimised(house, 'full')).toEqual(before)
})

test('what somebody switched on meanwhile stays as it is', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  const id = await person.deviceId('inverters')
  await person.send('PUT', '/api/away', { from: null, until: at(house, hours(3)) })
  await house.control('POST', `/homes/solar/devices/${id}`, {
    settings: { is_smart_optimization_active: true },
  })
  const before = await writes(house)
  await house.time.advance(hours(4))
  expect(await writes(house)).toBe(before)
  expect(await awayOf(await person.get('/api/away'))).toBeNull()
})

test('while it lasts the end can be moved, and nothing is switched by that', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  await person.send('PUT', '/api/away', { from: null, until: at(house, hours(3)) })
  const before = await writes(house)
  const later = at(house, hours(30))
  const away = await awayOf(
    await person.send('PUT', '/api/away', { from: at(house, hours(9)), until: later }),
  )
  expect(away).toMatchObject({ until: later, phase: 'away' })
  await house.time.advance(hours(20))
  expect(await writes(house)).toBe(before)
  expect((await awayOf(await person.get('/api/away')))?.phase).toBe('away')
})

test('a gateway that was down at the end does it when it is back, once', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  const before = await optimised(house, 'solar')
  await person.send('PUT', '/api/away', { from: null, until: at(house, hours(3)) })
  const paused = await writes(house)
  await close(house)
  // The house of the test brings a partner of its own, so what was paused is paused there by hand.
  const again = await open({ start: new Date('2026-06-21T20:00:00Z') })
  const inverter = before[0] ?? ''
  await again.control('POST', `/homes/solar/devices/${inverter}`, {
    settings: { is_smart_optimization_active: false },
  })
  await again.time.advance(minutes(5))
  expect(paused).toBe(1)
  expect(await optimised(again, 'solar')).toEqual(before)
  expect(await writes(again)).toBe(1)
  expect(await kinds(await again.signIn('solar'))).toEqual(['away_begun', 'away_ended'])
})

test('a gateway that is ended in the middle of pausing, and of resuming, goes on where it was', async () => {
  const house = await open()
  const person = await house.signIn('full')
  const before = await optimised(house, 'full')
  const stuck = { kind: 'status', status: 503, match: { home: 'full', type: 'wallboxes', method: 'PUT' } }
  await house.fault(stuck)
  const away = await awayOf(await person.send('PUT', '/api/away', { from: null, until: at(house, hours(3)) }))
  expect(away?.phase).toBe('pausing')
  await house.restart()
  await house.control('DELETE', '/faults')
  await house.time.advance(minutes(10))
  expect(await optimised(house, 'full')).toEqual([])
  expect(await kinds(person)).toEqual(['away_begun'])

  await house.fault(stuck)
  await house.time.advance(hours(2) + minutes(51))
  expect((await awayOf(await person.get('/api/away')))?.phase).toBe('resuming')
  await house.restart()
  await house.control('DELETE', '/faults')
  await house.time.advance(minutes(10))
  expect(await optimised(house, 'full')).toEqual(before)
  expect(await kinds(person)).toEqual(['away_begun', 'away_ended'])
  expect(await trail(person)).toHaveLength(2 * before.length)
  await house.time.advance(hours(1))
  expect(await kinds(person)).toEqual(['away_begun', 'away_ended'])
})

test('while the partner is away it is tried again, and the person is told that it is not done', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  await person.home()
  await house.fault({ kind: 'status', status: 503, match: { home: 'solar', method: 'PUT' } })
  const away = await awayOf(await person.send('PUT', '/api/away', { from: null, until: at(house, hours(9)) }))
  expect(away).toMatchObject({ phase: 'pausing', devices: [{ state: 'pausing' }] })
  expect(away?.waiting_since).not.toBeNull()
  await house.time.advance(minutes(40))
  expect(await kinds(person)).toEqual(['away_not_paused'])
  await house.control('DELETE', '/faults')
  await house.time.advance(minutes(40))
  expect((await awayOf(await person.get('/api/away')))?.phase).toBe('away')
  expect(await kinds(person)).toEqual(['away_not_paused', 'away_begun'])
  expect(await optimised(house, 'solar')).toEqual([])
})

test.each([
  [{ from: null, until: '2026-06-21T09:00:00Z' }, 'until', /passed/],
  [{ from: '2026-06-23T10:00:00Z', until: '2026-06-22T10:00:00Z' }, 'until', /after the beginning/],
  [{ from: null, until: '2028-06-22T10:00:00Z' }, 'until', /366 days/],
  [{ from: null, until: 'tomorrow' }, 'until', /Say a time/],
  [{ from: 'now', until: '2026-06-22T10:00:00Z' }, 'from', /Say a time/],
  [{ from: null, until: '2026-06-22 18:00' }, 'until', /Say a time/],
  [{ from: null, until: '2026-06-22T24:30' }, 'until', /Say a time/],
  [{ from: null, until: '2026-06-31T10:00' }, 'until', /Say a time/],
  [{ from: null, until: '2027-02-29T10:00:00+01:00' }, 'until', /Say a time/],
  [{ from: '2026-06-31T10:00', until: '2026-07-05T10:00' }, 'from', /Say a time/],
  [{ from: null }, 'until', /./],
])('%j is refused at its field, and nothing is kept or sent', async (body, field, message) => {
  const house = await open()
  const person = await house.signIn('solar')
  const answer = await person.send('PUT', '/api/away', body)
  expect(answer.status).toBe(422)
  const { error } = (await answer.json()) as { error: { fields: Record<string, string> } }
  expect(error.fields[field]).toMatch(message)
  expect(await awayOf(await person.get('/api/away'))).toBeNull()
  expect(await writes(house)).toBe(0)
})

test('whose devices cannot be reached all the while is reminded of the end all the same, once', async () => {
  const house = await open()
  const person = await house.signIn('full')
  await house.fault({ kind: 'status', status: 503, match: { method: 'PUT' } })
  await person.send('PUT', '/api/away', { from: null, until: at(house, hours(30)) })
  await house.time.advance(hours(9))
  expect((await awayOf(await person.get('/api/away')))?.phase).toBe('pausing')
  expect(await kinds(person)).toEqual(['away_not_paused', 'away_reminder'])
})

test('a time without a zone is meant by the clocks of the home', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  const wish = { from: '2026-10-24T08:00', until: '2026-10-25T08:00' }
  expect(await awayOf(await person.send('PUT', '/api/away', wish))).toMatchObject({
    from: '2026-10-24T06:00:00.000Z',
    until: '2026-10-25T07:00:00.000Z',
  })
})

test('nobody sees or ends the time away of another', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  await person.send('PUT', '/api/away', { from: at(house, hours(1)), until: at(house, hours(3)) })
  const neighbour = await house.signIn('full')
  expect(await awayOf(await neighbour.get('/api/away'))).toBeNull()
  await neighbour.send('DELETE', '/api/away')
  expect((await awayOf(await person.get('/api/away')))?.phase).toBe('planned')
})

describe.skipIf(postgresBin === null)(`with PostgreSQL${postgresBin ? '' : ` (${postgresMissing})`}`, () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await openPostgres()
  }, 60_000)
  afterAll(() => postgres.close())

  test('two gateways pause and resume once, with one message and one entry for each', async () => {
    const storeFile = await postgres.database()
    const house = await open({ storeFile })
    const second = await house.second(storeFile)
    const person = await house.signIn('full')
    const before = await optimised(house, 'full')
    await person.send('PUT', '/api/away', { from: at(house, hours(1)), until: at(house, hours(30)) })
    await house.time.advance(hours(31))
    expect(await optimised(house, 'full')).toEqual(before)
    expect(await writes(house)).toBe(2 * before.length)
    expect(await kinds(person)).toEqual(['away_begun', 'away_reminder', 'away_ended'])
    expect(await trail(person)).toHaveLength(2 * before.length)
    await second.close()
  })
})
