import type { PartnerClient } from '@homewatt/client'
import type { HomePrices } from '@homewatt/contract'
import { centsPerKwh, hourPrice } from '@homewatt/display'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { demoClient } from './demo-client.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, webBuild } from './page.test-support.ts'

/** It is noon of a Sunday in Berlin. */
let house: House
let person: Person
/** Somebody else with the same account. */
let elsewhere: PartnerClient
beforeEach(async () => {
  house = await openHouse({ webBuild })
  person = await house.signIn('full')
  elsewhere = demoClient(house.partnerUrl)
})
afterEach(async () => {
  await elsewhere.close()
  await house.close()
})

const HOUR_MS = 3_600_000
const from = Date.parse('2026-06-20T22:00:00Z')
const prices = async (of = person) => ((await (await of.get('/api/prices')).json()) as HomePrices).prices
const asked = () => house.sent.filter(({ route }) => route.endsWith('/electric-vehicles/{}/data')).length
const failing = { kind: 'status', status: 500, match: { path: '/data' } }

test('are those of the partner, of each hour of today', async () => {
  const homes = (await house.control('GET', '/homes')) as { name: string; user_id: string }[]
  const userId = homes.find(({ name }) => name === 'full')?.user_id ?? ''
  const { value } = await elsewhere.vehicleSeries(userId, await person.deviceId('electric-vehicles'), {
    fromMs: from,
    toMs: from + 24 * HOUR_MS,
    resolution: '15MIN',
    keywords: ['price'],
  })
  const meanOf = (hour: number) => {
    const quarters = value.data.filter(({ time }) => Math.floor((Date.parse(time) - from) / HOUR_MS) === hour)
    expect(quarters).toHaveLength(4)
    return quarters.reduce((sum, { price }) => sum + (price ?? Number.NaN), 0) / 4
  }
  const said = await prices()
  expect(said).toMatchObject({ unit: 'EUR/MWh', from: '2026-06-20T22:00:00.000Z' })
  expect(said?.hours).toHaveLength(24)
  for (const [hour, { at, price }] of (said?.hours ?? []).entries()) {
    expect(Date.parse(at)).toBe(from + hour * HOUR_MS)
    expect(price).toBeCloseTo(meanOf(hour), 0)
  }
})

test('are asked for once an hour however many look, and again on the next day', async () => {
  await Promise.all([prices(), prices(), prices()])
  await prices()
  expect(asked()).toBe(1)
  await house.time.advance(HOUR_MS + 1000)
  await Promise.all([prices(), prices()])
  expect(asked()).toBe(2)
  await house.time.advance(11 * HOUR_MS)
  expect(await prices()).toMatchObject({ from: '2026-06-21T22:00:00.000Z' })
})

test('are not known in a home without a vehicle, and nobody is asked', async () => {
  expect(await prices(await house.signIn('solar'))).toBeNull()
  expect(asked()).toBe(0)
})

test('are not known while the partner does not tell, and are again five minutes later', async () => {
  await house.fault({ ...failing, count: 1 })
  expect(await prices()).toBeNull()
  await house.time.advance(60_000)
  expect(await prices()).toBeNull()
  expect(asked()).toBe(1)
  await house.time.advance(5 * 60_000)
  expect((await prices())?.hours).toHaveLength(24)
})

test('stand on the pages of devices that are steered, in words and against the day', async () => {
  const day = await prices()
  const hour = day && hourPrice(day, new Date(house.time.wallMs()))
  if (!hour) throw new Error('No price of the hour.')
  const said = {
    low: ['Power is cheap until 13:00', 'Strom ist bis 13:00 Uhr günstig'],
    usual: [
      'Power is neither cheap nor dear until 13:00',
      'Strom ist bis 13:00 Uhr weder günstig noch teuer',
    ],
    high: ['Power is dear until 13:00', 'Strom ist bis 13:00 Uhr teuer'],
    same: ['Power costs the same all day today', 'Strom kostet heute den ganzen Tag gleich viel'],
  }[hour.standing]
  const cents = (price: number, language: string) =>
    (centsPerKwh(price, 'EUR/MWh') ?? Number.NaN)
      .toLocaleString(language, {
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
      })
      .replace('-', '−')
  const value = (language: string) => `${cents(hour.price, language)} ct/kWh`
  const phrases = {
    en: [`${said[0]}: ${value('en')}`, 'Your contract may differ.'],
    de: [`${said[1]}: ${value('de')}`, 'Dein Vertrag kann abweichen.'],
  }
  for (const type of ['electric-vehicles', 'heat-pumps', 'inverters', 'wallboxes'] as const)
    await expectShown(house, person, phrases, `/${type}/${await person.deviceId(type)}`)
})

test('are left out of the page of a device that nobody steers, and where they are not known', async () => {
  const path = `/electric-vehicles/${await person.deviceId('electric-vehicles')}`
  const says = async () => (await pageOf(house, person, path)).text.includes('ct/kWh')
  expect(await says()).toBe(true)
  await person.send('PUT', `/api/devices${path}`, { is_smart_optimization_active: false })
  expect(await says()).toBe(false)
  const other = await house.signIn('car')
  await house.fault(failing)
  const page = await pageOf(house, other, `/electric-vehicles/${await other.deviceId('electric-vehicles')}`)
  expect(page.status).toBe(200)
  expect(page.text).not.toContain('ct/kWh')
})
