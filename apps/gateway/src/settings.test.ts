import type {
  AuditTrail,
  ChargePlanAnswer,
  ChargingConfigAnswer,
  DeviceType,
  Reading,
} from '@homewatt/contract'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'

let house: House
let person: Person
beforeEach(async () => {
  house = await openHouse()
  person = await house.signIn('full')
})
afterEach(() => house.close())

const put = async (type: DeviceType, body: unknown) =>
  person.send('PUT', `/api/devices/${type}/${await person.deviceId(type)}`, body)
const outcomeOf = async (answer: Response) => ((await answer.json()) as { outcome?: string }).outcome
const readingOf = async (type: DeviceType) =>
  (await person.home()).groups[type].devices[0] as unknown as Readonly<Record<string, unknown>>
/** What the simulator itself has. */
const truthOf = async (type: DeviceType) =>
  (await house.control('GET', `/homes/full/devices/${type}`)) as Readonly<Record<string, unknown>>
const writes = async () => Object.keys(await house.counts()).filter((route) => route.startsWith('PUT'))

test.each<[DeviceType, Record<string, unknown>]>([
  ['heat-pumps', { is_smart_optimization_active: false, optimization_level: 'Max' }],
  [
    'electric-vehicles',
    { is_charge_policy_enabled: true, charge_deadline_at: '06:30', minimum_charge_limit: 60 },
  ],
  ['inverters', { min_battery_charge: 25, max_battery_charge: 92 }],
  ['wallboxes', { is_smart_optimization_active: false }],
])('settings of %s are saved, and shown at once and from then on', async (type, change) => {
  const stream = await person.stream()
  expect(await outcomeOf(await put(type, change))).toBe('saved')
  expect(await truthOf(type)).toMatchObject(change)
  expect(await readingOf(type)).toMatchObject(change)
  // The other tab hears of it too.
  const pushed = stream.events.findLast(({ event }) => event === 'change')?.data ?? ''
  for (const [name, value] of Object.entries(change))
    expect(pushed).toContain(`"${name}":${JSON.stringify(value)}`)
  await house.time.advance(90_000)
  expect(await readingOf(type)).toMatchObject(change)
})

test.each<[DeviceType, unknown, Record<string, unknown>]>([
  ['heat-pumps', {}, { body: undefined }],
  ['heat-pumps', { optimization_level: 'Min' }, { optimization_level: undefined }],
  ['heat-pumps', { owner: 'me' }, { owner: undefined }],
  ['electric-vehicles', { charge_deadline_at: '25:00' }, { charge_deadline_at: undefined }],
  ['electric-vehicles', { minimum_charge_limit: 101 }, { minimum_charge_limit: undefined }],
  ['electric-vehicles', { charge_target_max: 90 }, { charge_target_max: undefined }],
  ['wallboxes', { charge_target_max: 90 }, { charge_target_max: undefined }],
  [
    'electric-vehicles',
    { is_charge_policy_enabled: true, charge_deadline_at: null },
    { charge_deadline_at: 'needed' },
  ],
  ['inverters', { min_battery_charge: 80, max_battery_charge: 70 }, { min_battery_charge: 'above_upper' }],
  [
    'inverters',
    { is_battery_connected: true, battery_capacity_kwh: null },
    { battery_capacity_kwh: 'needed' },
  ],
])('to %s, %o is refused where it is wrong, and nothing is sent upward', async (type, body, codes) => {
  await person.home()
  await house.control('DELETE', '/requests')
  const answer = await put(type, body)
  expect(answer.status).toBe(422)
  const { error } = (await answer.json()) as { error: { fields: object; codes?: Record<string, string> } }
  expect(Object.keys(error.fields)).toEqual(Object.keys(codes))
  for (const [field, code] of Object.entries(codes)) expect(error.codes?.[field]).toBe(code)
  expect(await writes()).toEqual([])
})

test('a target above the limit set at the manufacturer is refused', async () => {
  await house.control('POST', '/homes/full/devices/electric-vehicles', { set: { charge_target_max: 80 } })
  const answer = await put('electric-vehicles', { minimum_charge_limit: 90 })
  expect(await answer.json()).toMatchObject({ error: { codes: { minimum_charge_limit: 'above_limit' } } })
})

test('what the Partner API refuses is told at its field, and the old value stays', async () => {
  const before = await readingOf('inverters')
  const body = { detail: [{ type: 'value_error', loc: ['body', 'min_battery_charge'], msg: '<b>no</b>' }] }
  await house.fault({ kind: 'status', status: 422, body, match: { method: 'PUT' }, count: 1 })
  const answer = await put('inverters', { min_battery_charge: 25 })
  expect(answer.status).toBe(422)
  const text = await answer.text()
  expect(text).toContain('min_battery_charge')
  expect(text).not.toContain('<b>')
  expect((await readingOf('inverters'))['min_battery_charge']).toBe(before['min_battery_charge'])
})

test('a partner that cannot be reached has taken nothing, and says so', async () => {
  await person.home()
  await house.killPartner()
  expect((await put('inverters', { min_battery_charge: 25 })).status).toBe(503)
  await house.revivePartner()
})

test('every write is in the audit trail, with what was asked and how it ended', async () => {
  await put('inverters', { min_battery_charge: 25 })
  const { entries } = (await (await person.get('/api/audit')).json()) as AuditTrail
  expect(entries[0]).toMatchObject({
    command: 'settings',
    type: 'inverters',
    asked: { min_battery_charge: 25 },
    outcome: 'saved',
    is_own: true,
  })
})

