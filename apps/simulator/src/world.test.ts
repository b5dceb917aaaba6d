import { deviceTypes } from '@homewatt/contract'
import { describe, expect, test } from 'vitest'
import { namedHomes } from './homes/cast.ts'
import { openDoor, type Door, type Loose } from './testing.ts'

const winter = new Date('2026-01-12T00:00:00Z')
const summer = new Date('2026-07-06T00:00:00Z')

/** Everything the homes say at this moment. */
async function everything(door: Door): Promise<string> {
  const answers: unknown[] = []
  for (const { name } of door.world.heads())
    for (const type of deviceTypes) answers.push((await door.api('GET', await door.devices(name, type))).body)
  return JSON.stringify(answers)
}

async function withDoor<T>(
  options: Parameters<typeof openDoor>[0],
  use: (door: Door) => Promise<T>,
): Promise<T> {
  const door = await openDoor(options)
  try {
    return await use(door)
  } finally {
    await door.close()
  }
}

describe('two runs', () => {
  const run = (seed: number) =>
    withDoor({ seed, homes: 10 }, async (door) => {
      door.clock.advance(5 * 3600)
      return everything(door)
    })

  test('of one seed say the same, to the byte', async () => {
    expect(await run(3)).toBe(await run(3))
  })

  test('of different seeds differ, but for ids', async () => {
    const [a, b] = [await run(3), await run(4)]
    expect(a).not.toBe(b)
    const ids = (text: string) =>
      (JSON.parse(text) as { id: string }[][]).slice(0, 32).map((list) => list.map(({ id }) => id))
    expect(ids(a)).toEqual(ids(b))
  })
})

test('pushing the clock by a day is the same as living through it', async () => {
  const live = (steps: number) =>
    withDoor({ start: winter }, async (door) => {
      await door.control('POST', '/homes/car/devices/electric-vehicles', {
        plugged_in: true,
        level: 50,
        charge_plan: 'wait',
      })
      await door.api('POST', `${await door.path('car', 'electric-vehicles')}/boost`)
      for (let step = 0; step < steps; step++) {
        door.clock.advance(86_400 / steps)
        for (const { name } of door.world.heads()) door.world.homeNamed(name, door.clock.nowMs())
      }
      return everything(door)
    })
  expect(await live(1)).toBe(await live(2880))
})

/** What all devices of a home report in a week, every reading once. */
function week(door: Door, home: string): Map<string, Record<string, Loose>[]> {
  const readings = new Map<string, Record<string, Loose>[]>()
  const last = new Map<string, number | null>()
  for (let minute = 0; minute < 7 * 1440; minute++) {
    door.clock.advance(60)
    for (const device of door.world.homeNamed(home, door.clock.nowMs())?.devices ?? []) {
      if (last.get(device.id) === device.readAtMs) continue
      last.set(device.id, device.readAtMs)
      const list = readings.get(device.type) ?? []
      list.push({ ...device.reading, ...device.settings, id: device.id, atMs: device.readAtMs })
      readings.set(device.type, list)
    }
  }
  return readings
}

const homesWithDevices = namedHomes.filter((name) => name !== 'empty')

