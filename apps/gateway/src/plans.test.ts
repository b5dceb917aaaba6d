import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PartnerClient } from '@homewatt/client'
import type { ElectricVehicleReading, WeeklyChargePolicy } from '@homewatt/contract'
import { deadlineVerdict } from '@homewatt/display'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { demoClient } from './demo-client.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, webBuild } from './page.test-support.ts'

/** It is noon of a Sunday in Berlin; the car asks for 70 % by 07:00 every day. */
let house: House
let directory: string
let person: Person
/** Somebody else with the same account: the partner's own app. */
let elsewhere: PartnerClient
let owner: { userId: string; id: string }
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-plans-'))
  house = await openHouse({ webBuild, storeFile: join(directory, 'store.sqlite') })
  person = await house.signIn('car')
  const homes = (await house.control('GET', '/homes')) as {
    name: string
    user_id: string
    devices: { id: string }[]
  }[]
  const home = homes.find(({ name }) => name === 'car')
  owner = { userId: home?.user_id ?? '', id: home?.devices[0]?.id ?? '' }
  elsewhere = demoClient(house.partnerUrl)
})
afterEach(async () => {
  await elsewhere.close()
  await house.close()
  rmSync(directory, { recursive: true })
})

const minutes = (n: number) => n * 60_000
const none: WeeklyChargePolicy = {
  ...{ mon: null, tue: null, wed: null, thu: null, fri: null, sat: null, sun: null },
  timezone: 'Europe/Berlin',
}
const day = (charge_deadline: string, charge_percentage: number) => ({ charge_deadline, charge_percentage })
const path = () => `/api/devices/electric-vehicles/${owner.id}`
const planElsewhere = (plan: Partial<WeeklyChargePolicy>) =>
  elsewhere.saveChargePolicy(owner.userId, owner.id, { ...none, ...plan })
const reads = () => house.sent.filter(({ route }) => /^GET .*charge-policy$/.test(route)).length
const group = async () => (await person.home()).groups['electric-vehicles']
const reading = async () => (await group()).devices[0] as ElectricVehicleReading
const verdict = async () =>
  deadlineVerdict(await reading(), { timeZone: 'Europe/Berlin' }, new Date(house.time.wallMs()))
/** Somebody looks for a while. */
async function look(ms: number) {
  const stream = await person.stream()
  await house.time.advance(ms)
  stream.close()
  return stream.events
}
const risks = async () => {
  const { notices } = (await (await person.get('/api/notices')).json()) as { notices: { kind: string }[] }
  return notices.filter(({ kind }) => kind.startsWith('deadline')).map(({ kind }) => kind)
}

test('a plan is asked for once, and once more for every change of it', async () => {
  await look(minutes(8))
  expect(reads()).toBe(1)
  await planElsewhere({ sun: day('18:00', 60) })
  await look(minutes(8))
  expect(reads()).toBe(2)
  await house.control('POST', '/homes/car/devices/electric-vehicles', {
    settings: { minimum_charge_limit: 80 },
  })
  await look(minutes(8))
  expect(reads()).toBe(3)
  // Nor does it cost more for being looked at twice, nor for being looked at later.
  await person.stream()
  await look(minutes(8))
  await house.time.advance(minutes(600))
  await look(minutes(8))
  expect(reads()).toBe(3)
})

test('a gateway that comes after it knows the plan as long as the vehicle says that it is the same', async () => {
  await planElsewhere({ sun: day('18:00', 60) })
  await look(minutes(1))
  await house.restart()
  expect((await reading()).next_deadline).toMatchObject({ percent: 60 })
  await look(minutes(1))
  expect(reads()).toBe(1)
  await planElsewhere({ sun: day('18:00', 55) })
  await house.restart()
  // Not known yet, or known anew; never what it was.
  expect((await reading()).next_deadline?.percent).not.toBe(60)
  await look(minutes(1))
  expect([reads(), (await reading()).next_deadline?.percent]).toEqual([2, 55])
})

test('a vehicle without an active deadline is not asked for its plan until it has one', async () => {
  const settings = (is_charge_policy_enabled: boolean) =>
    house.control('POST', '/homes/car/devices/electric-vehicles', { settings: { is_charge_policy_enabled } })
  await settings(false)
  await look(minutes(8))
  expect([reads(), 'next_deadline' in (await reading())]).toEqual([0, false])
  await settings(true)
  await look(minutes(8))
  expect(reads()).toBe(1)
})

test('what the plan asks for next is told to every screen, day after day, and nothing where it asks for nothing', async () => {
  await look(minutes(1))
  expect('next_deadline' in (await reading())).toBe(false)
  await planElsewhere({ sun: day('18:00', 60), mon: day('05:30', 90) })
  const pushed = (await look(minutes(1))).findLast(({ event }) => event === 'change')?.data ?? ''
  const sunday = { at: '2026-06-21T16:00:00.000Z', percent: 60 }
  expect((await reading()).next_deadline).toEqual(sunday)
  expect(pushed).toContain(`"next_deadline":${JSON.stringify(sunday)}`)
  expect(pushed).not.toContain('05:30')
  await house.time.advance(minutes(6 * 60))
  await look(minutes(1))
  expect((await reading()).next_deadline).toEqual({ at: '2026-06-22T03:30:00.000Z', percent: 90 })
  await house.time.advance(minutes(12 * 60))
  await look(minutes(1))
  expect((await reading()).next_deadline).toEqual({ at: '2026-06-23T05:00:00.000Z', percent: 70 })
  await planElsewhere({})
  await look(minutes(1))
  expect('next_deadline' in (await reading())).toBe(false)
})