test('200 writes with lost answers, carried out or not: what is said and shown is the truth', async () => {
  const kinds = ['lost', 'reset', 'none'] as const
  await person.home()
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 10, max: 60 }),
      fc.constantFrom(...kinds),
      fc.integer({ min: 1, max: 2 }),
      async (level, kind, count) => {
        if (kind !== 'none') await house.fault({ kind, match: { method: 'PUT' }, count })
        const before = (await truthOf('electric-vehicles'))['minimum_charge_limit']
        const outcome = await outcomeOf(await put('electric-vehicles', { minimum_charge_limit: level }))
        const truth = (await truthOf('electric-vehicles'))['minimum_charge_limit']
        expect([level, before]).toContain(truth)
        if (outcome === 'saved') expect(truth).toBe(level)
        else expect(outcome).toBe('unconfirmed')
        if (truth === level) expect(outcome).toBe('saved')
        await house.control('DELETE', '/faults')
        // Past the limits on how often commands may be given.
        await house.time.advance(61_000)
        expect((await readingOf('electric-vehicles'))['minimum_charge_limit']).toBe(truth)
      },
    ),
    { numRuns: 200 },
  )
}, 120_000)

test('a wallbox that tells its deadline as a moment has a time of day, also when its answer is lost', async () => {
  await house.control('POST', '/homes/full', { wallbox_deadline: 'date_time' })
  expect(await outcomeOf(await put('wallboxes', { charge_deadline_at: '06:15' }))).toBe('saved')
  await house.fault({ kind: 'lost', match: { method: 'PUT' }, count: 1 })
  const wish = { charge_deadline_at: '05:45', minimum_charge_limit: 65 }
  expect(await outcomeOf(await put('wallboxes', wish))).toBe('saved')
  expect(await truthOf('wallboxes')).toMatchObject(wish)
  await house.time.advance(61_000)
  await person.send('POST', '/api/refresh')
  expect(await readingOf('wallboxes')).toMatchObject(wish)
})

describe('the weekly plan', () => {
  async function limitedTo(percent: number) {
    const id = await person.deviceId('electric-vehicles')
    await house.control('POST', `/homes/full/devices/${id}`, { set: { charge_target_max: percent } })
    await house.time.advance(5_000)
    await person.send('POST', '/api/refresh')
  }
  const path = async () =>
    `/api/devices/electric-vehicles/${await person.deviceId('electric-vehicles')}/charge-policy`
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))
  const day = fc.option(
    fc.record({ charge_percentage: fc.integer({ min: 0, max: 100 }), charge_deadline: time }),
  )
  const week = fc.record({
    mon: day,
    tue: day,
    wed: day,
    thu: day,
    fri: day,
    sat: day,
    sun: day,
    timezone: fc.constantFrom('Europe/Berlin', 'Europe/Lisbon', 'Europe/Bucharest', 'UTC'),
  })

  test('500 plans go up and come back as they were written', async () => {
    await limitedTo(100)
    const at = await path()
    await fc.assert(
      fc.asyncProperty(week, async (plan) => {
        expect(await outcomeOf(await person.send('PUT', at, plan))).toBe('saved')
        expect(((await (await person.get(at)).json()) as ChargePlanAnswer).policy).toEqual(plan)
        await house.time.advance(10_000)
      }),
      { numRuns: 500 },
    )
  }, 120_000)

  test('no day of it asks for more than the limit set at the manufacturer', async () => {
    await limitedTo(80)
    const day = (charge_percentage: number) => ({ charge_percentage, charge_deadline: '07:00' })
    const plan = { mon: day(80), tue: day(81), wed: null, thu: null, fri: null, sat: null, sun: day(100) }
    const refused = await person.send('PUT', await path(), { ...plan, timezone: 'Europe/Berlin' })
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({
      error: { codes: { tue: 'above_limit', sun: 'above_limit' } },
    })
    expect(await writes()).toEqual([])
  })

  test.each([
    ['a day is missing', { mon: null, timezone: 'Europe/Berlin' }],
    [
      'the zone is none',
      { mon: null, tue: null, wed: null, thu: null, fri: null, sat: null, sun: null, timezone: 'Mars' },
    ],
  ])('is refused when %s', async (_, plan) => {
    expect((await person.send('PUT', await path(), plan)).status).toBe(422)
    expect(await writes()).toEqual([])
  })
})

describe('charging of the whole home', () => {
  const config = async () =>
    ((await (await person.get('/api/charging-config')).json()) as ChargingConfigAnswer).config

  test('a mode that is available is taken, and every charger follows', async () => {
    await person.stream()
    expect(await outcomeOf(await person.send('PUT', '/api/charging-config', { mode: 'none' }))).toBe('saved')
    expect((await config()).mode).toBe('none')
    await house.time.advance(5_000)
    const vehicle = (await readingOf('electric-vehicles')) as unknown as Reading
    expect(vehicle.is_smart_optimization_active).toBe(false)
  })

  test('a locked mode and thresholds below a device’s band are refused before anything is sent', async () => {
    person = await house.signIn('car')
    expect((await config()).available_modes).not.toContain('hems')
    const locked = await person.send('PUT', '/api/charging-config', { mode: 'hems' })
    expect(await locked.json()).toMatchObject({ error: { codes: { mode: 'locked' } } })
    person = await house.signIn('full')
    const { devices, hems_stop_threshold_w } = await config()
    expect(Math.max(...devices.map(({ min_band_w }) => min_band_w ?? 0))).toBeGreaterThan(1)
    const tight = await person.send('PUT', '/api/charging-config', {
      hems_start_threshold_w: (hems_stop_threshold_w ?? 0) + 1,
    })
    expect(await tight.json()).toMatchObject({ error: { codes: { hems_start_threshold_w: 'band' } } })
    expect(await writes()).toEqual([])
  })
})
