import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AwayAnswer,
  Capability,
  capabilityOfField,
  deviceSettings,
  deviceTypes,
  NoticeList,
  type DeviceType,
  type History,
  type Session,
} from '@homewatt/contract'
import * as v from 'valibot'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { routeCapabilities } from './capabilities.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { openMailServer } from './mail-server.test-support.ts'
import { routes } from './routes.test-support.ts'
import { openWholeHouse, pathTo } from './whole-house.test-support.ts'

const minutes = (n: number) => n * 60_000
const hours = (n: number) => n * 3_600_000
const sessionLife = { idleMs: hours(1_000), absoluteMs: hours(1_000) }

let directory: string
let house: House | null
let idsOf: Record<string, string>
beforeAll(async () => {
  idsOf = await idsOfFull()
}, 60_000)
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  house = null
})
afterEach(async () => {
  await house?.close()
  rmSync(directory, { recursive: true })
})

/** In place of the one before, which it remembers by. */
async function open(
  switchedOff: readonly Capability[],
  options: Parameters<typeof openHouse>[0] = {},
): Promise<House> {
  await house?.close()
  const history = { keptMonths: 25, roundMs: minutes(15) }
  const storeFile = join(directory, 'store.sqlite')
  house = await openHouse({ storeFile, sessionLife, history, switchedOff, ...options })
  return house
}

test('every route was decided on, and nothing else', async () => {
  house = await openWholeHouse()
  expect(Object.keys(routeCapabilities).toSorted()).toEqual(house.endpoints().toSorted())
})

test('every field of a device was decided on, and nothing else', () => {
  const fields = deviceTypes.flatMap((type) => Object.keys(deviceSettings[type].entries))
  expect(Object.keys(capabilityOfField).toSorted()).toEqual([...new Set(fields)].toSorted())
})

test('what partners read of them is complete', () => {
  const docs = new URL('../../../docs/integrating.md', import.meta.url)
  const [, section = ''] = readFileSync(docs, 'utf8').split('### Capabilities, each on or off\n')
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows.map((row) => /^\| `(\w+)` \|/.exec(row)?.[1])).toEqual(Capability.options)
})

/** Ids of what the home "full" has, as in the routes' table; the same in every house. */
async function idsOfFull(): Promise<Record<string, string>> {
  const all = await openWholeHouse()
  const person = await all.signIn('full')
  const first = async (path: string, list: string) => {
    const body = (await (await person.get(path)).json()) as Record<string, { id: string }[]>
    return body[list]?.[0]?.id ?? expect.fail(`There are no ${list}.`)
  }
  const ids = {
    devices: await person.deviceId('electric-vehicles'),
    buildings: await first('/api/buildings', 'buildings'),
    'energy-contracts': await first('/api/energy-contracts', 'contracts'),
  }
  await all.close()
  return ids
}

/** All routes but the stream, which needs a request of its own, and what ends this session or names another one. */
const askable = Object.keys(routes).filter(
  (name) => !/^(GET .*\/stream|POST .*\/(session\/end|demo\/sign-in)|DELETE .*\/sessions\/:id)$/.test(name),
)

async function ask(person: Person, name: string, idsOf: Readonly<Record<string, string>>) {
  const [method = '', path = ''] = name.split(' ')
  const { ids, body } = routes[name] ?? expect.fail(`There is no route ${name}.`)
  const type = 'electric-vehicles'
  const id = idsOf[ids] ?? ''
  const query = `?from=2026-06-21T00:00:00Z&to=2026-06-22T00:00:00Z&type=${type}&id=${id}`
  const to = pathTo(path, { type, id, n: '0' }) + (name === 'GET /api/history' ? query : '')
  return answerOf(method === 'GET' ? await person.get(to) : await person.send(method as 'PUT', to, body))
}

const answerOf = async (answer: Response) => ({
  status: answer.status,
  text: await answer.text(),
  headers: headersOf(answer),
})

