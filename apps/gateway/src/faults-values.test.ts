import type { DeviceType, HomeSnapshot, Reading } from '@homewatt/contract'
import { afterEach, beforeEach, expect } from 'vitest'
import { faultRow } from './fault-row.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, webBuild } from './page.test-support.ts'

/** Answers that arrive whole and say something that cannot be, or nothing. */

let house: House
beforeEach(async () => {
  house = await openHouse({ webBuild, history: { keptMonths: 25, roundMs: 900_000 } })
})
afterEach(() => house.close())

const minutes = (n: number) => n * 60_000

/** Somebody who looks at `full`, and the page of their device of this type. */
async function lookAt(type: DeviceType): Promise<{ person: Person; id: string; path: string }> {
  const person = await house.signIn('full')
  const id = await person.deviceId(type)
  await person.stream()
  return { person, id, path: `/${type}/${id}` }
}

/** Lets the next lists come in. */
const settle = () => house.time.advance(35_000)

async function deviceOf(person: Person, type: DeviceType): Promise<Reading & Record<string, unknown>> {
  const [device] = (await person.home()).groups[type].devices
  if (!device) throw new Error(`No ${type}.`)
  return device as Reading & Record<string, unknown>
}

const pin = (type: DeviceType, change: Record<string, unknown>) =>
  house.control('POST', `/homes/full/devices/${type}`, change)

const times = (needle: string) => house.logged().split(needle).length - 1

async function keptOf(person: Person, type: DeviceType, id: string): Promise<Record<string, unknown>> {
  const answer = await person.get(
    `/api/history?from=2026-06-01T00:00:00Z&to=2026-07-01T00:00:00Z&type=${type}&id=${id}`,
  )
  expect(answer.status).toBe(200)
  return (await answer.json()) as Record<string, unknown>
}

faultRow('F23', async ({ row, sees, does, never }) => {
  const { person, path } = await lookAt('heat-pumps')
  await pin('heat-pumps', { set: { dhw_temperature: '12abc', is_smart_optimization_active: 1 } })
  await settle()
  await sees(() => expectShown(house, person, row.sees, path))
  await settle()
  await does(async () => {
    expect(times('"event":"field_not_believed","type":"heat-pumps","kind":"dhw_temperature"')).toBe(1)
    const inverter = (await house.control('GET', '/homes/full/devices/inverters')) as Record<string, unknown>
    await house.fault({
      kind: 'status',
      status: 200,
      body: [{ ...inverter, id: 'no-uuid' }, { owner: null }],
      match: { home: 'full', type: 'inverters' },
      count: 1,
    })
    await settle()
    expect(house.logged()).toContain('devices_dropped')
    expect(house.counted.field).toBeGreaterThanOrEqual(2)
    expect(house.counted.device_without_id).toBe(2)
    expect((await person.home()).groups.inverters.devices).toHaveLength(1)
  })
  await never(async () => {
    const device = await deviceOf(person, 'heat-pumps')
    expect(device['dhw_temperature']).toBeNull()
    expect(device.is_smart_optimization_active).toBeNull()
    expect(house.logged()).not.toContain('12abc')
  })
})

faultRow('F24', async ({ row, sees, does, never }) => {
  const { person, path } = await lookAt('heat-pumps')
  await pin('heat-pumps', { set: { current_mode: 'turbo', is_smart_optimization_active: true } })
  await house.time.advance(minutes(30))
  await person.stream()
  await house.time.advance(minutes(20))
  await sees(() => expectShown(house, person, row.sees, path))
  await does(() => {
    expect(times('"event":"field_not_believed","type":"heat-pumps","kind":"current_mode"')).toBe(1)
  })
  await never(async () => {
    const { text } = await pageOf(house, person, path)
    for (const level of ['Comfort', 'ECO', 'turbo']) expect(text).not.toContain(level)
  })
})

faultRow('F25', async ({ row, sees, does, never }) => {
  const { person, path } = await lookAt('electric-vehicles')
  await pin('electric-vehicles', { set: { boost_state: 'paused_by_grid' } })
  await settle()
  await sees(() => expectShown(house, person, row.sees, path))
  await house.control('DELETE', '/requests')
  await house.time.advance(minutes(2))
  await does(async () => {
    const counts = await house.counts()
    expect(
      counts['GET /api/partners/v2.0/org/{org_id}/users/{user_id}/electric-vehicles'],
    ).toBeLessThanOrEqual(5)
  })
  await never(async () => {
    expect((await pageOf(house, person, path)).signs).toContain('Charge Now (off)')
    const alone = 'GET /api/partners/v2.0/org/{org_id}/users/{user_id}/electric-vehicles/{device_id}'
    expect((await house.counts())[alone] ?? 0).toBe(0)
  })
})

