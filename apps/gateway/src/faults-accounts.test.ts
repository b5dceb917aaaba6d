import { afterEach, beforeEach, expect } from 'vitest'
import type { AuditTrail } from '@homewatt/contract'
import { faultRow, type Columns } from './fault-row.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, postForm, webBuild } from './page.test-support.ts'

/** The organisation's credential, and accounts that the partner refuses or does not know. */

let house: House
beforeEach(async () => {
  house = await openHouse({ webBuild })
})
afterEach(() => house.close())

const minutes = (n: number) => n * 60_000
const TOKEN = 'POST /oauth2/token/'
/** Lets time pass while somebody presses the button for newer data over and over. */
async function pressing(person: Person, ms: number) {
  const EVERY_MS = 3_100
  for (let leftMs = ms; leftMs > 0; leftMs -= EVERY_MS) {
    await person.send('POST', '/api/refresh')
    await house.time.advance(Math.min(EVERY_MS, leftMs))
  }
}
const problemsOf = async (person: Person) =>
  Object.values((await person.home()).groups).map(({ problem }) => problem?.kind ?? null)

faultRow('F1', async ({ sees, does, never }) => {
  const people: Person[] = []
  for (const home of ['full', 'many', 'solar', 'heat']) people.push(await house.signIn(home))
  const [person] = people
  if (!person) throw new Error('Nobody is there.')
  const id = await person.deviceId('heat-pumps')
  for (const one of people) await one.home()
  const { signs } = await pageOf(house, person)
  await house.time.advance(5_000)
  await house.control('DELETE', '/requests')
  await house.fault({ kind: 'token_expire', count: 1 })
  const [saved] = await Promise.all([
    person.send('PUT', `/api/devices/heat-pumps/${id}`, { optimization_level: 'Max' }),
    ...people.map((one) => one.send('POST', '/api/refresh')),
  ])
  expect(saved?.status).toBe(200)
  await does(async () => {
    const counts = await house.counts()
    expect(counts[TOKEN]).toBe(1)
    // Once refused, once played again.
    const [, writes] = Object.entries(counts).find(([route]) => route.startsWith('PUT ')) ?? []
    expect(writes).toBeGreaterThanOrEqual(1)
    expect(writes).toBeLessThanOrEqual(2)
    for (const one of people) expect(await problemsOf(one)).toEqual([null, null, null, null])
  })
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
  await never(async () => {
    for (const one of people) expect((await one.get('/api/session')).status).toBe(200)
    await house.time.advance(minutes(1))
    expect((await house.counts())[TOKEN]).toBe(1)
    expect(house.logged()).not.toMatch(/Bearer|eyJ/)
  })
})

faultRow('F2', async ({ row, sees, does, never }) => {
  const person = await house.signIn('car')
  const id = await person.deviceId('electric-vehicles')
  await house.control('POST', `/homes/car/devices/${id}`, {
    plugged_in: true,
    level: 40,
    charge_plan: 'wait',
  })
  await person.stream()
  await house.time.advance(40_000)
  const before = await person.home()
  await house.fault({ kind: 'status', status: 401, body: { error: 'invalid_client' } })
  await house.time.advance(40_000)
  await sees(async () => {
    await expectShown(house, person, row.sees, `/electric-vehicles/${id}`)
    const { signs } = await pageOf(house, person, `/electric-vehicles/${id}`)
    expect(signs).toContain('Charge Now (off)')
  })
  await does(async () => {
    expect(house.logged()).toContain('"event":"partner_blocked","kind":"credentials_rejected"')
    expect((await (await house.request('/api/health')).json()) as unknown).toMatchObject({
      partner: 'credentials_rejected',
    })
    expect((await person.home()).groups['electric-vehicles'].devices).toHaveLength(1)
    await house.control('DELETE', '/requests')
    await house.time.advance(minutes(9))
    // After 30 s, 1 min, 2 min and 4 min.
    expect((await house.counts())[TOKEN]).toBeLessThanOrEqual(4)
    expect((await house.counts())[TOKEN]).toBeGreaterThanOrEqual(3)
  })
  await never(async () => {
    for (const answer of [
      await person.get('/api/home'),
      await person.get(`/api/devices/electric-vehicles/${id}`),
      await person.send('POST', '/api/refresh'),
      await person.send('POST', `/api/devices/electric-vehicles/${id}/boost`),
    ])
      expect([200, 503]).toContain(answer.status)
    const [vehicle] = (await person.home()).groups['electric-vehicles'].devices
    expect(vehicle?.battery_level).toBe(before.groups['electric-vehicles'].devices[0]?.battery_level)
  })
})

