import { afterEach, beforeEach, expect } from 'vitest'
import { faultRow } from './fault-row.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, postForm, webBuild } from './page.test-support.ts'

/** Devices that go, come back, or belong to somebody else. */

let house: House
beforeEach(async () => {
  house = await openHouse({ webBuild, history: { keptMonths: 25, roundMs: 900_000 } })
})
afterEach(() => house.close())

const minutes = (n: number) => n * 60_000
const VEHICLE = 'GET /api/partners/v2.0/org/{org_id}/users/{user_id}/electric-vehicles/{device_id}'

const vehiclesOf = async (person: Person) => (await person.home()).groups['electric-vehicles'].devices
const historyPath = (type: string, id: string) =>
  `/api/history?from=2026-06-01T00:00:00Z&to=2026-07-01T00:00:00Z&type=${type}&id=${id}`

async function keptRows(person: Person, type: string, id: string): Promise<number> {
  const answer = await person.get(historyPath(type, id))
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { at_ms: number[] }).at_ms.length
}

faultRow('F4', async ({ row, sees, does, never }) => {
  const person = await house.signIn('many')
  const [first, second, third] = (await vehiclesOf(person)).map(({ id }) => id)
  if (!first || !second || !third) throw new Error('There are three of each in this home.')
  await person.stream()
  await house.control('POST', `/homes/many/devices/${first}`, { set: { boost_state: 'requested' } })
  await house.time.advance(40_000)
  const kept = await keptRows(person, 'electric-vehicles', first)
  expect(kept).toBeGreaterThan(0)
  const rest = (await vehiclesOf(person)).filter(({ id }) => id !== first).map(({ id }) => id)

  // The device is gone from one moment to the next: first alone, then from the lists.
  await house.fault({ kind: 'status', status: 404, match: { path: `/electric-vehicles/${first}` } })
  const list = (await house.control('GET', '/homes')) as {
    name: string
    devices: { id: string; type: string }[]
  }[]
  const others = list
    .find(({ name }) => name === 'many')
    ?.devices.filter(({ id, type }) => type === 'electric-vehicles' && id !== first)
  const bodies = await Promise.all(
    (others ?? []).map(({ id }) => house.control('GET', `/homes/many/devices/${id}`)),
  )
  await house.fault({
    kind: 'status',
    status: 200,
    body: bodies,
    match: { home: 'many', path: '/electric-vehicles' },
  })
  await house.time.advance(35_000)
  await sees(async () => {
    await expectShown(house, person, row.sees)
    await expectShown(house, person, row.sees, `/electric-vehicles/${first}`)
    const { signs } = await pageOf(house, person, `/electric-vehicles/${first}`)
    expect(signs).toContain('level old')
    expect(signs).toContain('Charge Now (off)')
  })
  await house.control('DELETE', '/requests')
  await house.time.advance(20_000)
  await does(async () => {
    expect((await house.counts())[VEHICLE] ?? 0).toBeLessThanOrEqual(2)
    await house.time.advance(minutes(2))
    expect((await vehiclesOf(person)).map(({ id }) => id)).toEqual(rest)
    expect((await pageOf(house, person)).text).not.toContain('No longer connected')
  })
  await never(async () => {
    await house.control('DELETE', '/requests')
    // A tap on the page that still showed it reaches nobody else.
    await postForm(house, person, '/?/boost', { type: 'electric-vehicles', id: first })
    expect(Object.keys(await house.counts()).filter((route) => route.startsWith('POST'))).toEqual([])
    await house.control('DELETE', '/faults')
    await house.time.advance(minutes(1))
    expect(await keptRows(person, 'electric-vehicles', first)).toBeGreaterThanOrEqual(kept)
  })
})