test('the page of the car names what the plan asks for, and judges that', async () => {
  await house.control('POST', '/homes/car/devices/electric-vehicles', { plugged_in: true, level: 75 })
  await planElsewhere({ sun: day('18:00', 60), mon: day('05:30', 80) })
  await look(minutes(1))
  await expectShown(
    house,
    person,
    {
      en: ['At least 60% by 18:00', 'The level is reached'],
      de: ['Mindestens 60 % bis 18:00 Uhr', 'Der Ladestand ist erreicht'],
    },
    `/electric-vehicles/${owner.id}`,
  )
})

test('while a deadline has passed and the next is not told, nobody says yes', async () => {
  await house.control('POST', '/homes/car/devices/electric-vehicles', { plugged_in: true, level: 75 })
  await planElsewhere({ sun: day('12:02', 60) })
  await look(minutes(1))
  expect(await verdict()).toMatchObject({ verdict: 'yes', percent: 60 })
  await house.time.advance(minutes(2))
  expect(await verdict()).toMatchObject({ verdict: 'unknown', percent: null })
})

test('a plan that was written here counts at once, and is asked for once for it', async () => {
  await look(minutes(1))
  const before = reads()
  const sunday = { at: '2026-06-21T16:00:00.000Z', percent: 60 }
  const answer = await person.send('PUT', `${path()}/charge-policy`, { ...none, sun: day('18:00', 60) })
  expect(await answer.json()).toEqual({ outcome: 'saved' })
  expect((await reading()).next_deadline).toEqual(sunday)
  await look(minutes(8))
  expect((await reading()).next_deadline).toEqual(sunday)
  expect(reads() - before).toBe(1)
})

test('the usual deadline, written here, counts as soon as the plan with it is known', async () => {
  await look(minutes(1))
  const before = reads()
  await person.send('PUT', path(), { minimum_charge_limit: 50 })
  await house.time.advance(1_000)
  expect(await reading()).toMatchObject({ minimum_charge_limit: 50 })
  expect('next_deadline' in (await reading())).toBe(false)
  await look(minutes(8))
  expect(reads() - before).toBe(1)
})

test.each<[string, Record<string, unknown>]>([
  ['fails', { kind: 'status', status: 503 }],
  ['is not there', { kind: 'status', status: 404 }],
  ['is not allowed', { kind: 'status', status: 403 }],
  ['is asked for too often', { kind: 'rate_limit', retry_after_s: 5, count: 1 }],
  ['makes no sense', { kind: 'status', status: 200, body: { data: {} } }],
  ['never comes', { kind: 'hang' }],
])('a plan that %s leaves the home as it is, and the verdict unknown', async (_, fault) => {
  await house.control('POST', '/homes/car/devices/electric-vehicles', { plugged_in: true, level: 75 })
  await house.fault({ ...fault, match: { path: 'charge-policy' } })
  await look(1_000)
  // A car that is at what the usual deadline asks for, and may have to hold more by its plan.
  expect(await verdict()).toMatchObject({ verdict: 'unknown', atMs: null })
  await look(minutes(8))
  const { state, problem, asked_at } = await group()
  expect([state, problem]).toEqual(['known', null])
  expect(Date.parse(asked_at ?? '')).toBeGreaterThan(house.time.wallMs() - minutes(1))
  // Asked for later and later.
  expect(reads()).toBeLessThanOrEqual(4)

  await house.control('DELETE', '/faults')
  await look(minutes(8))
  expect(await verdict()).toMatchObject({ verdict: 'yes', cause: 'reached' })
})

test('a plan of somebody else is thrown away, with an alarm', async () => {
  const metadata = { electric_vehicle_id: owner.id, user_id: crypto.randomUUID(), error: null }
  const body = { metadata, data: { ...none, sun: day('18:00', 60) } }
  await house.fault({ kind: 'status', status: 200, body, match: { path: 'charge-policy' } })
  await look(minutes(1))
  expect(await reading()).toMatchObject({ next_deadline: null })
  expect(house.logged()).toContain('"event":"foreign_device"')
  expect((await person.get(`${path()}/charge-policy`)).status).toBe(404)
})

test('a deadline at risk is told by the plan, and so is that it is none any more', async () => {
  await house.control('POST', '/homes/car/devices/electric-vehicles', {
    plugged_in: true,
    level: 20,
    charge_plan: 'wait',
  })
  await look(minutes(8))
  expect(await risks()).toEqual([])
  await planElsewhere({ sun: day('13:00', 80) })
  await look(minutes(8))
  expect(await verdict()).toMatchObject({ verdict: 'no', percent: 80 })
  expect(await risks()).toEqual(['deadline_at_risk'])
  await planElsewhere({ sun: day('13:00', 15) })
  await look(minutes(8))
  expect(await verdict()).toMatchObject({ verdict: 'yes', cause: 'reached', percent: 15 })
  expect(await risks()).toEqual(['deadline_safe', 'deadline_at_risk'])
})
