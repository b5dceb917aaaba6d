import { describe, expect, test } from 'vitest'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demo } from './oauth.ts'
import { loadPrices } from './price-file.ts'
import { createMarket } from './prices.ts'
import { openDoor, stoppedClock, type Door, type Loose } from './testing.ts'

const winter = new Date('2026-01-12T10:00:00Z')
const summer = new Date('2026-06-15T10:00:00Z')

async function withDoor<T>(start: Date, use: (door: Door) => Promise<T>, more: object = {}): Promise<T> {
  const door = await openDoor({ clock: stoppedClock(start), ...more })
  try {
    return await use(door)
  } finally {
    await door.close()
  }
}

const user = async (door: Door, home: string) => (await door.devices(home, '')).replace(/\/$/, '')

async function rows(door: Door, home: string, type: string, hours: number): Promise<Loose[]> {
  const now = door.clock.nowMs()
  const span = new URLSearchParams({
    from_datetime: new Date(now - hours * 3_600_000).toISOString(),
    to_datetime: new Date(now).toISOString(),
  })
  return (await door.api('GET', `${await door.path(home, type)}/data?${span}`)).body.data
}

const order = ['min', 'low', 'mid', 'max']

describe('a heat pump', () => {
  test.each([
    ['Max', 'max'],
    ['Mid', 'mid'],
    ['Low', 'low'],
  ])('on level %s follows the price and never goes beyond %s', (level, ceiling) =>
    withDoor(winter, async (door) => {
      await door.api('PUT', await door.path('full', 'heat-pumps'), { optimization_level: level })
      door.clock.advance(26 * 3600)
      const day = (await rows(door, 'full', 'heat-pumps', 24)) as { price: number; current_mode: string }[]
      const modes = day.map(({ current_mode }) => order.indexOf(current_mode))
      expect(Math.max(...modes)).toBe(order.indexOf(ceiling))
      expect(Math.min(...modes)).toBe(0)
      const mean = (mode: number) => {
        const prices = day.filter((_, i) => modes[i] === mode).map(({ price }) => price)
        return prices.reduce((sum, price) => sum + price, 0) / prices.length
      }
      expect(mean(0)).toBeGreaterThan(mean(order.indexOf(ceiling)))
    }),
  )

  test('that is not optimised is its own twin, watt by watt', () =>
    withDoor(winter, async (door) => {
      const path = await door.path('heat', 'heat-pumps')
      await door.api('PUT', path, { is_smart_optimization_active: false })
      // Until the house has forgotten that it was optimised this morning.
      door.clock.advance(30 * 86_400)
      const week = await rows(door, 'heat', 'heat-pumps', 7 * 24)
      const sum = (name: string) => week.reduce((total, row) => total + row[name], 0)
      expect(Math.abs(sum('estimated_consumption') / sum('unoptimized_consumption') - 1)).toBeLessThan(0.01)
    }))
})

