import { gzipSync } from 'node:zlib'
import { createPartnerClient } from '@homewatt/client'
import type { HomeSnapshot } from '@homewatt/contract'
import { afterEach, beforeEach, expect } from 'vitest'
import type { FaultProxy } from './fault-proxy.test-support.ts'
import { openTls } from '../../../e2e/src/tls.ts'
import { faultRow } from './fault-row.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, webBuild } from './page.test-support.ts'

/** What happens between gateway and Partner API below HTTP, done by a proxy in between. */

let house: House
let proxy: FaultProxy
beforeEach(async () => {
  house = await openHouse({ webBuild, proxied: true })
  proxy = house.proxy as FaultProxy
})
afterEach(() => house.close())

const inverters = { method: 'GET', path: /\/inverters/ }
const askedAt = ({ groups }: HomeSnapshot) => groups.inverters.asked_at

async function lookedAt(): Promise<{ person: Person; before: HomeSnapshot }> {
  const person = await house.signIn('full')
  await person.stream()
  return { person, before: await person.home() }
}

/** The last values are there, and nothing of the spoilt answer. */
async function expectKept(person: Person, before: HomeSnapshot) {
  const after = await person.home()
  expect(askedAt(after)).toBe(askedAt(before))
  expect(after.groups.inverters.devices.map(({ id }) => id)).toEqual(
    before.groups.inverters.devices.map(({ id }) => id),
  )
}

faultRow('F16', async ({ row, sees, does, never }) => {
  const { person, before } = await lookedAt()
  await house.killPartner()
  await proxy.close()
  await house.time.advance(35_000)
  await sees(() => expectShown(house, person, row.sees))
  await does(async () => {
    expect(house.logged()).toContain('"why":"not_connected"')
    const refused = await person.send('POST', '/api/refresh')
    expect(refused.status).toBe(200)
    await expectKept(person, before)
  })

  let asked = 0
  const stranger = await openTls((_request, response) => {
    asked++
    response.end('[]')
  })
  const client = createPartnerClient({
    baseUrl: `https://127.0.0.1:${stranger.port}/api/partners/v2.0`,
    clientId: 'a',
    clientSecret: 'b',
    orgId: '00000000-0000-4000-8000-00000000d0d0',
  })
  await never(async () => {
    await expect(client.checkCredential()).rejects.toMatchObject({ why: 'not_connected' })
    expect(asked).toBe(0)
  })
  await client.close()
  await stranger.close()
  await house.revivePartner()
})

faultRow('F17', async ({ row, sees, does, never }) => {
  const { person, before } = await lookedAt()
  const other = await house.signIn('solar')
  await other.stream()
  const otherBefore = await other.home()
  const userPath = new RegExp(`${(await homeId('full')) ?? ''}/`)
  proxy.fault({ kind: 'half_open', match: { path: userPath } })
  await house.time.advance(45_000)
  await sees(() => expectShown(house, person, row.sees))
  await does(async () => {
    expect(house.logged()).toContain('"why":"timeout"')
    await expectKept(person, before)
    await house.time.advance(10_000)
    // One question at a time is under way again, and what was given up does not hold a connection.
    expect(proxy.connections()).toBeLessThanOrEqual(8)
  })
  await never(async () => {
    const after = await other.home()
    expect(Date.parse(askedAt(after) ?? '')).toBeGreaterThan(Date.parse(askedAt(otherBefore) ?? ''))
    expect(after.groups.inverters.problem).toBeNull()
  })
})

faultRow('F18', async ({ row, sees, does, never }) => {
  const { person, before } = await lookedAt()
  proxy.fault({ kind: 'drip', match: inverters })
  await house.time.advance(50_000)
  await sees(() => expectShown(house, person, row.sees))
  await does(async () => {
    expect(house.logged()).toContain('"why":"timeout"')
    await expectKept(person, before)
  })
  await never(async () => {
    proxy.clear()
    await house.time.advance(15_000)
    const after = await person.home()
    expect(after.groups.inverters.problem).toBeNull()
    expect(proxy.connections()).toBeLessThanOrEqual(8)
  })
})