faultRow('F3', async ({ row, sees, does, never }) => {
  const names = ['full', 'many', 'solar', 'heat']
  const people: Person[] = []
  for (const home of names) people.push(await house.signIn(home))
  for (const one of people) await one.stream()
  const [person, ...others] = people
  if (!person) throw new Error('Nobody is there.')
  const refusal = { kind: 'status', status: 403, body: { detail: 'canary-of-the-partner' } }
  await house.fault({ ...refusal, match: { home: 'full' } })
  await house.time.advance(35_000)
  await sees(() => expectShown(house, person, row.sees))
  await house.control('DELETE', '/requests')
  await pressing(person, 50_000)
  await does(async () => {
    const { log } = (await house.control('GET', '/requests')) as { log: { path: string; status: number }[] }
    const homes = (await house.control('GET', '/homes')) as { name: string; user_id: string }[]
    const own = homes.find(({ name }) => name === 'full')?.user_id ?? '-'
    expect(log.filter(({ path }) => path.includes(own)).length).toBeLessThanOrEqual(4)
    for (const other of others) expect(await problemsOf(other)).toEqual([null, null, null, null])
    await house.fault(refusal)
    await house.time.advance(minutes(2))
    for (const other of others) expect(await problemsOf(other)).toContain('credentials_rejected')
    await house.control('DELETE', '/requests')
    await house.time.advance(minutes(3))
    expect(((await house.control('GET', '/requests')) as { total: number }).total).toBeLessThanOrEqual(3)
  })
  await never(async () => {
    const { log } = (await house.control('GET', '/requests')) as { log: { path: string }[] }
    for (const { path } of log)
      expect(path).toMatch(/^\/(oauth2|api\/partners\/v2\.0\/org\/[^/]+\/users\/[^/]+\/(heat|elec|inv|wall))/)
    expect((await pageOf(house, person)).html).not.toContain('canary-of-the-partner')
    expect(house.logged()).not.toContain('canary-of-the-partner')
  })
  await house.control('DELETE', '/faults')
  // The stream of the beginning has ended meanwhile, as all do after some ten minutes.
  await person.stream()
  await house.time.advance(minutes(6))
  await does(async () => expect(await problemsOf(person)).toEqual([null, null, null, null]))
  await oneDevice(person, { row, sees, does, never })
})

/** The other half of F3: a car that may not be asked about nor told anything, in a home that may be asked. */
async function oneDevice(person: Person, { row, sees, does, never }: Columns) {
  const id = await person.deviceId('electric-vehicles')
  const boost = `/api/devices/electric-vehicles/${id}/boost`
  const asked = async () => {
    const { log } = (await house.control('GET', '/requests')) as { log: { method: string; path: string }[] }
    return log.filter(({ path }) => path.includes(id)).map(({ method }) => method)
  }
  await house.control('POST', `/homes/full/devices/${id}`, {
    plugged_in: true,
    level: 40,
    charge_plan: 'wait',
  })
  await house.fault({ kind: 'boost_slow', after_s: 600 })
  await person.stream()
  await house.time.advance(35_000)
  expect((await person.send('POST', boost)).status).toBe(200)
  const refusal = { kind: 'status', status: 403, body: { detail: 'canary-of-the-partner' } }
  await house.control('DELETE', '/faults')
  await house.fault({ ...refusal, match: { path: id } })
  await house.control('DELETE', '/requests')
  // A boost that starts is asked for every 3 s.
  await pressing(person, 59_000)
  await does(async () => {
    expect(await asked()).toEqual(['GET'])
    expect(await problemsOf(person)).toEqual([null, null, null, null])
    expect(house.logged()).toContain('"event":"device_refused"')
  })
  await house.control('DELETE', '/requests')
  const languages = ['en', 'de'] as const
  for (const language of languages) {
    const fields = { type: 'electric-vehicles', id }
    const page = await postForm(house, person, `/electric-vehicles/${id}?/boost`, fields, language)
    await sees(() => expect(page.text).toContain(row.sees?.[language][0]))
    await never(() => expect(page.html).not.toContain('canary-of-the-partner'))
  }
  const answer = await person.send('POST', boost)
  await does(async () => {
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ error: { code: 'not_allowed' } })
    // Whoever presses is asking anew, and nothing is asked besides.
    expect((await asked()).filter((method) => method !== 'GET')).toEqual(['POST', 'POST', 'POST'])
    const { entries } = (await (await person.get('/api/audit')).json()) as AuditTrail
    expect(entries.slice(0, 3)).toMatchObject(
      Array(3).fill({ command: 'boost', device_id: id, outcome: 'not_allowed' }),
    )
    for (const language of languages)
      expect((await pageOf(house, person, '/settings/activity', language)).text).toContain(
        language === 'en' ? 'not available for your account' : 'für dein Konto nicht verfügbar',
      )
  })
  await never(async () => {
    // Nor is it taken for what the whole account may not do.
    expect((await person.home()).groups['electric-vehicles'].devices).toHaveLength(1)
    expect(house.logged()).not.toContain('canary-of-the-partner')
  })
  await house.control('DELETE', '/faults')
  await house.time.advance(61_000)
  // Asked again, and the boost that has been starting all the while is in the way.
  await does(async () => expect((await person.send('POST', boost)).status).toBe(409))
}

faultRow('F5', async ({ row, sees, does, never }) => {
  await house.fault({ kind: 'status', status: 404, match: { home: 'empty' } })
  const person = await house.signIn('empty')
  await person.stream()
  await sees(() => expectShown(house, person, row.sees))
  await house.control('DELETE', '/requests')
  await pressing(person, 29_000)
  // Whoever opens the page anew asks no sooner.
  await person.stream()
  await pressing(person, 29_000)
  await does(async () => {
    expect(((await house.control('GET', '/requests')) as { total: number }).total).toBe(0)
    await house.time.advance(5_000)
    expect(((await house.control('GET', '/requests')) as { total: number }).total).toBe(4)
  })
  await never(async () => {
    expect((await pageOf(house, person)).text).not.toContain('No devices yet')
    const { log } = (await house.control('GET', '/requests')) as { log: { method: string }[] }
    expect(log.filter(({ method }) => method !== 'GET')).toEqual([])
  })
})
