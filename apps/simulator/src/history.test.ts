import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demo } from './oauth.ts'
import { openDoor, stoppedClock, tokenFrom, type Door, type Loose } from './testing.ts'

/** In the evening, when a year of everything lies behind the homes. */
const evening = new Date('2026-11-04T17:30:00Z')
const DAY_MS = 86_400_000

let door: Door
beforeAll(async () => {
  door = await openDoor({ clock: stoppedClock(evening), homes: 12 })
})
afterAll(() => door.close())

const get = async (path: string, query: Record<string, string> = {}): Promise<Loose> => {
  const { status, body } = await door.api('GET', `${path}?${new URLSearchParams(query)}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}
const data = async (home: string, type: string, query: Record<string, string>): Promise<Loose[]> =>
  (await get(`${await door.path(home, type)}/data`, query)).data
const buckets = async (home: string, type: string, query: Record<string, string>): Promise<Loose[]> =>
  (await get(`${await door.path(home, type)}/savings`, query)).data

const sum = (list: Loose[], value: (entry: Loose) => number) => list.reduce((all, one) => all + value(one), 0)

describe('days when clocks change', () => {
  // [home, its zone's offset before, the local days]: Berlin, Brussels and Bucharest change at different local hours.
  test.each([
    ['full', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00', 23],
    ['full', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00', 25],
    ['full', '2026-05-10T00:00:00+02:00', '2026-05-11T00:00:00+02:00', 24],
    ['home-9', '2026-03-29T00:00:00+02:00', '2026-03-30T00:00:00+03:00', 23],
    ['home-9', '2026-10-25T00:00:00+03:00', '2026-10-26T00:00:00+02:00', 25],
    ['heat', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00', 23],
    ['heat', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00', 25],
  ])('%s from %s has its hours', async (home, from_datetime, to_datetime, hours) => {
    const span = { from_datetime, to_datetime }
    for (const { type } of (door.world.homeNamed(home, evening.getTime())?.devices ?? []).filter(
      (device) => device.type !== 'wallboxes',
    )) {
      expect(await data(home, type, span)).toHaveLength(hours * 4)
      expect(await data(home, type, { ...span, resolution: '1HOUR' })).toHaveLength(hours)
      expect(await data(home, type, { ...span, resolution: '1DAY' })).toHaveLength(1)
      expect(
        await buckets(home, type, { from: from_datetime, to: to_datetime, resolution: '1DAY' }),
      ).toHaveLength(1)
    }
  })

  test('steps begin at local midnight all year round', async () => {
    const days = await data('full', 'inverters', {
      from_datetime: '2025-11-10T00:00:00+01:00',
      to_datetime: '2026-11-01T00:00:00+01:00',
      resolution: '1DAY',
      keywords: 'solar_production_w',
    })
    expect(days).toHaveLength(356)
    const hour = (time: string) =>
      new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' }).format(
        new Date(time),
      )
    expect(days.every(({ time }) => hour(time) === '00:00')).toBe(true)
  })
})

describe('savings', () => {
  const year = { from: '2025-11-10', to: '2026-11-01' }

  test.each(['heat-pumps', 'electric-vehicles', 'inverters'])(
    'of %s add up in every resolution',
    async (type) => {
      const total = async (resolution: string) => {
        const list = await buckets('full', type, { ...year, resolution })
        return [
          sum(list, (bucket) => bucket.savings.total),
          sum(list, (bucket) => bucket.consumption.total),
          sum(list, (bucket) => bucket.electric_vehicle?.charge_session_count ?? 0),
        ]
      }
      const [eur = 0, wh = 0, sessions = 0] = await total('1YEAR')
      expect(eur).toBeGreaterThan(0)
      for (const resolution of ['1DAY', '1WEEK', '1MONTH', '1QUARTER']) {
        const [ofParts = 0, whOfParts = 0, sessionsOfParts] = await total(resolution)
        expect(ofParts).toBeCloseTo(eur, 3)
        expect(Math.abs(whOfParts - wh)).toBeLessThan(20)
        expect(sessionsOfParts).toBe(sessions)
      }
    },
  )

  test('agree with the series of the same device', async () => {
    const span = { from_datetime: '2026-02-01', to_datetime: '2026-03-01' }
    const rows = await data('full', 'heat-pumps', span)
    const [month] = await buckets('full', 'heat-pumps', { from: '2026-02-01', to: '2026-03-01' })
    expect(Math.abs(sum(rows, (row) => row.estimated_consumption) - month.consumption.total)).toBeLessThan(
      150,
    )
  })

  test('of the organisation are those of its devices', async () => {
    const span = { from: '2026-10-01T00:00:00Z', to: '2026-10-08T00:00:00Z' }
    const organisation = await get(`/org/${demo.orgId}/devices/savings`, {
      start_datetime: span.from,
      end_datetime: span.to,
    })
    const parts: Record<string, number> = { 'heat-pumps': 0, 'electric-vehicles': 0, inverters: 0 }
    for (const { name } of door.world.heads())
      for (const type of Object.keys(parts))
        for (const { id } of await get(await door.devices(name, type))) {
          const list = (
            await get(`${await door.devices(name, type)}/${id}/savings`, { ...span, resolution: '1YEAR' })
          ).data
          parts[type] = (parts[type] ?? 0) + sum(list, (bucket) => bucket.savings.total)
        }
    expect(organisation.heat_pump_savings).toBeCloseTo(parts['heat-pumps'] ?? 0, 3)
    expect(organisation.electric_vehicle_savings).toBeCloseTo(parts['electric-vehicles'] ?? 0, 3)
    expect(organisation.inverter_savings).toBeCloseTo(parts['inverters'] ?? 0, 3)
    expect(organisation.total_savings).toBeCloseTo(
      organisation.heat_pump_savings + organisation.electric_vehicle_savings + organisation.inverter_savings,
      3,
    )
  })

  test('of the organisation are counted while others are answered', async () => {
    const fresh = await openDoor({ clock: stoppedClock(evening) })
    try {
      const span = 'start_datetime=2026-02-01&end_datetime=2026-04-01'
      const counted = fresh.api('GET', `/org/${demo.orgId}/devices/savings?${span}`)
      /** How far that request is; the log has no status of it until it is answered. */
      const progress = async () => {
        const { log } = (await fresh.control('GET', '/requests')).body
        return log.find(({ route }: Loose) => route.endsWith('/devices/savings'))?.status
      }
      while ((await progress()) === undefined);
      expect((await fresh.api('GET', `/org/${demo.orgId}/users`)).body).toHaveLength(8)
      expect((await fresh.api('GET', await fresh.devices('full', 'inverters'))).body).toHaveLength(1)
      expect(await progress()).toBeNull()
      expect((await counted).status).toBe(200)
    } finally {
      await fresh.close()
    }
  })

  test('and statistics are the same figures', async () => {
    const path = await door.path('full', 'heat-pumps')
    const { data: months } = await get(`${path}/statistics`, {
      resolution: '1MONTH,1YEAR',
      keywords: 'savings',
    })
    expect(new Set(months.map((bucket: Loose) => bucket.resolution))).toEqual(new Set(['1MONTH', '1YEAR']))
    expect(months.every((bucket: Loose) => bucket.consumption === undefined)).toBe(true)
    const of = (resolution: string) =>
      sum(
        months.filter((bucket: Loose) => bucket.resolution === resolution),
        (bucket) => bucket.savings.total,
      )
    expect(of('1MONTH')).toBeCloseTo(of('1YEAR'), 3)
  })
})

describe('a series', () => {
  test('of an inverter balances in whole watts and never shows the sun at night', async () => {
    const rows = await data('full', 'inverters', { from_datetime: '2026-07-06', to_datetime: '2026-07-13' })
    expect(rows).toHaveLength(7 * 96)
    for (const row of rows) {
      expect(row.solar_production_w + row.battery_charge_discharge_power_w).toBe(
        row.household_consumption_w + row.export_power_to_grid_w,
      )
      expect(row.solar_production_w).toBeGreaterThanOrEqual(0)
      expect(row.battery_charge_level_percent).toBeGreaterThanOrEqual(15)
      expect(row.battery_charge_level_percent).toBeLessThanOrEqual(95)
    }
  })

  test('runs on without a seam from the past into what was lived through since the start', async () => {
    const midnight = Math.floor(evening.getTime() / DAY_MS) * DAY_MS
    const rows = await data('full', 'inverters', {
      from_datetime: new Date(midnight - 6 * 3_600_000).toISOString(),
      to_datetime: new Date(midnight + 6 * 3_600_000).toISOString(),
      keywords: 'battery_charge_level_percent',
    })
    expect(rows).toHaveLength(48)
    const steps = rows
      .slice(1)
      .map((row, i) => Math.abs(row.battery_charge_level_percent - rows[i].battery_charge_level_percent))
    expect(Math.max(...steps)).toBeLessThan(20)
  })

  test('goes on with prices only, as far as they are published', async () => {
    const rows = await data('car', 'electric-vehicles', {
      from_datetime: evening.toISOString(),
      to_datetime: new Date(evening.getTime() + 3 * DAY_MS).toISOString(),
    })
    // To the end of tomorrow by the market's clock.
    expect(rows.at(-1).time).toBe('2026-11-05T22:45:00.000Z')
    expect(rows.every((row) => typeof row.price === 'number' && row.battery_level === null)).toBe(true)
  })

  test('gives only the columns that were asked for, and nulls for gaps when told to', async () => {
    const path = `${await door.path('car', 'electric-vehicles')}/data`
    const span = { from_datetime: '2020-01-01', to_datetime: '2020-01-02' }
    expect((await get(path, { ...span, keywords: 'price,battery_level' })).data).toEqual([])
    const response = await fetch(
      `${door.url}/api/partners/v2.0${path}?${new URLSearchParams({ ...span, keywords: 'price' })}`,
      {
        headers: { authorization: `Bearer ${await tokenFrom(door.url)}`, 'fill-missing': 'true' },
      },
    )
    expect(((await response.json()) as Loose).data).toEqual([
      { time: '2019-12-31T23:00:00.000Z', price: null },
    ])
  })

  test.each([
    [{ from_datetime: 'yesterday' }, 'from_datetime'],
    [{ from_datetime: '2026-02-02', to_datetime: '2026-02-01' }, 'to_datetime'],
    [{ resolution: '2DAYS' }, 'resolution'],
    [{ keywords: 'price,weather' }, 'keywords'],
  ])('refuses %j', async (query, name) => {
    const path = await door.path('car', 'electric-vehicles')
    const { status, body } = await door.api(
      'GET',
      `${path}/data?${new URLSearchParams(query as Record<string, string>)}`,
    )
    expect(status).toBe(422)
    expect(body.detail[0].loc).toEqual(['query', name])
  })
})

describe('charging sessions', () => {
  const span = { from: '2026-02-01', to: '2026-02-28' }

  test('tell how the car was charged, newest first, page by page', async () => {
    const path = `${await door.path('car', 'electric-vehicles')}/sessions`
    const { total, items } = await get(path, { ...span, limit: '200' })
    expect(total).toBeGreaterThan(10)
    expect(items).toHaveLength(total)
    for (const [i, session] of items.entries()) {
      expect(Date.parse(session.unplug_time)).toBeGreaterThan(Date.parse(session.plug_in_time))
      expect(session.final_soc_pct).toBeGreaterThanOrEqual(session.initial_soc_pct)
      if (i > 0)
        expect(Date.parse(session.unplug_time)).toBeLessThanOrEqual(Date.parse(items[i - 1].plug_in_time))
    }
    expect(new Set(items.map(({ id }: Loose) => id)).size).toBe(total)
    const second = await get(path, { ...span, limit: '5', offset: '5' })
    expect(second).toEqual({ total, items: items.slice(5, 10) })
  })

  test('hold the energy of the series', async () => {
    const { items } = await get(`${await door.path('car', 'electric-vehicles')}/sessions`, {
      ...span,
      limit: '200',
    })
    for (const session of items.slice(0, 5)) {
      const rows = await data('car', 'electric-vehicles', {
        from_datetime: session.plug_in_time,
        to_datetime: session.unplug_time,
        keywords: 'estimated_consumption',
      })
      expect(sum(rows, (row) => row.estimated_consumption) / 1000).toBeCloseTo(session.energy_charged_kwh, 1)
    }
  })

  test('say which one runs, and null when none does', async () => {
    await door.control('POST', '/homes/car/devices/electric-vehicles', { plugged_in: true })
    door.clock.advance(120)
    const path = `${await door.path('car', 'electric-vehicles')}/sessions/current`
    expect((await get(path)).session).toMatchObject({ unplug_time: null, session_outcome: 'in_progress' })
    await door.control('POST', '/homes/car/devices/electric-vehicles', { plugged_in: false })
    door.clock.advance(120)
    expect((await get(path)).session).toBeNull()
  })

  test('by the sun are known to the wallbox, with decisions and commands', async () => {
    const path = `${await door.path('full', 'wallboxes')}/hems-sessions`
    const { total, items } = await get(path, { from: '2026-06-01', to: '2026-06-30', limit: '200' })
    expect(total).toBeGreaterThan(5)
    for (const session of items) {
      expect(Number.isInteger(session.id)).toBe(true)
      expect(session.commands_sent).toBe(session.commands_applied + session.commands_ineffective)
    }
    const detail = await get(`${path}/${items[0].id}`)
    expect(detail).toMatchObject(items[0])
    expect(detail.commands).toHaveLength(items[0].commands_sent)
    expect(detail.decisions[0].state).toBe('starting')
    expect((await door.api('GET', `${path}/17`)).status).toBe(404)
  })
})

describe('history', () => {
  const told = async (options: { seed: number; steps: number }) => {
    const other = await openDoor({
      clock: stoppedClock(new Date('2026-02-10T09:00:00Z')),
      seed: options.seed,
    })
    try {
      for (let step = 0; step < options.steps; step++) {
        other.clock.advance(DAY_MS / 1000 / options.steps)
        for (const { name } of other.world.heads()) other.world.homeNamed(name, other.clock.nowMs())
      }
      const answers: unknown[] = []
      const span = 'from_datetime=2026-01-20&to_datetime=2026-02-12'
      for (const type of ['heat-pumps', 'electric-vehicles', 'inverters']) {
        const path = await other.path('full', type)
        answers.push((await other.api('GET', `${path}/data?${span}`)).body)
        answers.push(
          (await other.api('GET', `${path}/savings?from=2026-01-20&to=2026-02-12&resolution=1DAY`)).body,
        )
      }
      const car = await other.path('full', 'electric-vehicles')
      answers.push((await other.api('GET', `${car}/sessions?from=2026-01-20&to=2026-02-12`)).body)
      const box = await other.path('full', 'wallboxes')
      answers.push((await other.api('GET', `${box}/hems-sessions?from=2026-01-20&to=2026-02-12`)).body)
      return JSON.stringify(answers)
    } finally {
      await other.close()
    }
  }

  test('is the same to the byte for one seed, whether time was pushed or lived through; another seed differs', async () => {
    const pushed = await told({ seed: 5, steps: 1 })
    expect(await told({ seed: 5, steps: 96 })).toBe(pushed)
    expect(await told({ seed: 6, steps: 1 })).not.toBe(pushed)
  })

  test('of a device that came today begins today', async () => {
    const home = door.world.homeNamed('empty', door.clock.nowMs())
    if (!home) throw new Error('No home empty')
    const newcomer = {
      type: 'inverters',
      manufacturer: 'SMA',
      model: 'X',
      year: null,
      buildingId: null,
      optimised: true,
      authenticated: true,
    } as const
    door.world.install(home, newcomer, door.clock.nowMs())
    door.clock.advance(3600)
    const rows = await data('empty', 'inverters', {
      from_datetime: '2026-11-01',
      to_datetime: '2026-11-06',
      keywords: 'solar_production_w',
    })
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.length).toBeLessThan(8)
  })
})