faultRow('F36', async ({ row, sees, does, never }) => {
  const person = await house.signIn('many')
  await person.stream()
  await house.time.advance(35_000)
  const all = (await vehiclesOf(person)).length
  await house.fault({ kind: 'empty_list', match: { home: 'many', type: 'electric-vehicles' } })
  await house.time.advance(35_000)
  await sees(() => expectShown(house, person, row.sees))
  await never(async () => {
    expect(await vehiclesOf(person)).toHaveLength(all)
    expect((await pageOf(house, person)).text).not.toContain('No devices yet')
  })
  await house.time.advance(minutes(6))
  // Five minutes of empty lists, and each device still answers when asked for alone.
  await does(async () => expect(await vehiclesOf(person)).toHaveLength(all))
  await house.control('DELETE', '/faults')
  await house.fault({
    kind: 'status',
    status: 404,
    match: { home: 'many', endpoint: '/electric-vehicles/{' },
  })
  await house.fault({ kind: 'empty_list', match: { home: 'many', type: 'electric-vehicles' } })
  await house.time.advance(minutes(3))
  await does(async () => expect(await vehiclesOf(person)).toHaveLength(all))
  await person.stream()
  await house.time.advance(minutes(4))
  await does(async () => expect(await vehiclesOf(person)).toHaveLength(0))
  await house.control('DELETE', '/faults')
  await house.time.advance(40_000)
  await does(async () => expect(await vehiclesOf(person)).toHaveLength(all))
})

faultRow('F37', async ({ row, sees, does, never }) => {
  const person = await house.signIn('full')
  await person.stream()
  const before = await person.home()
  await house.fault({ kind: 'wrong_owner', match: { home: 'full', type: 'inverters' } })
  await house.time.advance(35_000)
  await sees(() => expectShown(house, person, row.sees))
  const asked = () => house.sent.filter(({ route }) => route.endsWith('/users/{}/inverters')).length
  await does(async () => {
    expect(house.logged()).toMatch(/"level":50[^\n]*"event":"foreign_device"/)
    expect(house.counted.foreign).toBe(1)
    const before = asked()
    await house.time.advance(120_000)
    await person.send('POST', '/api/refresh')
    expect(asked()).toBe(before)
  })
  await never(async () => {
    const ids = before.groups.inverters.devices.map(({ id }) => id)
    const after = await person.home()
    expect(after.groups.inverters.devices.map(({ id }) => id)).toEqual(ids)
    expect(after.groups.inverters.asked_at).toBe(before.groups.inverters.asked_at)
    const { html } = await pageOf(house, person)
    expect(ids.filter((id) => !html.includes(id))).toEqual([])
  })
  await house.control('DELETE', '/faults')
  await house.time.advance(minutes(4))
  await does(async () => expect((await person.home()).groups.inverters.problem).toBeNull())
})

faultRow('F38', async ({ sees, does, never }) => {
  const former = await house.signIn('solar')
  await former.stream()
  const id = await former.deviceId('inverters')
  await house.time.advance(minutes(5))
  const kept = await keptRows(former, 'inverters', id)
  expect(kept).toBeGreaterThan(0)

  // The inverter stays in the house, and the people move: it is in the list of `car` from now on.
  const homes = (await house.control('GET', '/homes')) as { name: string; user_id: string }[]
  const owner = homes.find(({ name }) => name === 'car')?.user_id
  const inverter = (await house.control('GET', `/homes/solar/devices/${id}`)) as Record<string, unknown>
  const moved = { ...inverter, owner, user_id: owner }
  await house.fault({
    kind: 'status',
    status: 200,
    body: [moved],
    match: { home: 'car', path: '/inverters' },
  })
  await house.fault({ kind: 'status', status: 200, body: [], match: { home: 'solar', path: '/inverters' } })
  const present = await house.signIn('car')
  await present.stream()
  await house.time.advance(5_000)
  await does(async () => expect(await keptRows(present, 'inverters', id)).toBeLessThanOrEqual(1))
  await never(async () => {
    await house.time.advance(minutes(5))
    expect(await keptRows(present, 'inverters', id)).toBeLessThan(kept + 2)
    const { at_ms } = (await (await present.get(historyPath('inverters', id))).json()) as { at_ms: number[] }
    const movedMs = Date.parse(String(inverter['current_state_last_updated_at']))
    expect(at_ms.filter((atMs) => atMs < movedMs)).toEqual([])
  })
  // There is nothing to say about it: the page is that of any device.
  await sees(async () => {
    const page = await pageOf(house, present, `/inverters/${id}`)
    expect(page.status).toBe(200)
    expect(page.text).toContain('Updated')
    expect(page.html).not.toContain('class="notice')
  })
})