const headersOf = ({ headers }: Response) =>
  [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date' && name !== 'set-cookie')

test.each(Capability.options)(
  'without %s its routes answer as what does not exist, and all others as ever',
  async (capability) => {
    const isGone = (name: string) => {
      const decision = routeCapabilities[name] ?? null
      return decision !== null && decision.every((one) => one === capability)
    }
    house = await openWholeHouse({ switchedOff: [capability] })
    const person = await house.signIn('full')
    const unknown = await answerOf(await person.get('/api/nothing-of-the-kind'))
    expect(unknown.status).toBe(404)
    for (const name of askable) {
      const answer = await ask(person, name, idsOf)
      if (isGone(name)) expect(answer, name).toEqual(unknown)
      else expect(answer.status, name).not.toBe(404)
    }
    const session = (await (await person.get('/api/session')).json()) as Session
    expect(session.switched_off).toEqual([capability])
  },
)

test('a field is refused as one that the device does not have, with all that is sent along, and nobody is asked', async () => {
  const { signIn, counts } = await open(['readyBy'])
  const person = await signIn('full')
  const path = `/api/devices/electric-vehicles/${await person.deviceId('electric-vehicles')}`
  const both = { charge_deadline_at: '06:30', is_smart_optimization_active: false }
  const refused = await person.send('PUT', path, both)
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({
    error: { code: 'invalid_request', codes: { charge_deadline_at: 'not_offered' } },
  })
  expect(Object.keys(await counts()).filter((route) => route.startsWith('PUT'))).toEqual([])
  expect((await person.send('PUT', path, { is_smart_optimization_active: false })).status).toBe(200)
})

test('without following actions a lapsed link is still told, with nothing to start', async () => {
  const { signIn } = await open(['reconnect'])
  const { groups } = await (await signIn('reconnect')).home()
  const lapsed = Object.values(groups)
    .flatMap(({ devices }) => devices as { is_authenticated: boolean | null; actions: unknown }[])
    .filter(({ is_authenticated }) => is_authenticated === false)
  expect(lapsed).toMatchObject([{ actions: [{ code: 'reauthenticate', can_start: false }] }])
})

test('a time away that was begun or planned before it was switched off ends, and its devices go on', async () => {
  const before = await open([])
  const [gone, plans] = [await before.signIn('solar'), await before.signIn('full')]
  const at = (ms: number) => new Date(before.time.wallMs() + ms).toISOString()
  const optimised = async (home: string, type: DeviceType) => {
    const device = await house?.control('GET', `/homes/${home}/devices/${type}`)
    return (device as Record<string, unknown>)['is_smart_optimization_active']
  }
  await gone.send('PUT', '/api/away', { from: null, until: at(hours(50)) })
  await plans.send('PUT', '/api/away', { from: at(hours(1)), until: at(hours(50)) })
  expect(await optimised('solar', 'inverters')).toBe(false)
  const start = new Date(before.time.wallMs())

  // The new simulator knows of nothing: what was paused before is so again.
  const off = await open(['away'], { start })
  await off.control('POST', '/homes/solar/devices/inverters', {
    settings: { is_smart_optimization_active: false },
  })
  await off.time.advance(minutes(1))
  expect(await optimised('solar', 'inverters')).toBe(true)
  await off.time.advance(hours(2))
  expect(await optimised('full', 'heat-pumps')).toBe(true)

  const on = await open([], { start: new Date(off.time.wallMs()) })
  const later = await on.signIn('full')
  expect(v.parse(AwayAnswer, await (await later.get('/api/away')).json()).away).toBeNull()
})

test('without messages nothing is sent and nothing listed, though the link of a device lapses', async () => {
  const mail = await openMailServer()
  const outlets = { mailer: mail.mailer, vapid: null, pushOrigins: [] }
  try {
    const before = await open([], { outlets })
    const person = await before.signIn('solar')
    await person.send('PUT', '/api/notices/email', { address: 'anna@example.com' })
    const code = /\b(\d{6})\b/.exec(mail.received.at(-1)?.split('\r\n\r\n').slice(1).join() ?? '')?.[1]
    expect((await person.send('POST', '/api/notices/email/confirm', { code })).status).toBe(200)
    await before.time.advance(minutes(20))
    mail.received.length = 0

    const off = await open(['notices'], { outlets, start: new Date(before.time.wallMs()) })
    await off.signIn('solar')
    await off.control('POST', '/homes/solar/devices/inverters', { authenticated: false })
    await off.time.advance(hours(1))
    expect(mail.received).toEqual([])

    const on = await open([], { outlets, start: new Date(off.time.wallMs()) })
    const later = await on.signIn('solar')
    expect(await (await later.get('/api/notices')).json()).toMatchObject({ notices: [] })
  } finally {
    await mail.close()
  }
})

test('without history nothing is recorded, while messages are still found in homes that nobody looks at', async () => {
  const off = await open(['history'])
  const person = await off.signIn('solar')
  const id = await person.deviceId('inverters')
  await off.time.advance(minutes(40))
  await off.control('POST', '/homes/solar/devices/inverters', { authenticated: false })
  await off.time.advance(minutes(40))
  expect(await (await person.get('/api/notices')).json()).toMatchObject({
    notices: [{ kind: 'disconnected' }],
  })

  const on = await open([], { start: new Date(off.time.wallMs()) })
  const later = await on.signIn('solar')
  const span = 'from=2026-06-20T00:00:00Z&to=2026-06-21T11:00:00Z'
  const kept = await later.get(`/api/history?${span}&type=inverters&id=${id}`)
  expect(((await kept.json()) as History).at_ms).toEqual([])
})

test.each<[Capability[], string[]]>([
  [['readyBy'], ['deadline_at_risk']],
  [['readyBy', 'weeklyPlan'], []],
])('without %j these are told of a car that will not be ready: %j', async (switchedOff, kinds) => {
  const house = await open(switchedOff)
  const person = await house.signIn('car')
  await house.control('POST', '/homes/car/devices/electric-vehicles', {
    plugged_in: true,
    level: 20,
    charge_plan: 'wait',
    // It is noon.
    settings: { is_charge_policy_enabled: true, charge_deadline_at: '13:00', minimum_charge_limit: 90 },
  })
  await house.time.advance(minutes(20))
  const { notices } = v.parse(NoticeList, await (await person.get('/api/notices')).json())
  expect(notices.map(({ kind }) => kind)).toEqual(kinds)
})