describe.each([
  ['January', winter],
  ['July', summer],
])('in a week of %s', (season, start) => {
  test.each(homesWithDevices)('the home %s keeps to physics', (name) =>
    withDoor({ start }, async (door) => {
      const readings = week(door, name)
      for (const r of readings.get('inverters') ?? []) {
        expect(r.current_solar_production_w + r.battery_charge_discharge_power_w).toBe(
          r.household_consumption_w + r.current_power_to_grid_w,
        )
        expect(r.current_solar_production_w).toBeGreaterThanOrEqual(0)
        expect(r.current_solar_production_w).toBeLessThanOrEqual(r.solar_power_rating_kw * 1000)
        expect(r.household_consumption_w).toBeGreaterThan(0)
        expect(r.solar_surplus_w).toBe(r.current_solar_production_w - r.household_consumption_w)
        for (const value of Object.values(r))
          if (typeof value === 'number') expect(Object.is(value, -0)).toBe(false)
        if (!r.is_battery_connected) {
          expect(r.battery_charge_level_percent).toBeNull()
          expect(r.battery_charge_discharge_power_w).toBe(0)
          continue
        }
        expect(r.battery_charge_level_percent).toBeGreaterThanOrEqual(r.min_battery_charge)
        expect(r.battery_charge_level_percent).toBeLessThanOrEqual(r.max_battery_charge)
      }
      for (const r of readings.get('heat-pumps') ?? []) {
        expect(r.current_power_consumption_w).toBeGreaterThan(0)
        expect(r.current_power_consumption_w).toBeLessThan(8000)
        expect(r.dhw_temperature).toBeGreaterThan(30)
        expect(r.dhw_temperature).toBeLessThan(62)
        expect(r.outlet_temperature).toBeGreaterThanOrEqual(r.inlet_temperature)
        expect(r.outlet_temperature).toBeLessThan(65)
        if (r.indoor_actual_temperature !== null) {
          expect(r.indoor_actual_temperature).toBeGreaterThan(18.5)
          expect(r.indoor_actual_temperature).toBeLessThan(28)
        }
      }
      for (const r of readings.get('electric-vehicles') ?? []) {
        expect(r.battery_level).toBeGreaterThanOrEqual(5)
        expect(r.battery_level).toBeLessThanOrEqual(100)
        expect(r.charge_rate_w > 0).toBe(r.is_charging)
        if (r.is_charging) expect(r.is_plugged_in).toBe(true)
        if (r.is_charging) expect(r.charge_rate_w).toBeLessThanOrEqual(11_000)
      }
    }),
  )

  test('the car leaves, comes back, waits, charges and gets full', () =>
    withDoor({ start }, async (door) => {
      const reports = week(door, 'car').get('electric-vehicles') ?? []
      const seen = (what: (r: Record<string, Loose>) => boolean) => expect(reports.some(what)).toBe(true)
      seen((r) => !r.is_plugged_in)
      seen((r) => r.is_plugged_in && !r.is_charging && !r.is_fully_charged)
      seen((r) => r.is_charging)
      seen((r) => r.is_fully_charged && r.battery_level === r.charge_target_max)
    }))

  test('devices report every 5 to 15 minutes, each in its own rhythm', () =>
    withDoor({ start }, async (door) => {
      const readings = week(door, 'full')
      const periods = ['heat-pumps', 'inverters'].map((type) => {
        const times = (readings.get(type) ?? []).map((r) => r.atMs as number)
        const gaps = times.slice(1).map((t, i) => (t - (times[i] ?? 0)) / 60_000)
        expect(Math.min(...gaps)).toBeGreaterThan(3)
        expect(Math.max(...gaps)).toBeLessThan(20)
        return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
      })
      expect(periods[0]).not.toBeCloseTo(periods[1] ?? 0, 1)
      for (const period of periods) {
        expect(period).toBeGreaterThanOrEqual(5)
        expect(period).toBeLessThanOrEqual(15)
      }
    }))

  test(`the sun shines as it does in ${season}`, () =>
    withDoor({ start }, async (door) => {
      const production = (week(door, 'solar-only').get('inverters') ?? []).map((r) => ({
        hour: new Date(r.atMs as number).getUTCHours(),
        w: r.current_solar_production_w as number,
        kw: r.solar_power_rating_kw as number,
      }))
      expect(production.filter(({ hour }) => hour >= 22 || hour < 2).every(({ w }) => w === 0)).toBe(true)
      const meanW = production.reduce((sum, { w }) => sum + w, 0) / production.length
      const kwhPerKwpAndDay = (meanW * 24) / 1000 / (production[0]?.kw ?? 0)
      if (start === summer) expect(kwhPerKwpAndDay).toBeGreaterThan(2.5)
      if (start === winter) expect(kwhPerKwpAndDay).toBeLessThan(2.2)
      expect(kwhPerKwpAndDay).toBeLessThan(8)
      expect(kwhPerKwpAndDay).toBeGreaterThan(0.1)
    }))
})

test('a heat pump works harder in winter than in summer', async () => {
  const meanW = (start: Date) =>
    withDoor({ start }, async (door) => {
      const reports = week(door, 'heat').get('heat-pumps') ?? []
      return reports.reduce((sum, r) => sum + (r.current_power_consumption_w as number), 0) / reports.length
    })
  expect(await meanW(winter)).toBeGreaterThan(3 * (await meanW(summer)))
})
