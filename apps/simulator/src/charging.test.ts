import { ChargePolicyAnswer, ChargingConfig } from '@homewatt/contract'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDoor, type Door, type Loose } from './testing.ts'

let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

describe('the weekly charge policy', () => {
  const policy = async () => `${await door.path('car', 'electric-vehicles')}/charge-policy`
  const week = {
    mon: { charge_percentage: 80, charge_deadline: '07:00' },
    tue: { charge_percentage: 60, charge_deadline: '06:30' },
    wed: null,
    thu: null,
    fri: null,
    sat: { charge_percentage: 90, charge_deadline: '10:00' },
    sun: null,
    timezone: 'Europe/Brussels',
  }

  test("says the vehicle's own deadline for every day until one is written", async () => {
    const { body } = await door.api('GET', await policy())
    const { data } = v.parse(ChargePolicyAnswer, body)
    expect(data.mon).toEqual({ charge_percentage: 70, charge_deadline: '07:00' })
    expect(data.sun).toEqual(data.mon)
    expect(data.timezone).toBe('Europe/Brussels')

    const pin = (set: object) =>
      door.control('POST', '/homes/car/devices/electric-vehicles', { set }) as Promise<unknown>
    const monday = async () =>
      v.parse(ChargePolicyAnswer, (await door.api('GET', await policy())).body).data.mon
    await pin({ minimum_charge_limit: 75, charge_deadline_at: '06:45' })
    expect(await monday()).toEqual({ charge_percentage: 75, charge_deadline: '06:45' })
    await pin({ charge_deadline_at: 'soon' })
    expect(await monday()).toEqual(data.mon)
  })

  test('is kept as written, and the vehicle says when', async () => {
    const path = await policy()
    door.clock.advance(5)
    const { status, body } = await door.api('PUT', path, week)
    expect(status).toBe(200)
    expect(body.data).toEqual(week)
    expect((await door.api('GET', path)).body).toEqual(body)
    const vehicle = await door.device('car', 'electric-vehicles')
    expect(vehicle.charge_policy_last_updated_at).toBe(new Date(door.clock.nowMs()).toISOString())
    expect(vehicle).not.toHaveProperty('weeklyPolicy')
  })

  test.each([
    ['a percentage above a hundred', { mon: { charge_percentage: 120, charge_deadline: '07:00' } }, 'mon'],
    ['a time that is none', { tue: { charge_percentage: 50, charge_deadline: '25:00' } }, 'tue'],
    ['an unknown time zone', { timezone: 'Europe/Atlantis' }, 'timezone'],
  ])('refuses %s, and stays', async (_, change, field) => {
    const path = await policy()
    const before = (await door.api('GET', path)).body
    const { status, body } = await door.api('PUT', path, { ...week, ...change })
    expect(status).toBe(422)
    expect(body.detail[0].loc.slice(0, 2)).toEqual(['body', field])
    expect((await door.api('GET', path)).body).toEqual(before)
  })
})

describe('the charging configuration', () => {
  const config = (home: string) => door.devices(home, 'charging-config')
  const read = async (home: string): Promise<Loose> => (await door.api('GET', await config(home))).body
  const reasons = async (home: string, mode: string) =>
    (await read(home)).locked_modes.find((m: Loose) => m.mode === mode)?.reasons ?? []
  const move = (home: string, type: string, body: unknown) =>
    door.control('POST', `/homes/${home}/devices/${type}`, body)

  test('offers everything where there is everything', async () => {
    const body = v.parse(ChargingConfig, await read('full'))
    expect(body.available_modes).toEqual(['none', 'spot', 'hems', 'hems_and_spot'])
    expect(body.locked_modes).toEqual([])
    expect(body.devices).toHaveLength(2)
  })

  test('locks with every documented reason', async () => {
    expect(await reasons('empty', 'spot')).toEqual(['no_ev'])
    expect(await reasons('car', 'hems')).toEqual(['no_inverter'])
    expect(await reasons('car', 'spot')).toEqual([])

    await move('car', 'electric-vehicles', { omit: ['battery_capacity_kwh'] })
    expect(await reasons('car', 'spot')).toEqual(['no_battery_capacity'])

    expect(await reasons('reconnect', 'hems')).toEqual(['no_actuator'])

    await move('full', 'inverters', { set: { current_power_to_grid_w: null } })
    expect(await reasons('full', 'hems')).toEqual(['inverter_no_export_data'])
    expect(await reasons('full', 'hems_and_spot')).toEqual(['inverter_no_export_data'])
    await move('full', 'inverters', { clear: true })

    await move('full', 'electric-vehicles', { deleted: true })
    await move('full', 'wallboxes', { modulates: false })
    expect(await reasons('full', 'hems')).toEqual(['wallbox_not_modulating'])
    expect((await read('full')).available_modes).toEqual(['none', 'spot'])
  })

  test('changes what is named, on every charging device at once', async () => {
    const path = await config('full')
    const before = await read('full')
    const { status, body } = await door.api('PUT', path, { mode: 'hems' })
    expect(status).toBe(200)
    expect(body).toEqual({ ...before, mode: 'hems' })
    await door.api('PUT', path, { mode: 'none' })
    for (const type of ['electric-vehicles', 'wallboxes'])
      expect((await door.device('full', type)).is_smart_optimization_active).toBe(false)
    await door.api('PUT', path, { hems_start_threshold_w: 2500, hems_stop_threshold_w: 900, mode: 'spot' })
    expect(await read('full')).toMatchObject({
      mode: 'spot',
      hems_start_threshold_w: 2500,
      hems_stop_threshold_w: 900,
    })
    for (const type of ['electric-vehicles', 'wallboxes'])
      expect((await door.device('full', type)).is_smart_optimization_active).toBe(true)
  })

  test.each([
    ['a mode that is locked', 'car', { mode: 'hems' }],
    ['an unknown mode', 'full', { mode: 'turbo' }],
    ['a threshold below zero', 'full', { hems_stop_threshold_w: -1 }],
    ['a threshold beyond 50 kW', 'full', { hems_start_threshold_w: 50_001 }],
    [
      'a band narrower than a device can hold',
      'full',
      { hems_start_threshold_w: 1500, hems_stop_threshold_w: 1200 },
    ],
  ])('refuses %s, and nothing changes', async (_, home, change) => {
    const before = await read(home)
    expect((await door.api('PUT', await config(home), change)).status).toBe(422)
    expect(await read(home)).toEqual(before)
  })

  test('names each device whose band is too narrow', async () => {
    const { devices } = await read('full')
    const widest = Math.max(...devices.map((d: Loose) => d.min_band_w))
    const { body } = await door.api('PUT', await config('full'), {
      hems_start_threshold_w: 1000 + widest - 1,
      hems_stop_threshold_w: 1000,
    })
    expect(body.detail).toHaveLength(1)
    expect(body.detail[0].msg).toContain(devices.find((d: Loose) => d.min_band_w === widest).id)
  })
})