faultRow('F19', async ({ row, sees, does, never }) => {
  const { person, before } = await lookedAt()
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
  const rssBefore = process.memoryUsage().rss
  const codings = ['gzip', 'gzip, gzip, gzip', 'br', 'deflate', 'x-unheard-of']
  for (const coding of codings) {
    proxy.clear()
    proxy.fault({ kind: 'answer', match: inverters, headers: { 'content-encoding': coding }, body: bomb })
    await house.time.advance(35_000)
    expect((await person.home()).groups.inverters.problem?.kind).toBe('invalid_answer')
  }
  proxy.clear()
  proxy.fault({ kind: 'endless', match: inverters, count: 1 })
  while (proxy.taken() === 0) await house.time.advance(1_000)
  await does(async () => {
    expect((await person.home()).groups.inverters.problem?.kind).toBe('invalid_answer')
    expect(house.logged()).toContain('"why":"media_type"')
    await expectKept(person, before)
  })
  await never(() => {
    // What is beyond a megabyte lies in the buffers of the two sockets.
    expect(proxy.taken()).toBeLessThan(10 * 1024 * 1024)
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(20 * 1024 * 1024)
  })
  await sees(() => expectShown(house, person, row.sees))
})

faultRow('F20', async ({ row, sees, does, never }) => {
  const { person, before } = await lookedAt()
  const spoils = [
    { kind: 'reset_mid_body' },
    { kind: 'short', body: JSON.stringify(before.groups.inverters.devices) },
  ] as const
  for (const spoil of spoils) {
    proxy.clear()
    proxy.fault({ ...spoil, match: inverters })
    await house.time.advance(40_000)
    await sees(() => expectShown(house, person, row.sees))
    await never(() => expectKept(person, before))
  }
  await does(() => expect(house.logged()).toContain('"why":"cut_off"'))
  proxy.clear()
  proxy.fault({ kind: 'answer', match: inverters, body: '[{"id":' })
  await house.time.advance(40_000)
  await does(async () => {
    expect((await person.home()).groups.inverters.problem?.kind).toBe('invalid_answer')
    await expectKept(person, before)
  })
})

faultRow('F21', async ({ sees, does, never }) => {
  const { person } = await lookedAt()
  const { signs } = await pageOf(house, person)
  proxy.requests.length = 0
  proxy.fault({ kind: 'reset_when_reused', count: 4 })
  await house.time.advance(32_000)
  await does(() =>
    expect(proxy.requests.filter((line) => line.startsWith('GET')).length).toBeGreaterThanOrEqual(8),
  )
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
  await never(async () => {
    expect(house.logged()).not.toContain('group_failed')
    for (const { problem } of Object.values((await person.home()).groups)) expect(problem).toBeNull()
  })
})

faultRow('F35', async ({ sees, does, never }) => {
  const { person } = await lookedAt()
  const id = await person.deviceId('heat-pumps')
  await house.control('POST', `/homes/full/devices/${id}`, { settings: { optimization_level: 'Low' } })
  await house.time.advance(35_000)
  const { signs } = await pageOf(house, person)
  const levelOf = async () => {
    const [device] = (await person.home()).groups['heat-pumps'].devices
    return device && 'optimization_level' in device ? device.optimization_level : undefined
  }
  // A list with the old setting is on its way while the person changes it.
  const held = proxy.hold({ method: 'GET', path: /\/heat-pumps$/ })
  while (!held.isHeld()) await house.time.advance(1_000)
  const saved = await person.send('PUT', `/api/devices/heat-pumps/${id}`, { optimization_level: 'Max' })
  expect(saved.status).toBe(200)
  await does(async () => expect(await levelOf()).toBe('Max'))
  held.release()
  await house.time.advance(0)
  await never(async () => expect(await levelOf()).toBe('Max'))
  await house.time.advance(40_000)
  await never(async () => expect(await levelOf()).toBe('Max'))
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
})

async function homeId(name: string): Promise<string | undefined> {
  const homes = (await house.control('GET', '/homes')) as { name: string; user_id: string }[]
  return homes.find((home) => home.name === name)?.user_id
}
