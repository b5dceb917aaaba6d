import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from './oauth.ts'
import { openDoor, tokenFrom, type Door, type Loose } from './testing.ts'
import { newerSides, Variants, type VariantChange } from './variants.ts'

let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

const turn = async (home: string, change: VariantChange) => {
  expect((await door.control('POST', `/homes/${home}`, change)).status).toBe(200)
}
/** The same answer on the newer and on the other side. */
async function both(home: string, type: string, change: VariantChange): Promise<[Loose, Loose]> {
  const newer = await door.device(home, type)
  await turn(home, change)
  return [newer, await door.device(home, type)]
}
const userPath = async (home: string) => (await door.devices(home, 'x')).replace(/\/x$/, '')

test('every switch has a newer side, which holds from the start', async () => {
  expect((await door.control('GET', '/variants')).body).toEqual(newerSides)
  for (const { options } of Object.values(Variants.entries)) expect(options.length).toBeGreaterThan(1)
})

describe('C1, C16, C17: reconnecting', () => {
  test('by a link, an object or an authorization_url', async () => {
    const [object, string] = await both('reconnect', 'electric-vehicles', { resolution_link: 'string' })
    expect(object.actions[0].resolution_link.url).toContain('/cues/')
    expect(string.actions[0].resolution_link).toContain('/connect/cues/')
    await turn('reconnect', { reconnect: 'authorization_url' })
    const first = await door.device('reconnect', 'electric-vehicles')
    expect(first.authorization_url).toContain('/connect/cues/')
    expect(first).not.toHaveProperty('actions')
  })

  test('with a body in snake case', async () => {
    await turn('reconnect', { cue_body: 'snake' })
    const { actions } = await door.device('reconnect', 'electric-vehicles')
    expect(actions[0].resolution_link.required_parameters).toEqual(['success_url', 'cancel_url'])
    await door.control('POST', '/variants', { cue_body: 'snake' })
    const path = actions[0].resolution_link.url.slice(`${door.url}/api/partners/v2.0`.length)
    const camel = { successUrl: 'https://a.example/', cancelUrl: 'https://b.example/' }
    expect((await door.api('POST', path, camel)).status).toBe(422)
    const snake = { success_url: 'https://a.example/', cancel_url: 'https://b.example/' }
    expect((await door.api('POST', path, snake)).status).toBe(200)
  })
})

test('C2: the other battery sign, everything else alike', async () => {
  door.clock.advance(9 * 3600)
  const [newer, older] = await both('solar', 'inverters', { battery_sign: 'charging' })
  expect(newer.battery_charge_discharge_power_w).not.toBe(0)
  expect(older).toEqual({
    ...newer,
    battery_charge_discharge_power_w: -newer.battery_charge_discharge_power_w,
  })
})

test('C3: the owner by id alone, or as user_id', async () => {
  const [newer, id] = await both('solar', 'inverters', { owner: 'id' })
  expect(id.owner).toBe(newer.owner.id)
  await turn('solar', { owner: 'user_id' })
  const userId = await door.device('solar', 'inverters')
  expect(userId).not.toHaveProperty('owner')
  expect(userId.user_id).toBe(newer.owner.id)
})

test("C4: a wallbox's deadline as the next moment of that time of day, both ways", async () => {
  const path = await door.path('full', 'wallboxes')
  await door.api('PUT', path, { charge_deadline_at: '06:30' })
  const [newer, older] = await both('full', 'wallboxes', { wallbox_deadline: 'date_time' })
  expect(newer.charge_deadline_at).toBe('06:30')
  expect(older.charge_deadline_at).toBe('2026-06-18T04:30:00.000Z')
  const { body } = await door.api('PUT', path, { charge_deadline_at: '2026-06-18T05:15:00Z' })
  expect(body.charge_deadline_at).toBe('2026-06-18T05:15:00.000Z')
  expect((await door.control('GET', '/homes/full/devices/wallboxes')).body.charge_deadline_at).toBe('07:15')
})

test('C5: operational_mode in place of mode and level', async () => {
  const [, older] = await both('heat', 'heat-pumps', { heat_pump_mode: 'operational_mode' })
  expect(['Heating', 'Standby']).toContain(older.operational_mode)
  expect(older).not.toHaveProperty('current_mode')
  expect(older).not.toHaveProperty('optimization_level')
})

