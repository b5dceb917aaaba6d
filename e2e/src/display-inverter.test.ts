import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { exactly, plain, refreshUntil, valuesIn } from './screen.ts'
import { manyHomes } from './unused-homes.ts'
import { useBrowser, useStack, useUnusedHomes } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: manyHomes })
const browser = useBrowser()
const homes = useUnusedHomes(stack)

/** An inverter's wire fields: solar, home, battery (+ discharging), grid (+ exporting), and others. */
const wire = (solarW: unknown, homeW: unknown, batteryW: unknown, gridW: unknown, others: object = {}) => ({
  set: {
    current_solar_production_w: solarW,
    household_consumption_w: homeW,
    battery_charge_discharge_power_w: batteryW,
    current_power_to_grid_w: gridW,
    is_battery_connected: true,
    battery_charge_level_percent: 55,
    ...others,
  },
})

async function open(change: Record<string, unknown>): Promise<{ page: Page; home: string; id: string }> {
  const { home, id, path } = await homes.prepare('inverters', change)
  return { page: await visit(browser, stack, { home, path }), home, id }
}

/** The picture's twin: its flows by from and to. */
async function flowTable(page: Page): Promise<Record<string, string>> {
  await page.getByText('Show as a table').click()
  const rows = page.getByRole('table', { name: 'Power flow' }).locator('tbody').getByRole('row')
  const texts = await rows.evaluateAll((elements) =>
    elements.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText)),
  )
  return Object.fromEntries(texts.map(([from, to, power]) => [`${from} to ${to}`, plain(power ?? '')]))
}

