import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { noon, openDoor, tokenFrom, type Door, type Loose } from './testing.ts'

let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

const add = async (fault: Record<string, unknown>) => {
  const { status } = await door.control('POST', '/faults', fault)
  expect(status).toBe(200)
}
const inverters = () => door.devices('full', 'inverters')
const first = async (path: string): Promise<Loose> => (await door.api('GET', path)).body[0]

describe('a spoiled answer', () => {
  test('has numbers as text and text as numbers', async () => {
    const whole = await first(await inverters())
    await add({ kind: 'wrong_types', fields: ['household_consumption_w', 'price_zone', 'is_authenticated'] })
    const twisted = await first(await inverters())
    expect(twisted.household_consumption_w).toBe(String(whole.household_consumption_w))
    expect(twisted).toMatchObject({ price_zone: 5, is_authenticated: 'true' })
    expect(twisted.current_solar_production_w).toBe(whole.current_solar_production_w)
  })

  test('has words that no enum has, everywhere', async () => {
    await add({ kind: 'unknown_enums', share: 1 })
    const twisted = await first(await door.devices('full', 'electric-vehicles'))
    expect(twisted.boost_state).toMatch(/_x9$/)
    expect(twisted.connection_status).toBe('ok_x9')
    expect(twisted.device_model.manufacturer).toBe('Volkswagen')
  })

  test('misses fields, has null for them, or has more', async () => {
    await add({ kind: 'missing_fields', fields: ['battery_level', 'owner'], count: 1 })
    await add({ kind: 'null_fields', fields: ['battery_level', 'owner'], count: 1 })
    await add({ kind: 'extra_fields', count: 1 })
    const path = await door.devices('full', 'electric-vehicles')
    const missing = await first(path)
    expect(missing).not.toHaveProperty('battery_level')
    expect(missing).not.toHaveProperty('owner')
    expect(await first(path)).toMatchObject({ battery_level: null, owner: null })
    expect(await first(path)).toMatchObject({ x_internal: {}, owner: { x_internal: {} } })
  })

  test('by chance hits some fields and never an id, the same in every run', async () => {
    await add({ kind: 'null_fields', share: 0.5 })
    const whole = await first(await inverters())
    const nulls = Object.values(whole).filter((value) => value === null).length
    expect(nulls).toBeGreaterThan(10)
    expect(nulls).toBeLessThan(0.8 * Object.keys(whole).length)
    expect(whole.id).toEqual(expect.any(String))
    const other = await openDoor()
    await other.control('POST', '/faults', { kind: 'null_fields', share: 0.5 })
    expect((await other.api('GET', await inverters())).body[0]).toEqual(whole)
    await other.close()
  })

  test('has sentinels for moments', async () => {
    await add({ kind: 'sentinel_dates', fields: ['current_state_last_updated_at'] })
    expect((await first(await inverters())).current_state_last_updated_at).toBe('0001-01-01T00:00:00Z')
  })

  test('comes from a service whose clock is wrong', async () => {
    const right = await first(await inverters())
    await add({ kind: 'clock_skew', seconds: 7200 })
    const { body, headers } = await door.api('GET', await inverters())
    expect(headers.get('date')).toBe(new Date(noon.getTime() + 7_200_000).toUTCString())
    expect(Date.parse(body[0].current_state_last_updated_at)).toBe(
      Date.parse(right.current_state_last_updated_at) + 7_200_000,
    )
  })
})

describe('a spoiled list', () => {
  const ids = async () =>
    (await door.api('GET', await door.devices('many', 'inverters'))).body.map((d: Loose) => d.id)

  test('repeats itself', async () => {
    const [a, b, c] = await ids()
    await add({ kind: 'repeated_list' })
    expect(await ids()).toEqual([a, a, b, b, c, c])
  })

  test('comes in another order', async () => {
    const before = await ids()
    await add({ kind: 'reordered_list' })
    const orders = [await ids(), await ids(), await ids(), await ids(), await ids()]
    for (const order of orders) expect([...order].sort()).toEqual([...before].sort())
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1)
  })

  test('shrinks', async () => {
    await add({ kind: 'shrinking_list' })
    const lengths = []
    for (let i = 0; i < 5; i++) lengths.push((await ids()).length)
    expect(lengths).toEqual([2, 1, 0, 3, 2])
  })
})

describe('a limit', () => {
  const raw = async () =>
    fetch(`${door.url}/api/partners/v2.0${await inverters()}`, {
      headers: { authorization: `Bearer ${await tokenFrom(door.url)}` },
    })

  test('says when to come back, or does not', async () => {
    await add({ kind: 'rate_limit', retry_after_s: 9, count: 1, match: { type: 'inverters' } })
    await add({ kind: 'rate_limit', count: 1, match: { type: 'inverters' } })
    const told = await raw()
    expect([told.status, told.headers.get('retry-after')]).toEqual([429, '9'])
    const silent = await raw()
    expect([silent.status, silent.headers.get('retry-after')]).toEqual([429, null])
    expect((await raw()).status).toBe(200)
  })

  test('strikes one endpoint and leaves its neighbours', async () => {
    await add({ kind: 'status', status: 500, match: { endpoint: '/inverters/{device_id}' } })
    const path = await inverters()
    const { body, status } = await door.api('GET', path)
    expect(status).toBe(200)
    expect((await door.api('GET', `${path}/${body[0].id}`)).status).toBe(500)
  })

  test.each([400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504])('can be %d', async (status) => {
    await add({ kind: 'status', status, count: 1, match: { type: 'inverters' } })
    expect((await raw()).status).toBe(status)
  })
})

test('a boost that starts may be stopped by the manufacturer', async () => {
  await door.control('POST', '/homes/full/devices/electric-vehicles', {
    plugged_in: true,
    level: 30,
    charge_plan: 'wait',
  })
  await add({ kind: 'boost_drop', after_s: 300 })
  expect((await door.api('POST', `${await door.path('full', 'electric-vehicles')}/boost`)).status).toBe(204)
  const states: string[] = []
  for (let i = 0; i < 12; i++) {
    const { boost_state } = await door.device('full', 'electric-vehicles')
    if (states.at(-1) !== boost_state) states.push(boost_state)
    door.clock.advance(60)
  }
  expect(states).toEqual(['requested', 'ongoing', 'available'])
})

test('a secret may end before anybody can use it', async () => {
  await add({ kind: 'secret_expire', count: 1, match: { endpoint: '/electric-vehicles/{device_id}' } })
  const link = async () =>
    (await door.device('reconnect', 'electric-vehicles')).actions[0].resolution_link.url.slice(
      `${door.url}/api/partners/v2.0`.length,
    )
  const urls = { successUrl: 'https://a.example/', cancelUrl: 'https://b.example/' }
  expect((await door.api('POST', await link(), urls)).status).toBe(403)
  expect((await door.api('POST', await link(), urls)).status).toBe(200)
})
