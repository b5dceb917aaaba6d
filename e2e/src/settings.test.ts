import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { launchBrowser } from './browser.ts'
import { startStack, type Stack } from './stack.ts'
import { summerNoon, type ControlHome } from './unused-homes.ts'
import { visit } from './visit.ts'

let stack: Stack
let browser: Browser
let full: ControlHome
beforeAll(async () => {
  stack = await startStack({ simulatorArgs: ['--speed', '0', ...summerNoon] })
  browser = await launchBrowser()
  full = ((await stack.control('GET', 'homes')) as ControlHome[]).find(({ name }) => name === 'full') ?? full
})
afterAll(async () => {
  await browser.close()
  await stack.close()
})

const pathOf = (type: string) => `/${type}/${full.devices.find((device) => device.type === type)?.id}`
const truthOf = async (type: string) =>
  (await stack.control('GET', `homes/full/devices/${type}`)) as Record<string, unknown>
const open = (type: string, language: 'en' | 'de' = 'en', options = {}) =>
  visit(browser, stack, { home: 'full', path: `${pathOf(type)}/settings`, language, live: false, ...options })

test('from its page a car is told to be ready by a time, in German', async () => {
  const page = await visit(browser, stack, {
    home: 'full',
    path: pathOf('electric-vehicles'),
    language: 'de',
  })
  await page.getByRole('main').getByRole('link', { name: 'Einstellungen' }).click()
  await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor()
  await page.getByRole('checkbox', { name: 'Bis zu einer Uhrzeit laden' }).check()
  await page.getByLabel('Uhrzeit', { exact: true }).fill('06:15')
  await page.getByLabel('Ladestand (%)').fill('70')
  await page.getByRole('button', { name: 'Speichern: Fertig bis' }).click()
  await page.getByRole('status').filter({ hasText: 'Gespeichert.' }).waitFor()
  expect(await truthOf('electric-vehicles')).toMatchObject({
    is_charge_policy_enabled: true,
    charge_deadline_at: '06:15',
    minimum_charge_limit: 70,
  })
  await page.getByRole('link', { name: 'Zurück zum Gerät' }).click()
  await page.getByText('06:15').first().waitFor()
})

test('a setting made in one tab appears in the other', async () => {
  const watching = await visit(browser, stack, { home: 'full', path: pathOf('heat-pumps') })
  const page = await open('heat-pumps')
  await page.getByRole('radio', { name: /^Off/ }).check()
  await page.getByRole('button', { name: 'Save: Smart optimization' }).click()
  await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor()
  await watching.getByRole('paragraph').filter({ hasText: 'Not optimizing' }).first().waitFor()
})

test('without script a level is chosen, and a battery keeps its reserve', async () => {
  const level = await open('heat-pumps', 'en', { javaScriptEnabled: false })
  await level.getByRole('radio', { name: /^Max/ }).check()
  await level.getByRole('button', { name: 'Save: How far optimization may go' }).click()
  await level.getByRole('status').filter({ hasText: 'Saved.' }).waitFor()
  expect(await truthOf('heat-pumps')).toMatchObject({ optimization_level: 'Max' })
  const battery = await open('inverters', 'en', { javaScriptEnabled: false })
  await battery.getByLabel('Never below (%)').fill('30')
  await battery.getByRole('button', { name: 'Save: Battery reserve' }).click()
  await battery.getByRole('status').filter({ hasText: 'Saved.' }).waitFor()
  expect(await truthOf('inverters')).toMatchObject({ min_battery_charge: 30 })
})

describe('what cannot be is told where it was typed, and nothing of it is lost', () => {
  test.each([
    [
      'en',
      'The lower value is above the upper one.',
      'Never below (%)',
      'Never above (%)',
      'Save: Battery reserve',
    ],
    [
      'de',
      'Der untere Wert liegt über dem oberen.',
      'Nie unter (%)',
      'Nie über (%)',
      'Speichern: Reserve der Batterie',
    ],
  ] as const)('in %s: %s', async (language, sentence, floor, ceiling, save) => {
    const before = await truthOf('inverters')
    const page = await open('inverters', language)
    await page.getByLabel(floor).fill('80')
    await page.getByLabel(ceiling).fill('60')
    await page.getByRole('button', { name: save }).click()
    await page.getByText(sentence).waitFor()
    expect(await page.getByLabel(floor).inputValue()).toBe('80')
    expect(await page.getByLabel(floor).getAttribute('aria-invalid')).toBe('true')
    expect(await axeViolations(page)).toEqual([])
    expect((await truthOf('inverters'))['min_battery_charge']).toBe(before['min_battery_charge'])
  })

  test('101 %', async () => {
    const page = await open('electric-vehicles')
    await page.getByLabel('Level (%)').fill('101')
    await page.getByRole('button', { name: 'Save: Be ready by' }).click()
    await page.getByRole('alert').filter({ hasText: 'Nothing was saved' }).waitFor()
    expect(await page.getByLabel('Level (%)').inputValue()).toBe('101')
  })
})

