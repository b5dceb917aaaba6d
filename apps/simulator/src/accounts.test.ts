import { Building, EnergyContract, User } from '@homewatt/contract'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from './oauth.ts'
import { noon, openDoor, type Door, type Loose } from './testing.ts'

let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

const users = `/org/${demo.orgId}/users`
const create = (body: unknown) => door.api('POST', users, body)
const peter = { role: 'user', email: 'peter.schmidt@example.com', external_user_id: 'customer_12345' }

describe('a user', () => {
  test('needs no more than a role and an address, and begins with nothing', async () => {
    const { status, body } = await create({ role: 'user', email: 'peter.schmidt@example.com' })
    expect(status).toBe(200)
    const user = v.parse(User, body)
    expect(user).toMatchObject({ org_id: demo.orgId, role: 'user', external_user_id: null, deleted_at: null })
    expect((await door.api('GET', `${users}/${user.id}`)).body).toEqual(body)
    for (const things of ['heat-pumps', 'electric-vehicles', 'inverters', 'wallboxes', 'buildings'])
      expect((await door.api('GET', `${users}/${user.id}/${things}`)).body).toEqual([])
    expect((await door.api('GET', users)).body.at(-1)).toEqual(body)
  })

  test('is changed in what a PUT names, in old words and new', async () => {
    const { id } = (await create(peter)).body
    door.clock.advance(60)
    const { status, body } = await door.api('PUT', `${users}/${id}`, {
      first_name: 'Peter',
      zip_code: 11011,
      country_iso2: 'DE',
      latitude: 52.52,
      longitude: 13.4,
      id: 'x',
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id,
      email: peter.email,
      first_name: 'Peter',
      zip_code: '11011',
      country: 'DE',
      location_last_updated: new Date(noon.getTime() + 60_000).toISOString(),
    })
  })

  test.each([
    ['without an address', { role: 'user' }, 'email'],
    ['with half an address', { role: 'user', email: 'peter' }, 'email'],
    ['with an unknown role', { role: 'boss', email: 'boss@example.com' }, 'role'],
    ['with a latitude beyond the pole', { ...peter, latitude: 91 }, 'latitude'],
  ])('%s is refused', async (_, body, field) => {
    const answer = await create(body)
    expect(answer.status).toBe(422)
    expect(answer.body.detail[0].loc).toEqual(['body', field])
  })

  test('has an address of its own', async () => {
    const { id } = (await create(peter)).body
    expect((await create({ ...peter, email: 'PETER.schmidt@example.com' })).status).toBe(422)
    expect((await door.api('PUT', `${users}/${id}`, { email: peter.email })).status).toBe(200)
    await door.api('DELETE', `${users}/${id}`)
    expect((await create(peter)).status).toBe(200)
  })

  test('who is deleted is gone, but can still be listed', async () => {
    const path = (await door.devices('full', 'heat-pumps')).replace(/\/heat-pumps$/, '')
    const before = (await door.api('GET', users)).body
    expect((await door.api('DELETE', path)).status).toBe(204)
    for (const gone of [path, `${path}/heat-pumps`, `${path}/buildings`, `${path}/charging-config`])
      expect((await door.api('GET', gone)).status).toBe(404)
    expect((await door.api('GET', users)).body).toEqual(before.slice(1))
    const { body } = await door.api('GET', `${users}?include_deleted=true`)
    expect(body[0]).toEqual({ ...before[0], deleted_at: noon.toISOString() })
    expect((await door.api('GET', `${path}?include_deleted=true`)).body).toEqual(body[0])
  })

  test('is listed by a flag that has to be one', async () => {
    const { status, body } = await door.api('GET', `${users}?include_deleted=perhaps`)
    expect(status).toBe(422)
    expect(body.detail[0].loc).toEqual(['query', 'include_deleted'])
  })

  test("whose name changes is another person in the devices' owner too", async () => {
    const path = (await door.devices('full', 'heat-pumps')).replace(/\/heat-pumps$/, '')
    await door.api('PUT', path, { email: 'new@example.com', external_user_id: 'other' })
    expect((await door.device('full', 'inverters')).owner).toMatchObject({
      email: 'new@example.com',
      external_id: 'other',
    })
  })
})

describe('a role', () => {
  const as = async (client: string) => {
    const response = await fetch(`${door.url}/oauth2/token/`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${client}:${client}-secret`)}` },
      body: JSON.stringify({ grant_type: 'client_credentials' }),
    })
    const { access_token } = (await response.json()) as Loose
    return async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${door.url}/api/partners/v2.0${path}`, {
        method,
        headers: { authorization: `Bearer ${access_token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return answer.status
    }
  }

  test('staff manages end-users, but neither staff nor admins', async () => {
    const staff = await as('homewatt-demo-staff')
    const { id } = (await create({ role: 'staff', email: 'colleague@example.com' })).body
    expect(await staff('GET', `${users}/${id}`)).toBe(200)
    expect(await staff('PUT', `${users}/${id}`, { first_name: 'X' })).toBe(403)
    expect(await staff('DELETE', `${users}/${id}`)).toBe(403)
    expect(await staff('POST', users, { role: 'admin', email: 'a@example.com' })).toBe(403)
    expect(await staff('POST', users, peter)).toBe(200)
    const user = (await door.api('GET', users)).body.at(-1)
    expect(await staff('PUT', `${users}/${user.id}`, { first_name: 'Peter' })).toBe(200)
    expect(await staff('PUT', `${users}/${user.id}`, { role: 'staff' })).toBe(403)
    expect(await staff('DELETE', `${users}/${user.id}`)).toBe(204)
  })

  test('an end-user sees and changes only what is his', async () => {
    const user = await as('homewatt-demo-user')
    const own = (await door.devices('full', 'heat-pumps')).replace(/\/heat-pumps$/, '')
    expect(await user('GET', `${own}/inverters`)).toBe(200)
    expect(await user('PUT', own, { first_name: 'Me' })).toBe(200)
    expect(await user('PUT', own, { role: 'admin' })).toBe(403)
    expect(await user('DELETE', own)).toBe(403)
    expect(await user('GET', await door.devices('solar', 'inverters'))).toBe(403)
    expect(await user('GET', users)).toBe(403)
    expect(await user('POST', users, peter)).toBe(403)
  })

  test('of the team is invited by mail, an end-user is not', async () => {
    await create(peter)
    await create({ role: 'admin', email: 'boss@example.com' })
    expect((await door.control('GET', '/invitations')).body).toEqual([
      { at: noon.toISOString(), email: 'boss@example.com', role: 'admin' },
    ])
  })
})

