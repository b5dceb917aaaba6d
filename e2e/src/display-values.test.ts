import { describe, expect, test } from 'vitest'
import { says, valuesIn } from './screen.ts'
import { manyHomes } from './unused-homes.ts'
import { useBrowser, useStack, useUnusedHomes } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: manyHomes })
const browser = useBrowser()
const homes = useUnusedHomes(stack)

describe('the four blanks never look alike', () => {
  test('zero is 0 W, not reported is a dash with words, not supported is absent', async () => {
    const { home, path } = await homes.prepare('heat-pumps', {
      set: { current_power_consumption_w: 0, dhw_temperature: null, inlet_temperature: 'broken' },
      omit: ['outdoor_temperature', 'outlet_temperature'],
    })
    const page = await visit(browser, stack, { home, path })
    const readings = await valuesIn(page, 'Readings')
    expect(readings).toMatchObject({
      'Power draw': '0 W',
      'Hot water': '– not reported',
      Outdoors: '– not reported',
      Inlet: '– not reported',
    })
    expect(readings).not.toHaveProperty('Outlet')
    // The dash is for eyes only, the words for ears only.
    const blank = page.getByRole('definition').filter({ hasText: 'not reported' }).first()
    expect(await blank.ariaSnapshot()).toMatch(/definition: not reported$/)
    const words = await blank.getByText('not reported').boundingBox()
    expect(words?.width).toBeLessThanOrEqual(1)
  })

  test('not loaded yet is a skeleton', async () => {
    const { name: home } = homes.take('heat-pumps')
    await stack.control('POST', 'faults', {
      kind: 'status',
      status: 503,
      match: { home, type: 'heat-pumps' },
    })
    const page = await visit(browser, stack, { home })
    await page
      .getByRole('status')
      .filter({ hasText: 'Loading. The first values are on their way.' })
      .waitFor()
    expect(await page.getByText('not reported').count()).toBe(0)
    await stack.control('DELETE', 'faults')
  })
})

describe('numbers', () => {
  /** Sets one value of a heat pump and reads it from the screen. */
  async function seen(
    set: Record<string, unknown>,
    language: 'en' | 'de' = 'en',
    locale = 'en-GB',
  ): Promise<Record<string, string>> {
    const { home, path } = await homes.prepare('heat-pumps', { set })
    const page = await visit(browser, stack, { home, path, language, locale })
    return valuesIn(page, language === 'en' ? 'Readings' : 'Messwerte')
  }

  test('power is whole watts below 1,000 W and kilowatts with one decimal above', async () => {
    expect(await seen({ current_power_consumption_w: 999.4 })).toMatchObject({ 'Power draw': '999 W' })
    expect(await seen({ current_power_consumption_w: 999.6 })).toMatchObject({ 'Power draw': '1.0 kW' })
    expect(await seen({ current_power_consumption_w: 12_340 })).toMatchObject({ 'Power draw': '12.3 kW' })
  })

  test('temperatures have at most one decimal and a real minus, and no minus zero', async () => {
    expect(
      await seen({ outdoor_temperature: -7.26, dhw_temperature: 50, inlet_temperature: -0.02 }),
    ).toMatchObject({ Outdoors: '−7.3 °C', 'Hot water': '50 °C', Inlet: '0 °C' })
  })

  test('German writes them its own way', async () => {
    expect(
      await seen({ current_power_consumption_w: 1240, outdoor_temperature: -7.26 }, 'de', 'de-DE'),
    ).toMatchObject({ Leistung: '1,2 kW', Außen: '−7,3 °C' })
  })

  test('percent is whole, and 100 only when it is', async () => {
    const { home, path } = await homes.prepare('electric-vehicles', {
      set: { battery_level: 99.7, charge_target_max: 100, battery_capacity_kwh: 9.5 },
    })
    const page = await visit(browser, stack, { home, path })
    expect(await valuesIn(page, 'Readings')).toMatchObject({
      'Battery level': '99%',
      'Charge limit': '100%',
      'Battery capacity': '9.50 kWh',
    })
  })

  test('nonsense on the wire becomes unknown, never NaN, Infinity or a sentinel date', async () => {
    const { home, path } = await homes.prepare('heat-pumps', {
      set: {
        current_power_consumption_w: 9e12,
        dhw_temperature: '48',
        outdoor_temperature: -400,
        inlet_temperature: [],
        current_state_last_updated_at: '0001-01-01T00:00:00Z',
      },
    })
    const page = await visit(browser, stack, { home, path })
    expect(await valuesIn(page, 'Readings')).toMatchObject({
      'Power draw': '– not reported',
      'Hot water': '– not reported',
      Outdoors: '– not reported',
      Inlet: '– not reported',
    })
    await says(page, 'This device has not reported any data yet').waitFor()
    expect(await page.getByRole('main').innerText()).not.toMatch(/NaN|Infinity|undefined|null|0001|1970/)
  })
})