faultRow('F26', async ({ row, sees, does, never }) => {
  const { person, path } = await lookAt('electric-vehicles')
  await pin('electric-vehicles', { omit: ['is_plugged_in', 'battery_level'] })
  await settle()
  await sees(() => expectShown(house, person, row.sees, path))
  await does(async () => {
    const device = await deviceOf(person, 'electric-vehicles')
    expect(device).toMatchObject({ is_plugged_in: null, battery_level: null })
  })
  await never(async () => {
    const { text } = await pageOf(house, person, path)
    expect(text).not.toContain('Unplugged')
    expect(text).not.toMatch(/\b0 %/)
  })
})

faultRow('F27', async ({ sees, does, never }) => {
  const { person } = await lookAt('inverters')
  await settle()
  const { signs } = await pageOf(house, person)
  await house.fault({ kind: 'extra_fields' })
  await settle()
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
  await does(async () => {
    for (const { problem } of Object.values((await person.home()).groups)) expect(problem).toBeNull()
  })
  await never(async () => {
    const answer = await (await person.get('/api/home')).text()
    expect(answer).not.toMatch(/x_internal|not for you/)
    expect(house.logged()).not.toContain('group_failed')
  })
})

faultRow('F28', async ({ row, sees, does, never }) => {
  const { person, id, path } = await lookAt('heat-pumps')
  const blanks = {
    dhw_temperature: null,
    indoor_actual_temperature: null,
    current_power_consumption_w: null,
  }
  await pin('heat-pumps', { set: blanks })
  await settle()
  await sees(async () => {
    await expectShown(house, person, row.sees, path)
    // No sensor, no tile.
    expect((await pageOf(house, person, path)).text).not.toContain('Indoors')
  })
  await does(async () => {
    await house.time.advance(5_000)
    const kept = await keptOf(person, 'heat-pumps', id)
    const last = Object.entries(kept).flatMap(([name, values]) =>
      name === 'dhw_temperature' && Array.isArray(values) ? [values.at(-1) as unknown] : [],
    )
    expect(JSON.stringify(kept)).toContain('null')
    for (const value of last) expect(value).toBeNull()
  })
  await never(async () => {
    const { text } = await pageOf(house, person, path)
    expect(text).not.toMatch(/(^|\s)0 (W|°C|kWh)/)
  })
})

faultRow('F29', async ({ row, sees, does, never }) => {
  const { person, path } = await lookAt('electric-vehicles')
  await pin('electric-vehicles', { set: { battery_level: 140 } })
  await pin('heat-pumps', { set: { dhw_temperature: -300 } })
  await settle()
  await sees(() => expectShown(house, person, row.sees, path))
  const inverter = (await house.control('GET', '/homes/full/devices/inverters')) as Record<string, unknown>
  const body = JSON.stringify([{ ...inverter, current_solar_production_w: 'HUGE' }]).replace(
    '"HUGE"',
    '1e999',
  )
  await house.fault({
    kind: 'status',
    status: 200,
    body,
    match: { home: 'full', type: 'inverters' },
    count: 1,
  })
  await settle()
  await does(async () => {
    expect(await deviceOf(person, 'electric-vehicles')).toMatchObject({ battery_level: null })
    expect(await deviceOf(person, 'heat-pumps')).toMatchObject({ dhw_temperature: null })
    const answer = await (await person.get('/api/home')).text()
    expect(answer).not.toMatch(/1e\+?999|Infinity|NaN/)
    await house.fault({ kind: 'invalid_json', match: { home: 'full', type: 'inverters' } })
    await settle()
    expect((await person.home()).groups.inverters.problem?.kind).toBe('invalid_answer')
  })
  await never(async () => {
    for (const page of [path, '/', `/heat-pumps/${await person.deviceId('heat-pumps')}`]) {
      const { text } = await pageOf(house, person, page)
      expect(text).not.toMatch(/NaN|∞|140 %|300/)
    }
  })
})