describe('C6: the codes of the guides', () => {
  test('the price zone DE', async () => {
    const [newer, older] = await both('full', 'inverters', { zone_and_language: 'guide' })
    expect([newer.price_zone, older.price_zone]).toEqual(['DE_LU', 'DE'])
  })

  test('DE and French in an onboarding session', async () => {
    const wanted = {
      user_id: (await userPath('empty')).split('/').at(-1),
      success_url: 'https://a.example/',
      cancel_url: 'https://b.example/',
      language: 'fr',
      price_zone_default: 'DE',
    }
    expect((await door.api('POST', '/device-onboarding', wanted)).status).toBe(422)
    await door.control('POST', '/variants', { zone_and_language: 'guide' })
    const { status, body } = await door.api('POST', '/device-onboarding', wanted)
    expect(status).toBe(200)
    expect(body.price_zone_default).toBe('DE')
  })
})

describe('C7, C8: people', () => {
  test('one home on another side, in the list and alone', async () => {
    await turn('full', { country: 'country_iso3', zip_code: 'integer' })
    const { body } = await door.api('GET', `/org/${demo.orgId}/users`)
    expect(body[0]).toMatchObject({ country_iso2: 'DEU', zip_code: 79098 })
    expect(body[0]).not.toHaveProperty('country')
    expect(body[1]).toMatchObject({ country: 'DE', zip_code: '04109' })
    expect((await door.api('GET', await userPath('full'))).body).toEqual(body[0])
    await turn('full', { country: 'country_iso2' })
    expect((await door.api('GET', await userPath('full'))).body.country_iso2).toBe('DE')
  })
})

test("C9: a building in the guide's words, both ways", async () => {
  await turn('full', { building: 'guide' })
  const list = `${await userPath('full')}/buildings`
  const { body } = await door.api('GET', list)
  expect(body[0].property_age).toMatch(/^\d{3}0-\d{3}0$/)
  expect(body[0]).toMatchObject({ space_heating: 'heat_pump', country_iso2: 'DE' })
  const { status } = await door.api('PUT', `${list}/${body[0].id}`, {
    name: 'House',
    property_type: 'single_family_home',
    property_age: '1990-2000',
  })
  expect(status).toBe(200)
  await turn('full', { building: 'api' })
  expect((await door.api('GET', list)).body[0]).toMatchObject({
    name: 'House',
    property_type: 'Detached',
    property_age: 1995,
  })
})

