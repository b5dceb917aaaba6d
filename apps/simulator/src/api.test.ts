import {
  ElectricVehicle,
  HeatPump,
  Inverter,
  TokenAnswer,
  User,
  Wallbox,
  readDevices,
} from '@homewatt/contract'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { namedHomes } from './homes/cast.ts'
import { demo } from './oauth.ts'
import { noon, openDoor, tokenFrom, type Door } from './testing.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor({ homes: 12 })
})
afterAll(() => door.close())

const schemas = {
  'heat-pumps': HeatPump,
  'electric-vehicles': ElectricVehicle,
  inverters: Inverter,
  wallboxes: Wallbox,
}
const types = Object.keys(schemas) as (keyof typeof schemas)[]

describe('the token', () => {
  const ask = (credentials: string, body = JSON.stringify({ grant_type: 'client_credentials' })) =>
    fetch(`${door.url}/oauth2/token/`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(credentials)}` },
      body,
    })

  test('is given for ten hours to whom knows the secret', async () => {
    const response = await ask(`${demo.clientId}:${demo.clientSecret}`)
    expect(response.status).toBe(200)
    expect(v.parse(TokenAnswer, await response.json()).expires_in).toBe(36_000)
  })

  test('is refused for a wrong secret', async () => {
    const response = await ask(`${demo.clientId}:wrong`)
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ error: 'invalid_client' })
  })

  test('ends by the simulated clock', async () => {
    const old = await openDoor()
    const authorization = `Bearer ${await tokenFrom(old.url)}`
    const list = () =>
      fetch(`${old.url}/api/partners/v2.0/org/${demo.orgId}/users`, { headers: { authorization } })
    expect((await list()).status).toBe(200)
    old.clock.advance(35_999)
    expect((await list()).status).toBe(200)
    old.clock.advance(1)
    const answer = await list()
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({ detail: 'Unauthorized' })
    await old.close()
  })
})

test('nothing is told without a token', async () => {
  const response = await fetch(`${door.url}/api/partners/v2.0/org/${demo.orgId}/users`)
  expect(response.status).toBe(401)
  expect(await response.json()).toEqual({ detail: 'Unauthorized' })
})

test('users are found by the name of their home', async () => {
  const { body } = await door.api('GET', `/org/${demo.orgId}/users`)
  const users = body.map((user: unknown) => v.parse(User, user)) as User[]
  expect(users.map((user) => user.external_user_id)).toEqual([
    ...namedHomes,
    'home-9',
    'home-10',
    'home-11',
    'home-12',
  ])
  expect(users.every((user) => user.email?.includes('@example.'))).toBe(true)
})

test.each(namedHomes)('everything the home %s says is believable to the contract', async (home) => {
  for (const type of types) {
    const { status, body } = await door.api('GET', await door.devices(home, type))
    expect(status).toBe(200)
    const read = readDevices<(typeof schemas)[typeof type]>(schemas[type], body)
    expect(read.dropped).toBe(0)
    expect(read.faults).toEqual([])
  }
})

test('the named homes have the devices they are known for', async () => {
  const counts = async (home: string) =>
    Promise.all(
      types.map(async (type) => (await door.api('GET', await door.devices(home, type))).body.length),
    )
  expect(await counts('full')).toEqual([1, 1, 1, 1])
  expect(await counts('solar')).toEqual([0, 0, 1, 0])
  expect(await counts('solar-only')).toEqual([0, 0, 1, 0])
  expect(await counts('heat')).toEqual([1, 0, 0, 0])
  expect(await counts('car')).toEqual([0, 1, 0, 0])
  expect(await counts('empty')).toEqual([0, 0, 0, 0])
  expect(await counts('many')).toEqual([3, 3, 3, 3])
  expect((await door.device('solar', 'inverters')).is_battery_connected).toBe(true)
  expect((await door.device('solar-only', 'inverters')).battery_charge_level_percent).toBeNull()
  expect((await door.device('heat', 'heat-pumps')).indoor_actual_temperature).toBeNull()
})

test('a lapsed vehicle is seen in the list, and only its own page says what to do', async () => {
  const [listed] = (await door.api('GET', await door.devices('reconnect', 'electric-vehicles'))).body
  expect(listed).toMatchObject({ is_authenticated: false, action_needed: true })
  expect(listed).not.toHaveProperty('actions')
  const alone = await door.device('reconnect', 'electric-vehicles')
  expect(alone.actions).toHaveLength(1)
  expect(alone.actions[0]).toMatchObject({
    code: 'reauthenticate',
    resolution_link: { required_parameters: ['successUrl', 'cancelUrl'] },
  })
  const ageMs = noon.getTime() - Date.parse(alone.current_state_last_updated_at)
  expect(ageMs).toBeGreaterThan(12 * 3_600_000)
})

test('the Date header is the simulated time', async () => {
  const { headers } = await door.api('GET', await door.devices('full', 'inverters'))
  expect(headers.get('date')).toBe(noon.toUTCString())
})

test.each([
  ['an unknown user', `/org/${demo.orgId}/users/497f6eca-6276-4993-bfeb-53cbbbba6f08/inverters`],
  ['another organisation', `/org/497f6eca-6276-4993-bfeb-53cbbbba6f08/users`],
  ['an unknown path', '/nothing/here'],
])('%s is not found', async (_, path) => {
  const { status, body } = await door.api('GET', path)
  expect(status).toBe(404)
  expect(body).toEqual({ detail: 'Not Found' })
})

test("a neighbour's device is not found", async () => {
  const { id } = await door.device('solar', 'inverters')
  const { status } = await door.api('GET', `${await door.devices('full', 'inverters')}/${id}`)
  expect(status).toBe(404)
})

test('a home has a building with an address, and its devices name it', async () => {
  const list = (await door.devices('full', 'inverters')).replace(/inverters$/, 'buildings')
  const { body } = await door.api('GET', list)
  expect(body).toHaveLength(1)
  expect(body[0]).toMatchObject({ town: 'Freiburg', country: 'DE', photovoltaic: true })
  expect((await door.device('full', 'inverters')).building).toBe(body[0].id)
  expect((await door.api('GET', `${list}/${body[0].id}`)).body).toEqual(body[0])
})

describe('PUT', () => {
  test('changes what it names and leaves the rest', async () => {
    const path = await door.path('heat', 'heat-pumps')
    const before = (await door.api('GET', path)).body
    const { status, body } = await door.api('PUT', path, {
      optimization_level: 'Low',
      indoor_actual_temperature: 99,
      id: 'x',
      wishes: 1,
    })
    expect(status).toBe(200)
    expect(body).toEqual({ ...before, optimization_level: 'Low', updated_at: noon.toISOString() })
    expect((await door.api('GET', path)).body.optimization_level).toBe('Low')
  })

  test('complains in the documented form and changes nothing', async () => {
    const path = await door.path('car', 'electric-vehicles')
    const before = (await door.api('GET', path)).body
    const { status, body } = await door.api('PUT', path, {
      minimum_charge_limit: 140,
      charge_deadline_at: '06:30',
    })
    expect(status).toBe(422)
    expect(body.detail).toEqual([
      { type: 'value_error', loc: ['body', 'minimum_charge_limit'], msg: expect.any(String) },
    ])
    expect((await door.api('GET', path)).body).toEqual(before)
  })

  test('a battery floor above its ceiling is refused', async () => {
    const { status } = await door.api('PUT', await door.path('solar', 'inverters'), {
      min_battery_charge: 96,
    })
    expect(status).toBe(422)
  })

  test('what is no JSON is refused', async () => {
    const token = await tokenFrom(door.url)
    const response = await fetch(
      `${door.url}/api/partners/v2.0${await door.path('car', 'electric-vehicles')}`,
      {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}` },
        body: '{"minimum_charge_limit":',
      },
    )
    expect(response.status).toBe(400)
  })
})