faultRow('F30', async ({ row, sees, does, never }) => {
  const { person, path } = await lookAt('heat-pumps')
  for (const sentinel of ['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '0001-01-01T00:00:00']) {
    await pin('heat-pumps', { set: { current_state_last_updated_at: sentinel } })
    await settle()
    await sees(() => expectShown(house, person, row.sees, path))
    await does(async () =>
      expect((await deviceOf(person, 'heat-pumps')).current_state_last_updated_at).toBeNull(),
    )
    await never(async () => {
      const { text } = await pageOf(house, person, path)
      expect(text).not.toMatch(/years|\b0001\b|1970|days ago/)
    })
  }
})

faultRow('F31', async ({ row, sees, does, never }) => {
  const { person, path } = await lookAt('heat-pumps')
  const ahead = (ms: number) => new Date(house.time.wallMs() + ms).toISOString()
  await pin('heat-pumps', { set: { current_state_last_updated_at: ahead(minutes(4)) } })
  await settle()
  await sees(async () => expect((await pageOf(house, person, path)).text).toContain('Updated just now'))
  await pin('heat-pumps', {
    set: { current_state_last_updated_at: ahead(minutes(120)), dhw_temperature: 51.5 },
  })
  await settle()
  await sees(() => expectShown(house, person, row.sees, path))
  await never(async () => {
    expect((await pageOf(house, person, path)).text).not.toMatch(/[-−]\d+ (min|h)/)
    // What is newer by our own order comes through, although its time lies behind the one before, and is no replica's.
    await pin('heat-pumps', { unset: ['current_state_last_updated_at'], set: { dhw_temperature: 52.5 } })
    await house.time.advance(minutes(3))
    expect((await deviceOf(person, 'heat-pumps'))['dhw_temperature']).toBe(52.5)
  })
  await does(async () => {
    await house.fault({ kind: 'clock_skew', seconds: 3_600 })
    await house.time.advance(minutes(2))
    const { at } = (await person.home()) satisfies HomeSnapshot
    expect(Math.abs(Date.parse(at) - house.time.wallMs() - 3_600_000)).toBeLessThan(2_000)
    expect((await pageOf(house, person, path)).text).toMatch(/Updated (just now|\d+ min ago)/)
  })
})

faultRow('F32', async ({ sees, does, never }) => {
  const { person } = await lookAt('heat-pumps')
  const at = (ms: number) => new Date(house.time.wallMs() + ms).toISOString()
  await pin('heat-pumps', { set: { dhw_temperature: 50.5, current_state_last_updated_at: at(0) } })
  await settle()
  const { signs } = await pageOf(house, person)
  const temperature = async () => (await deviceOf(person, 'heat-pumps'))['dhw_temperature']
  await pin('heat-pumps', { set: { dhw_temperature: 40.5, current_state_last_updated_at: at(-minutes(10)) } })
  await settle()
  await never(async () => expect(await temperature()).toBe(50.5))
  await settle()
  await never(async () => expect(await temperature()).toBe(50.5))
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
  await house.time.advance(minutes(2))
  await does(async () => expect(await temperature()).toBe(40.5))
})

faultRow('F33', async ({ sees, does, never }) => {
  const { person } = await lookAt('inverters')
  await settle()
  const { signs } = await pageOf(house, person)
  await house.fault({ kind: 'repeated_list' })
  await settle()
  await settle()
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
  await does(() => {
    expect(times('"event":"devices_repeated","type":"inverters"')).toBe(1)
    expect(house.counted.device_repeated).toBeGreaterThan(1)
  })
  await never(async () => {
    for (const { devices } of Object.values((await person.home()).groups)) expect(devices).toHaveLength(1)
  })
})

faultRow('F34', async ({ sees, does, never }) => {
  const { person, id } = await lookAt('inverters')
  for (const type of ['heat-pumps', 'electric-vehicles', 'inverters', 'wallboxes'] as const)
    await pin(type, { freeze: true })
  const stream = await person.stream()
  await settle()
  await house.time.advance(2_000)
  const changes = stream.events.filter(({ event }) => event === 'change').length
  const rows = JSON.stringify(await keptOf(person, 'inverters', id))
  const { signs } = await pageOf(house, person)
  await house.time.advance(minutes(3))
  await does(async () => {
    expect(stream.events.filter(({ event }) => event === 'change')).toHaveLength(changes)
    expect(JSON.stringify(await keptOf(person, 'inverters', id))).toBe(rows)
  })
  await never(() => expect(stream.events.filter(({ event }) => event === 'snapshot')).toHaveLength(1))
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
})