describe('a car', () => {
  test('has what its weekly policy promises, when it promises it', () =>
    withDoor(winter, async (door) => {
      const path = await door.path('car', 'electric-vehicles')
      const day = { charge_percentage: 64, charge_deadline: '05:15' }
      const answer = await door.api('PUT', `${path}/charge-policy`, {
        mon: null,
        tue: day,
        wed: { ...day, charge_percentage: 78 },
        thu: null,
        fri: null,
        sat: null,
        sun: null,
        timezone: 'Europe/Brussels',
      })
      expect(answer.status).toBe(200)
      await door.control('POST', '/homes/car/devices/electric-vehicles', { plugged_in: true, level: 40 })
      // Tuesday half past five, in Brussels; the diary would let it leave only at seven.
      door.clock.advance((18 * 60 + 31) * 60)
      const { battery_level } = await door.device('car', 'electric-vehicles')
      expect(battery_level).toBeGreaterThanOrEqual(63)
      expect(battery_level).toBeLessThanOrEqual(65)
    }))

  test('waits for cheap hours: it pays less than one that charges at once', () =>
    withDoor(winter, async (door) => {
      door.clock.advance(14 * 86_400)
      const days = await rows(door, 'car', 'electric-vehicles', 14 * 24)
      const paid = (name: string) =>
        days.reduce((sum, row) => sum + row[name] * row.price, 0) /
        days.reduce((sum, row) => sum + row[name], 0)
      expect(paid('estimated_consumption')).toBeLessThan(0.8 * paid('unoptimized_consumption'))
    }))

  test('that charges by the sun alone starts and stops at the thresholds', () =>
    withDoor(summer, async (door) => {
      const config = `${await user(door, 'full')}/charging-config`
      await door.api('PUT', await door.path('full', 'electric-vehicles'), { is_charge_policy_enabled: false })
      const change = { mode: 'hems', hems_start_threshold_w: 3000, hems_stop_threshold_w: 1600 }
      expect((await door.api('PUT', config, change)).status).toBe(200)
      let charged = 0
      for (let hour = 0; hour < 40; hour++) {
        await door.control('POST', '/homes/full/devices/electric-vehicles', { plugged_in: true, level: 30 })
        for (let minute = 0; minute < 60; minute += 5) {
          door.clock.advance(300)
          const home = door.world.homeNamed('full', door.clock.nowMs())
          const device = home?.devices.find(({ type }) => type === 'inverters')
          const site = home && device && door.world.siteOf(home, device)
          if (!site || site.minute % 5 !== 0) continue
          const surplusW = site.flows.solarW - site.flows.peopleW - site.flows.heatPumpW
          if (site.flows.carW > 0) {
            charged++
            expect(surplusW).toBeGreaterThanOrEqual(1600)
            expect(site.flows.carW).toBeLessThanOrEqual(surplusW)
          } else expect(surplusW).toBeLessThan(3000)
        }
      }
      expect(charged).toBeGreaterThan(20)
    }))
})

describe('day-ahead trading', () => {
  const forecast = (date: string, eur: (quarter: number) => number) => ({
    date,
    prices: Array.from({ length: 96 }, (_, i) => ({
      timestamp: new Date(Date.parse(`${date}T00:00:00Z`) + i * 900_000).toISOString().replace('.000Z', 'Z'),
      price_eur_mwh: eur(i),
    })),
  })
  const base = '/organizations/trading/dayahead'

  test('from forecast to confirmation: cheap hours draw load, a rejected trade leaves the day unoptimised', () =>
    withDoor(new Date('2026-01-12T08:00:00Z'), async (door) => {
      const date = '2026-01-13'
      const sent = await door.api(
        'POST',
        `${base}/prices`,
        forecast(date, (i) => (i < 16 ? -50 : 180 + i)),
      )
      expect(sent.body).toEqual({ state: 'accepted', next_calculation_ready_at: '2026-01-12T09:30:00.000Z' })
      expect((await door.api('GET', `${base}/load-curves?date=${date}`)).status).toBe(404)
      door.clock.advance(2 * 3600)
      const { body: curves } = await door.api('GET', `${base}/load-curves?date=${date}`)
      expect(curves.curves.optimized).toHaveLength(96)
      const night = (name: string) =>
        curves.curves[name].slice(0, 16).reduce((sum: number, step: Loose) => sum + step.energy_wh, 0)
      expect(night('optimized')).toBeGreaterThan(1.2 * night('unoptimized'))
      expect(curves.expiration).toBe('2026-01-12T22:30:00.000Z')

      const { body: zones } = await door.api('GET', `${base}/load-curves/by-price-zone?date=${date}`)
      const sum = zones.reduce((total: number, zone: Loose) => total + zone.curves.optimized[0].energy_wh, 0)
      expect(sum).toBeCloseTo(curves.curves.optimized[0].energy_wh, 0)

      const trade_id = curves.trade_id as string
      const confirm = (accepted: boolean) =>
        door.api('POST', `${base}/load-curve-confirmation`, { trade_id, accepted })
      expect((await confirm(true)).status).toBe(200)
      expect((await confirm(false)).status).toBe(200)
      door.clock.advance(40 * 3600)
      const home = door.world.homeNamed('full', door.clock.nowMs())
      expect(home).not.toBeNull()
      const modes = (await rows(door, 'full', 'heat-pumps', 30)) as { time: string; current_mode: string }[]
      expect(modes.filter(({ time }) => time.startsWith(date)).length).toBeGreaterThan(90)
      expect((await confirm(true)).status).toBe(422)
    }))

  test.each([
    ['yesterday', forecast('2026-01-11', () => 50)],
    ['95 quarter-hours', { date: '2026-01-14', prices: forecast('2026-01-14', () => 50).prices.slice(1) }],
    ['another day', { date: '2026-01-15', prices: forecast('2026-01-14', () => 50).prices }],
    ['the wrong order', { date: '2026-01-14', prices: forecast('2026-01-14', () => 50).prices.reverse() }],
  ])('refuses a forecast of %s', (_, body) =>
    withDoor(winter, async (door) => {
      expect((await door.api('POST', `${base}/prices`, body)).status).toBe(422)
    }),
  )

  test('knows no other trade', () =>
    withDoor(winter, async (door) => {
      const body = { trade_id: demo.orgId, accepted: true }
      expect((await door.api('POST', `${base}/load-curve-confirmation`, body)).status).toBe(404)
    }))
})

