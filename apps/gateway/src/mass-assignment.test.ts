import * as contract from '@homewatt/contract'
import { deviceTypes, type DeviceType } from '@homewatt/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openConnection, requestOf, type Connection } from '../../../bench/src/raw-client.ts'
import type { House, Person } from './house.test-support.ts'
import { routes } from './routes.test-support.ts'
import { openWholeHouse, pathTo } from './whole-house.test-support.ts'

/** Every name of every field that the contract knows, of the Partner API's schemas and of our own. */
const fields = [...new Set(Object.values(contract).flatMap((thing) => namesIn(thing)))].toSorted()

/** What every object has, which a check by name may take for something it knows. */
const inherited = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__']

let house: House
let full: Person
const ids: Partial<Record<DeviceType, string>> = {}
let building: string
let energyContract: string
/** One for each way that a field is hidden; tens of thousands of requests are too many for a client that knows HTTP. */
let connections: Connection[]
beforeAll(async () => {
  house = await openWholeHouse()
  full = await house.signIn('full')
  for (const type of deviceTypes) ids[type] = await full.deviceId(type)
  const [{ id: buildingId = '' } = {}] = await listed('/api/buildings', 'buildings')
  const [{ id: contractId = '' } = {}] = await listed('/api/energy-contracts', 'contracts')
  ;[building, energyContract] = [buildingId, contractId]
  const port = Number(new URL(house.url).port)
  connections = hidings({}, '').map(() => openConnection(port))
})
afterAll(() => {
  for (const connection of connections) connection.close()
  return house.close()
})

/** Endpoints that take a body, once for each device type where there are several. */
const takers = Object.entries(routes)
  .filter(([, { body }]) => body !== undefined)
  .flatMap(([name, route]) =>
    route.ids === 'devices'
      ? (route.types ?? deviceTypes).map((type) => ({ name, type, body: bodyOf(route.body, type) }))
      : [{ name, type: 'inverters' as DeviceType, body: bodyOf(route.body, 'inverters') }],
  )

test('every name of the contract is there to be tried', () => {
  for (const name of [
    'owner',
    'user_id',
    'org_id',
    'role',
    'is_trading_enabled',
    'device_model',
    'external_user_id',
  ])
    expect(fields).toContain(name)
  expect(fields.length).toBeGreaterThan(150)
  expect(takers.length).toBeGreaterThan(5)
})

test.each(takers)(
  '$name of $type takes what it offers and no other field, wherever it is put',
  async ({ name, type, body }) => {
    const offered = await offeredBy(name, type, body)
    const before = await writes()
    const through: string[] = []
    let tried = 0
    for (const field of [...fields, ...inherited].filter((one) => !offered.includes(one))) {
      // Nobody may try all that often.
      await house.time.advance(1_000)
      const texts = hidings(body, field)
      const statuses = await Promise.all(
        texts.map((text, n) => connections[n]?.ask(requestTo(name, type, text))),
      )
      tried += texts.length
      through.push(...texts.filter((_, n) => statuses[n] !== 422))
    }
    expect(through).toEqual([])
    expect(tried).toBeGreaterThan(1_000)
    expect(await writes()).toEqual(before)
  },
)

/** A body with one field more, in all the ways that have been overlooked somewhere. */
function hidings(body: object, field: string): string[] {
  const own = JSON.stringify(body)
  const inner = own.slice(1, -1)
  const key = JSON.stringify(field)
  const value = `"canary"`
  return [
    `{${inner},${key}:${value}}`,
    `{${key}:${value},${inner}}`,
    `{${inner},${key}:null}`,
    `{${inner},${key}:{"id":${value}}}`,
    `{${inner},${JSON.stringify(`${field}.id`)}:${value}}`,
    `{${inner},${JSON.stringify(`${field}[0]`)}:${value}}`,
    `{${inner},${JSON.stringify(`device[${field}]`)}:${value}}`,
    `{${inner},"data":{${key}:${value}}}`,
    `[{${inner},${key}:${value}}]`,
    `{${inner},${key}:true,${key}:${value}}`,
    `{${inner},"__proto__":{${key}:${value}}}`,
    `{${inner},"\\u005f_proto__":{${key}:${value}}}`,
    `{${inner},"constructor":{"prototype":{${key}:${value}}}}`,
    `{${inner},${JSON.stringify([...field].map((sign) => sign.toUpperCase()).join('') + ' ')}:${value}}`,
  ]
}

/** The fields that a route takes besides those of its example: each of them alone is a body, or an error that is not about it. */
async function offeredBy(name: string, type: DeviceType, body: object): Promise<string[]> {
  const [method = '', path = ''] = name.split(' ')
  const described = ((await (await house.request('/api/openapi.json')).json()) as Description).paths
  const operation = described[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
  const schema = operation?.requestBody?.content['application/json']?.schema
  const settings =
    name === 'PUT /api/devices/:type/:id' ? namesIn(contract.deviceSettings[type]) : propertiesOf(schema)
  expect(settings.length, `${name} is described with its fields`).toBeGreaterThan(0)
  return [...settings, ...Object.keys(body)]
}

type Description = {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>>
}
type Schema = { properties?: Record<string, Schema>; anyOf?: Schema[]; items?: Schema }

function propertiesOf(schema: Schema | undefined): string[] {
  if (!schema) return []
  return [...Object.keys(schema.properties ?? {}), ...(schema.anyOf ?? []).flatMap(propertiesOf)]
}

function requestTo(name: string, type: DeviceType, body: string): Buffer {
  const [method = '', path = ''] = name.split(' ')
  const id = name.includes('buildings') ? building : name.includes('contracts') ? energyContract : ids[type]
  const headers = { host: 'localhost:3000', cookie: full.cookie }
  return requestOf(method, pathTo(path, { type, id: id ?? '', n: '0' }), headers, body)
}

const writes = async () =>
  Object.entries(await house.counts()).filter(
    ([name]) => !name.startsWith('GET ') && !name.startsWith('POST /oauth2'),
  )

async function listed(path: string, name: string): Promise<{ id: string }[]> {
  return ((await (await full.get(path)).json()) as Record<string, { id: string }[]>)[name] ?? []
}

function bodyOf(body: unknown, type: DeviceType): object {
  return (typeof body === 'function' ? (body(type) as unknown) : body) as object
}

/** Names of the fields of a Valibot schema, and of those within. */
function namesIn(thing: unknown, depth = 0): string[] {
  if (typeof thing !== 'object' || thing === null || depth > 6) return []
  const schema = thing as {
    entries?: Record<string, unknown>
    item?: unknown
    wrapped?: unknown
    options?: unknown[]
    pipe?: unknown[]
  }
  return [
    ...Object.entries(schema.entries ?? {}).flatMap(([name, inner]) => [name, ...namesIn(inner, depth + 1)]),
    ...[schema.item, schema.wrapped, ...(Array.isArray(schema.options) ? schema.options : [])].flatMap(
      (inner) => namesIn(inner, depth + 1),
    ),
  ]
}
