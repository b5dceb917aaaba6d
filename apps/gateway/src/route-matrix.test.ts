import { randomUUID } from 'node:crypto'
import { deviceTypes, type DeviceType } from '@homewatt/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { House, Person } from './house.test-support.ts'
import { openApi } from './openapi.ts'
import { routes } from './routes.test-support.ts'
import { openWholeHouse, pathTo, sendAsWritten } from './whole-house.test-support.ts'

type Summary = { name: string; user_id: string; devices: { type: DeviceType; id: string }[] }

let house: House
let full: Person
let own: Summary
let foreign: Summary[]
beforeAll(async () => {
  house = await openWholeHouse()
  full = await house.signIn('full')
  const homes = (await house.control('GET', '/homes')) as Summary[]
  own = homes.find(({ name }) => name === 'full') ?? expect.fail('There is no home "full".')
  foreign = homes.filter((home) => home !== own)
  // Somebody looks at each of the others too, so that the gateway holds what must not be given away.
  for (const { name } of foreign.slice(0, 8)) await (await house.signIn(name)).home()
})
afterAll(() => house.close())

test('every route says here whose things its ids name', () => {
  expect(house.endpoints().toSorted()).toEqual(Object.keys(routes).toSorted())
})

test('every route is described, and nothing else: storms and floods of requests are made of the description', () => {
  const described = Object.entries(openApi().paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  // The description is found by whoever reads it.
  expect([...described, 'GET /api/openapi.json'].toSorted()).toEqual(house.endpoints().toSorted())
})

test('whatever has an id in its path is not said to have none', () => {
  for (const [name, { ids }] of Object.entries(routes))
    expect(ids === 'none', name).toBe(!name.includes(':') && name !== 'GET /api/history')
})

function namesWith(ids: string): string[] {
  return Object.keys(routes).filter((name) => routes[name]?.ids === ids)
}

/** A body that the route takes, for the type that it is asked for. */
function bodyOf(name: string, type: string): unknown {
  const body = routes[name]?.body
  return typeof body === 'function' ? (body(type) as unknown) : body
}

/** Asks an endpoint for a device, or for whatever stands in the place of its type and id. */
async function askFor(name: string, type: string, id: string) {
  const [method = '', path = ''] = name.split(' ')
  const body = bodyOf(name, type)
  const {
    status,
    headers,
    body: text,
  } = await sendAsWritten(
    house.url,
    method,
    name === 'GET /api/history'
      ? `${path}?from=2026-06-21T00:00:00Z&to=2026-06-22T00:00:00Z&type=${type}&id=${id}`
      : pathTo(path, { type, id, n: '0' }),
    {
      host: 'localhost:3000',
      cookie: full.cookie,
      'x-homewatt': '1',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body === undefined ? undefined : JSON.stringify(body),
  )
  return { status, answer: JSON.stringify([status, { ...headers, date: '', 'x-request-id': '' }, text]) }
}

describe.each(namesWith('devices'))('%s', (name) => {
  const types = routes[name]?.types ?? deviceTypes

  test('answers for the own device', async () => {
    for (const { type, id } of own.devices.filter((device) => types.includes(device.type)))
      expect((await askFor(name, type, id)).status, type).not.toBe(404)
  })

  test('answers for nothing else, and the same every time', async () => {
    const attempts = wrongIds().filter(
      ([type, id]) => !isOwn(type, id) || !types.includes(type as DeviceType),
    )
    expect(attempts.length).toBeGreaterThan(100)
    const answers = new Map<string, string>()
    const sent = house.sent.length
    for (const [type, id] of attempts) {
      const { status, answer } = await askFor(name, type, id)
      expect(status, `${type}/${id}`).toBe(404)
      answers.set(answer, `${type}/${id}`)
    }
    expect([...answers]).toHaveLength(1)
    // Nobody was asked, whether there is such a device or not: how long an answer takes tells nothing either.
    expect(house.sent).toHaveLength(sent)
  })
})

const isOwn = (type: string, id: string) =>
  own.devices.some((device) => device.type === type && device.id === id)

/** Types with ids of others, of another type, of nothing, and of one's own, written as no client writes them. */
function wrongIds(): [type: string, id: string][] {
  const foreignIds = foreign.flatMap(({ devices }) => devices)
  const userIds = [own, ...foreign.slice(0, 2)].map(({ user_id }) => user_id)
  const random = [
    randomUUID(),
    '00000000-0000-0000-0000-000000000000',
    'x',
    '0',
    '-',
    'null',
    '__proto__',
    '%00',
  ]
  return [
    ...foreignIds.map(({ type, id }): [string, string] => [type, id]),
    ...foreignIds.map(({ type, id }): [string, string] => [type, id.toUpperCase()]),
    ...deviceTypes.flatMap((type) =>
      [...own.devices.map(({ id }) => id), ...userIds, ...random].map((id): [string, string] => [type, id]),
    ),
    ...own.devices.flatMap(({ type, id }) => oddlyWritten(id).map((odd): [string, string] => [type, odd])),
    ...own.devices.flatMap(({ type, id }) => oddTypes(type).map((odd): [string, string] => [odd, id])),
    ...foreignIds
      .slice(0, 3)
      .flatMap(({ type, id }) => [
        [type, `${own.devices[0]?.id}/../${id}`] as [string, string],
        [type, `${own.devices[0]?.id},${id}`] as [string, string],
        [type, `${id}%00${own.devices[0]?.id}`] as [string, string],
      ]),
  ]
}

const oddlyWritten = (id: string) => [
  `${id}.`,
  `${id}%2e`,
  `${id}%20`,
  `%20${id}`,
  `${id}%00`,
  `${id};.js`,
  `${id}.css`,
  `${id}.json`,
  `${id}%2f`,
  `%2f${id}`,
  `..%2f${id}`,
  `%2e%2e%2f${id}`,
  `x/../${id}`,
  `x/%2e%2e/${id}`,
  `./${id}`,
  `%2e/${id}`,
  `x%5c..%5c${id}`,
  `x\\..\\${id}`,
  `{${id}}`,
  `urn:uuid:${id}`,
  id.replaceAll('-', ''),
  id.slice(0, -1),
  `${id}0`,
  `${id}%0a`,
  `%25${id}`,
  `${id}%c0%ae`,
]

const oddTypes = (type: string) => [
  type.toUpperCase(),
  `${type}.`,
  `${type}%2f`,
  `${type};x=1`,
  `../devices/${type}`,
  `%2e%2e/devices/${type}`,
  type.slice(0, -1),
  'constructor',
  '__proto__',
  '%20',
]

/** Things that a list of the API names: of whose they are, the list says only the own ones. */
const lists = {
  sessions: { path: '/api/sessions', in: 'sessions' },
  buildings: { path: '/api/buildings', in: 'buildings' },
  'energy-contracts': { path: '/api/energy-contracts', in: 'contracts' },
} as const

describe.each(Object.keys(lists) as (keyof typeof lists)[])('of the %s', (kind) => {
  const names = namesWith(kind)
  const idsOf = async (person: Person) => {
    const list = lists[kind]
    const body = (await (await person.get(list.path)).json()) as Record<string, { id: string }[]>
    return (body[list.in] ?? []).map(({ id }) => id).toSorted()
  }
  const askFor = async (name: string, id: string) => {
    // Nobody may try all that often.
    await house.time.advance(7_000)
    const [method = '', path = ''] = name.split(' ')
    const { status, headers, body } = await sendAsWritten(
      house.url,
      method,
      pathTo(path, { id }),
      {
        host: 'localhost:3000',
        cookie: full.cookie,
        'x-homewatt': '1',
        ...(routes[name]?.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      routes[name]?.body === undefined ? undefined : JSON.stringify(routes[name].body),
    )
    return { status, answer: JSON.stringify([status, { ...headers, date: '', 'x-request-id': '' }, body]) }
  }

  test.each(names)('%s answers for nobody else, and the same for what there is not', async (name) => {
    const others: Person[] = []
    for (const { name: home } of foreign.slice(0, 4)) others.push(await house.signIn(home))
    const before = await Promise.all(others.map(idsOf))
    const theirs = before.flat()
    expect(theirs.length).toBeGreaterThan(0)
    const mine = await idsOf(full)
    const ids = [
      ...theirs,
      ...theirs.map((id) => id.toUpperCase()),
      ...mine
        .slice(0, 1)
        .flatMap(oddlyWritten)
        .filter((odd) => !mine.includes(odd)),
      ...own.devices.map(({ id }) => id),
      own.user_id,
      randomUUID(),
      '0'.repeat(24),
      'x',
    ]
    const answers = new Set<string>()
    for (const id of ids) {
      const { status, answer } = await askFor(name, id)
      expect(status, id).toBe(404)
      answers.add(answer)
    }
    expect(answers.size).toBe(1)
    expect(await Promise.all(others.map(idsOf))).toEqual(before)
    expect(await idsOf(full)).toEqual(mine)
  })

  test.each(names)('%s answers for an own one', async (name) => {
    // Whoever ends a session must not be the one whose session it is.
    if (kind === 'sessions') await house.signIn('full')
    const [id = ''] = (await idsOf(full)).slice(-1)
    expect((await askFor(name, id)).status).toBeLessThan(300)
    if (kind === 'sessions') full = await house.signIn('full')
  })
})

test('a stream is of the own home, whatever the request asks for', async () => {
  const car = foreign.find(({ name }) => name === 'car') ?? expect.fail('There is no home "car".')
  const asked = [
    `/api/stream?user=${car.user_id}&topic=${car.user_id}&home=car`,
    '/api/stream?last_event_id=1:1',
  ]
  for (const path of asked) {
    const answer = await fetch(house.url + path, {
      headers: { cookie: full.cookie, 'last-event-id': `1:${car.user_id}`, 'x-user-id': car.user_id },
    })
    const reader = answer.body?.getReader()
    const text = new TextDecoder().decode((await reader?.read())?.value)
    await reader?.cancel()
    expect(text).toMatch(/^event: snapshot\n/)
    for (const { id } of own.devices) expect(text).toContain(id)
    for (const { id } of car.devices) expect(text).not.toContain(id)
  }
})