describe('prices', () => {
  test('are published for tomorrow at 13:00 by the clock of the market', () => {
    const market = createMarket(1)
    const until = (now: string) =>
      new Date((market.lastPublished(Date.parse(now) / 60_000) + 1) * 900_000).toISOString()
    expect(until('2026-03-27T11:59:00Z')).toBe('2026-03-27T23:00:00.000Z')
    expect(until('2026-03-27T12:00:00Z')).toBe('2026-03-28T23:00:00.000Z')
    // The last Sunday of March has 23 hours.
    expect(until('2026-03-28T12:00:00Z')).toBe('2026-03-29T22:00:00.000Z')
  })

  test('of the generated market have evening peaks and, in summer, hours below zero', () => {
    const market = createMarket(1)
    const first = Date.parse('2026-01-01T00:00:00Z') / 900_000
    const year = Array.from({ length: 365 * 96 }, (_, i) => market.eurPerMwh('DE_LU', first + i))
    const mean = (from: number, to: number) => {
      const some = year.filter((_, i) => i % 96 >= from * 4 && i % 96 < to * 4)
      return some.reduce((sum, price) => sum + price, 0) / some.length
    }
    expect(mean(17, 20)).toBeGreaterThan(1.3 * mean(1, 4))
    expect(mean(17, 20)).toBeGreaterThan(1.5 * mean(11, 13))
    const negative = year.filter((price) => price < 0).length / 4
    expect(negative).toBeGreaterThan(50)
    expect(negative).toBeLessThan(900)
  })

  const recorded = new URL('../../../../shared/data/day-ahead-de-2024/2024-hour-price.csv', import.meta.url)
    .pathname

  test.skipIf(!existsSync(recorded))(
    'of a file go before the generated ones, doubled hour and all',
    async () => {
      const market = createMarket(1, await loadPrices(recorded))
      const at = (time: string) => market.eurPerMwh('DE_LU', Date.parse(time) / 900_000)
      expect(at('2024-10-27T00:15:00Z')).toBeCloseTo(82.23)
      expect(at('2024-10-27T01:45:00Z')).toBeCloseTo(80.43)
      expect(at('2024-06-26T04:00:00Z')).not.toBe(at('2024-06-25T04:00:00Z'))
      // Two years on, by whole weeks.
      expect(at('2026-01-12T10:00:00Z')).toBe(at('2024-01-15T10:00:00Z'))
    },
  )

  test.each([
    ['nothing of the kind', 'a,b\n1,2\n', 'has no columns'],
    ['words', 'time,price_eur_mwh\n2026-01-01T00:00:00Z,cheap\n', 'Line 2'],
    ['times without a zone', 'time,price_eur_mwh\n2026-01-01T00:00:00,5\n', 'Line 2'],
    ['steps back', 'time,price_eur_mwh\n2026-01-01T01:00:00Z,5\n2026-01-01T00:00:00Z,5\n', 'Line 3'],
    ['no lines', 'time,price_eur_mwh\n', 'has no prices'],
  ])('of a file with %s are refused in a sentence', async (_, text, sentence) => {
    const file = join(await mkdtemp(join(tmpdir(), 'prices-')), 'prices.csv')
    await writeFile(file, text)
    await expect(loadPrices(file)).rejects.toThrow(sentence)
  })
})