test('while the partner is away nothing is said to be saved, and what was typed stays', async () => {
  const page = await open('inverters')
  await stack.control('POST', 'faults', { kind: 'status', status: 503, match: { method: 'PUT' } })
  await page.getByLabel('Never below (%)').fill('35')
  await page.getByRole('button', { name: 'Save: Battery reserve' }).click()
  await page.getByRole('alert').waitFor()
  await stack.control('DELETE', 'faults')
  expect((await truthOf('inverters'))['min_battery_charge']).not.toBe(35)
  expect(await page.getByLabel('Never below (%)').inputValue()).toBe('35')
  expect(await page.getByRole('status').filter({ hasText: 'Saved.' }).count()).toBe(0)
})

test.each(['heat-pumps', 'electric-vehicles', 'inverters', 'wallboxes'])(
  'axe finds nothing on the settings of %s, in both themes, and nothing sticks out on the smallest phone',
  async (type) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(type, 'de', { colorScheme })
      await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor()
      expect(await axeViolations(page)).toEqual([])
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
      if (process.env['SHOTS'])
        await page.screenshot({ path: `${process.env['SHOTS']}/${type}-${colorScheme}.png`, fullPage: true })
    }
  },
)

describe('the reserve of a battery as one slider of two ends', () => {
  const words = {
    en: {
      rating: 'Panels, peak power (kW)',
      capacity: 'Battery capacity (kWh)',
      save: 'Save: Your system',
    },
    de: {
      rating: 'Module, Spitzenleistung (kW)',
      capacity: 'Kapazität der Batterie (kWh)',
      save: 'Speichern: Deine Anlage',
    },
  }
  const reserve = async (language: 'en' | 'de') => {
    const page = await open('inverters', language)
    const [floor, ceiling] = language === 'en' ? ['Lower end', 'Upper end'] : ['Unteres Ende', 'Oberes Ende']
    return {
      page,
      lower: page.getByRole('slider', { name: floor }),
      upper: page.getByRole('slider', { name: ceiling }),
      floor: page.getByLabel(language === 'en' ? 'Never below (%)' : 'Nie unter (%)'),
      save: page.getByRole('button', {
        name: language === 'en' ? 'Save: Battery reserve' : 'Speichern: Reserve der Batterie',
      }),
    }
  }

  test.each(['en', 'de'] as const)('in %s it is moved by keyboard, and saved', async (language) => {
    const { page, lower, upper, floor, save } = await reserve(language)
    await lower.focus()
    await page.keyboard.press('Home')
    for (let n = 0; n < 21; n++) await page.keyboard.press('ArrowRight')
    expect(await floor.inputValue()).toBe('21')
    await page.keyboard.press('End')
    // No end passes the other.
    expect(await floor.inputValue()).toBe(await upper.inputValue())
    await page.keyboard.press('Home')
    for (let n = 0; n < 24; n++) await page.keyboard.press('ArrowRight')
    expect(await axeViolations(page)).toEqual([])
    await save.click()
    const saved = language === 'en' ? 'Saved.' : 'Gespeichert.'
    await page.getByRole('status').filter({ hasText: saved }).waitFor()
    expect(await truthOf('inverters')).toMatchObject({ min_battery_charge: 24 })

    // Beside it, what the system is made of.
    const plant = words[language]
    await page.getByLabel(plant.rating).fill('9.2')
    await page.getByLabel(plant.capacity).fill('11.5')
    await page.getByRole('button', { name: plant.save }).click()
    await page.getByRole('status').filter({ hasText: saved }).nth(1).waitFor()
    expect(await truthOf('inverters')).toMatchObject({
      solar_power_rating_kw: 9.2,
      battery_capacity_kwh: 11.5,
    })
  })

  test('what is typed moves the end, and what is no level leaves it', async () => {
    const { lower, floor } = await reserve('en')
    await floor.fill('33')
    expect(await lower.inputValue()).toBe('33')
    await floor.fill('330')
    expect(await lower.inputValue()).toBe('33')
  })
})