test("C10: a contract in the guide's words", async () => {
  const list = `${await userPath('full')}/energy-contracts`
  await turn('full', { energy_contract: 'guide' })
  const { status, body } = await door.api('POST', list, {
    energy_contract_type: 'Spot Hourly',
    energy_price: [{ price: 0.2, timestamp: '2023-11-01T00:00:00+00:00' }],
    currency_energy_price: 'EUR',
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({ energy_contract_type: 'Spot Hourly', energy_price: [{ price: 0.2 }] })
  await turn('full', { energy_contract: 'api' })
  const contracts = (await door.api('GET', list)).body
  expect(contracts.at(-1)).toMatchObject({
    energy_contract_type: 'spot_hourly',
    energy_prices: [{ price: 0.2 }],
  })
})

test('C11: device types by the codes of onboarding', async () => {
  const [newer, older] = await both('full', 'inverters', { device_type: 'onboarding' })
  expect(newer.device_model.device_type.short_name).toBe('inverter')
  expect(older.device_model.device_type.short_name).toBe('iv')
})

test('C12: the first names of the pause fields, both ways', async () => {
  await turn('heat', { pause: 'first' })
  const path = await door.path('heat', 'heat-pumps')
  const { body } = await door.api('PUT', path, { pause_power_active: true, pause_power_until_utc: null })
  expect(body).toMatchObject({ pause_power_active: true, pause_power_until_utc: null })
  expect(body).not.toHaveProperty('is_pause_power_active')
  // The later name means nothing here.
  await door.api('PUT', path, { is_pause_power_active: false })
  expect((await door.api('GET', path)).body.pause_power_active).toBe(true)
})

describe('C13: a PUT', () => {
  test('may refuse read-only and unknown fields by name', async () => {
    await turn('car', { read_only: 'refused' })
    const path = await door.path('car', 'electric-vehicles')
    const { status, body } = await door.api('PUT', path, { minimum_charge_limit: 50, battery_level: 3, x: 1 })
    expect(status).toBe(422)
    expect(body.detail.map((c: Loose) => c.loc[1])).toEqual(['battery_level', 'x'])
    expect((await door.api('PUT', path, { minimum_charge_limit: 50 })).status).toBe(200)
  })

  test('of a building has to name it, or not', async () => {
    const list = `${await userPath('solar')}/buildings`
    const path = `${list}/${(await door.api('GET', list)).body[0].id}`
    expect((await door.api('PUT', path, { num_occupants: 2 })).status).toBe(422)
    await turn('solar', { building_put: 'partial' })
    expect((await door.api('PUT', path, { num_occupants: 2 })).body.num_occupants).toBe(2)
  })
})

test('C14: a boost without a cable may be refused', async () => {
  await door.control('POST', '/homes/car/devices/electric-vehicles', { plugged_in: false })
  await turn('car', { boost_unplugged: 'refused' })
  expect(await door.api('POST', `${await door.path('car', 'electric-vehicles')}/boost`)).toMatchObject({
    status: 409,
    body: { reason: 'no_active_session', state: 'unavailable' },
  })
})

test('C18: staff manage end-users, or staff as well', async () => {
  const { body } = await door.api('POST', `/org/${demo.orgId}/users`, {
    role: 'staff',
    email: 'colleague@example.com',
  })
  const authorization = `Bearer ${await tokenFrom(door.url, 'homewatt-demo-staff')}`
  const rename = async () => {
    const url = `${door.url}/api/partners/v2.0/org/${demo.orgId}/users/${body.id}`
    return (await fetch(url, { method: 'PUT', headers: { authorization }, body: '{"first_name":"X"}' }))
      .status
  }
  expect(await rename()).toBe(403)
  await door.control('POST', '/variants', { staff: 'staff' })
  expect(await rename()).toBe(200)
})

test('C20: /solar-inverters in place of /inverters', async () => {
  const path = await door.path('solar', 'inverters')
  await turn('solar', { inverter_path: 'solar-inverters' })
  expect((await door.api('GET', path)).status).toBe(404)
  expect((await door.api('GET', path.replace('/inverters', '/solar-inverters'))).status).toBe(200)
})

test('C21: what is deleted is listed on request, or gone', async () => {
  const user = await userPath('empty')
  expect((await door.api('DELETE', user)).status).toBe(204)
  const deleted = async () =>
    (await door.api('GET', `/org/${demo.orgId}/users?include_deleted=true`)).body.filter(
      (u: Loose) => u.deleted_at,
    ).length
  expect(await deleted()).toBe(1)
  await door.control('POST', '/variants', { removal: 'final' })
  expect(await deleted()).toBe(0)
  expect((await door.api('GET', `${user}?include_deleted=true`)).status).toBe(404)
})

test('a battery that is not there is at null, or at 0', async () => {
  const [newer, older] = await both('solar-only', 'inverters', { level_without_battery: 'zero' })
  expect([newer.battery_charge_level_percent, older.battery_charge_level_percent]).toEqual([null, 0])
})

test('moments with seconds alone, or with an offset', async () => {
  const [, seconds] = await both('solar', 'inverters', { timestamps: 'seconds' })
  expect(seconds.current_state_last_updated_at).toMatch(/T\d\d:\d\d:\d\dZ$/)
  await turn('solar', { timestamps: 'offset' })
  expect((await door.device('solar', 'inverters')).current_state_last_updated_at).toMatch(/\+00:00$/)
})

test('a run takes sides for all its homes, and a home may take its own', async () => {
  const other = await openDoor({ variants: { owner: 'id', timestamps: 'seconds' } })
  await other.control('POST', '/homes/solar', { owner: 'object' })
  expect((await other.device('full', 'inverters')).owner).toEqual(expect.any(String))
  expect((await other.device('solar', 'inverters')).owner).toEqual(expect.any(Object))
  await other.close()
})

test('a side that nobody takes is refused by name', async () => {
  const { status, body } = await door.control('POST', '/homes/full', { owner: 'nobody' })
  expect(status).toBe(422)
  expect(body.error).toContain('owner')
})