describe('a building', () => {
  const list = () => door.devices('full', 'buildings')

  test('is created, read, changed and deleted', async () => {
    const path = await list()
    const { status, body } = await door.api('POST', path, { name: 'Cabin', property_type: 'Bungalow' })
    expect(status).toBe(200)
    expect(v.parse(Building, body)).toMatchObject({
      name: 'Cabin',
      property_type: 'Bungalow',
      photovoltaic: false,
    })
    expect((await door.api('GET', path)).body).toHaveLength(2)
    const one = `${path}/${body.id}`
    const changed = await door.api('PUT', one, { name: 'Cabin', num_occupants: 2 })
    expect(changed.body).toEqual({ ...body, num_occupants: 2 })
    expect((await door.api('PUT', one, { num_occupants: 3 })).status).toBe(422)
    expect((await door.api('DELETE', one)).status).toBe(204)
    expect((await door.api('GET', one)).status).toBe(404)
  })

  test('takes only the words of the write schema', async () => {
    const { status, body } = await door.api('POST', await list(), {
      name: 'Cabin',
      property_type: 'single_family_home',
      property_age: '1990-2000',
    })
    expect(status).toBe(422)
    expect(body.detail.map((d: Loose) => d.loc[1])).toEqual(['property_type', 'property_age'])
  })

  test('can take in a device, and leaves it without when it goes', async () => {
    const path = await list()
    const { id } = (await door.api('POST', path, { name: 'Garage' })).body
    const vehicle = await door.path('full', 'electric-vehicles')
    expect((await door.api('PUT', vehicle, { building_id: id })).body.building).toBe(id)
    await door.api('DELETE', `${path}/${id}`)
    expect((await door.api('GET', vehicle)).body.building).toBeNull()
    expect((await door.api('PUT', vehicle, { building_id: id })).status).toBe(422)
  })
})

describe('an energy contract', () => {
  const list = () => door.devices('full', 'energy-contracts')

  test('is there from the start, and further ones can be created and changed', async () => {
    const path = await list()
    expect((await door.api('GET', path)).body).toMatchObject([{ energy_contract_type: 'spot_hourly' }])
    const [building] = (await door.api('GET', await door.devices('full', 'buildings'))).body
    const { status, body } = await door.api('POST', path, {
      energy_contract_type: 'yearly',
      energy_prices: [{ price: 0.31, timestamp: '2026-01-01T00:00:00+00:00' }],
      currency_energy_price: 'EUR',
      building_id: building.id,
      meter_id: '125328591095',
    })
    expect(status).toBe(200)
    expect(v.parse(EnergyContract, body)).toMatchObject({
      energy_contract_type: 'yearly',
      building: building.id,
      supplier: null,
    })
    const changed = await door.api('PUT', `${path}/${body.id}`, { supplier: 'Good Energy Company' })
    expect(changed.body).toEqual({ ...body, supplier: 'Good Energy Company' })
    expect((await door.api('GET', path)).body[1]).toEqual(changed.body)
  })

  test.each([
    ['prices without a currency', { energy_prices: [{ price: 0.3, timestamp: '2026-01-01T00:00:00Z' }] }],
    ["somebody else's building", { building_id: '94964bf8-4ec9-4f3f-b10e-0fe21980279e' }],
    ['a meter number that is too long', { meter_id: '1'.repeat(20) }],
    ['the casing of older documents', { energy_contract_type: 'Spot Hourly' }],
  ])('with %s is refused and not created', async (_, body) => {
    expect((await door.api('POST', await list(), body)).status).toBe(422)
    expect((await door.api('GET', await list())).body).toHaveLength(1)
  })
})

describe('a deleted device', () => {
  test('is out of the list, and on its own page only on request', async () => {
    const path = await door.path('full', 'wallboxes')
    await door.control('POST', '/homes/full/devices/wallboxes', { deleted: true })
    expect((await door.api('GET', await door.devices('full', 'wallboxes'))).body).toEqual([])
    expect((await door.api('GET', path)).status).toBe(404)
    expect((await door.api('PUT', path, {})).status).toBe(404)
    expect((await door.api('POST', `${path}/boost`)).status).toBe(404)
    const { body } = await door.api('GET', `${path}?include_deleted=true`)
    expect(body.deleted_at).toBe(noon.toISOString())
  })
})