describe('the flow picture', () => {
  test('charging and exporting: in words, with arrows, and without a sign', async () => {
    const { page } = await open(wire(6250, 960, -2790, 2500))
    expect(await valuesIn(page, 'Power flow')).toEqual({
      Solar: '6.3 kW',
      'To grid': '2.5 kW',
      Home: '1.0 kW',
      Battery: '2.8 kW Charging 55%',
    })
    expect(await page.getByRole('region', { name: 'Power flow' }).innerText()).not.toMatch(/[−-]\s*\d/)
    expect(await flowTable(page)).toEqual({
      'Solar to Home': '1.0 kW',
      'Battery to Home': '0 kW',
      'Grid to Home': '0 kW',
      'Solar to Battery': '2.8 kW',
      'Grid to Battery': '0 kW',
      'Solar to Grid': '2.5 kW',
      'Battery to Grid': '0 kW',
    })
    const arrowTo = (place: string) => page.locator(`[data-place="${place}"] .arrow`)
    for (const place of ['solar-home', 'solar-battery', 'solar-grid'])
      expect(await arrowTo(place).count(), place).toBe(1)
    for (const place of ['battery-home', 'grid-home', 'grid-battery'])
      expect(await arrowTo(place).count(), place).toBe(0)
  })

  test('discharging and importing: likewise', async () => {
    const { page } = await open(wire(120, 830, 500, -210))
    expect(await valuesIn(page, 'Power flow')).toEqual({
      Solar: '120 W',
      'From grid': '210 W',
      Home: '830 W',
      Battery: '500 W Discharging 55%',
    })
    expect(await page.getByRole('region', { name: 'Power flow' }).innerText()).not.toMatch(/[−-]\s*\d/)
    expect(await flowTable(page)).toMatchObject({
      'Solar to Home': '120 W',
      'Battery to Home': '500 W',
      'Grid to Home': '210 W',
      'Solar to Battery': '0 W',
    })
  })

  test('below 30 W nothing moves', async () => {
    const { page } = await open(wire(29, 400, -12, -400))
    expect(await valuesIn(page, 'Power flow')).toEqual({
      Solar: '0 W',
      'From grid': '400 W',
      Home: '400 W',
      Battery: '0 W Idle 55%',
    })
  })

  test.each([
    ['level null', null],
    ['level 0', 0],
  ])('without a battery there is no battery node (%s)', async (_, level) => {
    const { page } = await open(
      wire(700, 400, 0, 300, { is_battery_connected: false, battery_charge_level_percent: level }),
    )
    expect(await valuesIn(page, 'Power flow')).toEqual({ Solar: '700 W', 'To grid': '300 W', Home: '400 W' })
    expect(await page.getByText('Battery').count()).toBe(0)
  })

  test('a grid that is not measured is calculated and says so', async () => {
    const { page } = await open(wire(700, 400, 0, null))
    expect(await valuesIn(page, 'Power flow')).toMatchObject({ 'To grid': '300 W Calculated' })
  })

  test('two unknowns are not derived', async () => {
    const { page } = await open(wire(700, null, 0, null))
    expect(await valuesIn(page, 'Power flow')).toMatchObject({
      Solar: '700 W',
      Home: '– not reported',
      Grid: '– not reported',
    })
  })

  test('what does not balance is Unexplained, with its size, and smeared over nothing', async () => {
    // The Partner API's own sample.
    const { page } = await open(wire(6250, 950, -755, 2500))
    await page.getByText('Unexplained 2.0 kW').first().waitFor()
    expect(await valuesIn(page, 'Power flow')).toMatchObject({
      Solar: '6.3 kW',
      'To grid': '2.5 kW',
      Battery: expect.stringContaining('Charging') as string,
    })
    expect(await flowTable(page)).toMatchObject({
      'Solar to Grid': '2.5 kW',
      'Grid to Home': '0 kW',
      '– to Unexplained': '2.0 kW',
    })
    expect(await page.getByRole('main').innerText()).not.toMatch(/NaN|Infinity|undefined|null/)
  })

  test('has one unit, which does not flicker around 1 kW', async () => {
    const { page, home, id } = await open(wire(0, 950, 0, -950))
    expect(await valuesIn(page, 'Power flow')).toMatchObject({ Home: '950 W' })
    await stack.control('POST', `homes/${home}/devices/${id}`, wire(0, 1050, 0, -1050))
    await refreshUntil(page, page.getByRole('definition').filter({ hasText: exactly('1,050 W') }))
  })

  test('is summed up in a sentence', async () => {
    const { page } = await open(wire(3000, 1000, -500, 1500))
    await page
      .getByText(/^Your home runs on solar\. 0\.5\skW charges the battery, 1\.5\skW goes to the grid\.$/)
      .waitFor()
  })

  test('shows vehicle and heat pump inside the home, with their own age, never added', async () => {
    const { name: home } = homes.take('inverters', 'heat-pumps', 'electric-vehicles')
    await stack.control('POST', `homes/${home}/devices/inverters`, wire(0, 2000, 0, -2000))
    await stack.control('POST', `homes/${home}/devices/heat-pumps`, {
      set: { current_power_consumption_w: 1500 },
      reported_ago_s: 260,
    })
    await stack.control('POST', `homes/${home}/devices/electric-vehicles`, {
      set: { charge_rate_w: 0 },
      reported_ago_s: 560,
    })
    const page = await visit(browser, stack, { home })
    const children = page.getByRole('list', { name: 'Included in Home' }).getByRole('listitem')
    expect((await children.allInnerTexts()).map(plain)).toEqual([
      'Heat pump 1.5 kW 4 min ago',
      'Electric vehicle 0 W 9 min ago',
    ])
    await page
      .getByRole('definition')
      .filter({ hasText: exactly('2.0 kW') })
      .first()
      .waitFor()
  })
})

describe('readings of an inverter', () => {
  test('each has its label and its unit', async () => {
    const { page } = await open(
      wire(3000, 1000, -500, 1500, {
        solar_surplus_w: 1980,
        solar_power_rating_kw: 9.8,
        battery_capacity_kwh: 10.2,
        min_battery_charge: 15,
        max_battery_charge: 95,
        is_smart_optimization_active: true,
      }),
    )
    expect(await valuesIn(page, 'Readings')).toEqual({
      Surplus: '2.0 kW',
      'Battery level': '55%',
      'Battery capacity': '10.2 kWh',
      'Battery reserve': '15%',
      'Battery charge limit': '95%',
      'Peak solar power': '9.8 kW',
    })
    await page
      .getByRole('paragraph')
      .filter({ hasText: /^Optimizing$/ })
      .waitFor()
  })

  test('a surplus that is not reported is production less household use', async () => {
    const { page } = await open({
      ...wire(3000, 1000, 0, 2000),
      omit: ['solar_surplus_w'],
    })
    expect(await valuesIn(page, 'Readings')).toMatchObject({ Surplus: '2.0 kW' })
  })
})
