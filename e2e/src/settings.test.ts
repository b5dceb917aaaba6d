import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { inWords, languages, press, type Said } from './refusal.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()
const full = useHome(stack, 'full')
const solar = useHome(stack, 'solar')

const pathOf = (type: string) => `/${type}/${full.devices.find((device) => device.type === type)?.id}`
const truthOf = async (type: string) =>
  (await stack.control('GET', `homes/full/devices/${type}`)) as Record<string, unknown>
const open = (type: string, language: 'en' | 'de' = 'en', options = {}) =>
  visit(browser, stack, { home: 'full', path: `${pathOf(type)}/settings`, language, live: false, ...options })

const words = {
  settings: ['Settings', 'Einstellungen'],
  back: ['Back to the device', 'Zurück zum Gerät'],
  saved: ['Saved.', 'Gespeichert.'],
  byTime: ['Charge to a level by a time', 'Bis zu einer Uhrzeit laden'],
  time: ['Time', 'Uhrzeit'],
  level: ['Level (%)', 'Ladestand (%)'],
  saveDeadline: ['Save: Be ready by', 'Speichern: Fertig bis'],
  on: ['On', 'Ein'],
  off: ['Off', 'Aus'],
  max: ['Max', 'Maximal'],
  saveOptimization: ['Save: Smart optimization', 'Speichern: Intelligente Optimierung'],
  saveLevel: ['Save: How far optimization may go', 'Speichern: Wie weit die Optimierung gehen darf'],
  floor: ['Never below (%)', 'Nie unter (%)'],
  ceiling: ['Never above (%)', 'Nie über (%)'],
  saveReserve: ['Save: Battery reserve', 'Speichern: Reserve der Batterie'],
  notOptimizing: ['Not optimizing', 'Optimierung aus'],
  nothingSaved: ['Nothing was saved', 'Es wurde nichts gespeichert'],
  crossed: ['The lower value is above the upper one.', 'Der untere Wert liegt über dem oberen.'],
} as const satisfies Record<string, Said>

/** Of a group of choices, the one that begins with this word. */
const choice = (page: Page, name: string) => page.getByRole('radio', { name: new RegExp(`^${name}\\b`) })
const saved = (page: Page, text: string, nth = 0) =>
  page.getByRole('status').filter({ hasText: text }).nth(nth).waitFor()

describe.each(languages)('in %s', (language) => {
  const say = (said: Said) => inWords(said, language)

  test.each([
    ['electric-vehicles', '06:15', 70],
    ['wallboxes', '05:45', 65],
  ] as const)('from the page of %s a car is told to be ready by a time', async (type, at, percent) => {
    const page = await visit(browser, stack, { home: 'full', path: pathOf(type), language })
    await page
      .getByRole('main')
      .getByRole('link', { name: say(words.settings) })
      .click()
    await page.getByRole('heading', { level: 1, name: say(words.settings) }).waitFor()
    await page.getByRole('checkbox', { name: say(words.byTime) }).check()
    await page.getByLabel(say(words.time), { exact: true }).fill(at)
    await page.getByLabel(say(words.level)).fill(String(percent))
    await press(page, say(words.saveDeadline))
    await saved(page, say(words.saved))
    expect(await truthOf(type)).toMatchObject({
      is_charge_policy_enabled: true,
      charge_deadline_at: at,
      minimum_charge_limit: percent,
    })
    await page.getByRole('link', { name: say(words.back) }).click()
    await page.getByText(at).first().waitFor()
  })

  test('the optimization of a car, an inverter and a wallbox is switched off, and on again', async () => {
    for (const type of ['electric-vehicles', 'inverters', 'wallboxes']) {
      const page = await open(type, language)
      for (const isOn of [false, true]) {
        const answered = page.waitForResponse((response) => response.request().method() === 'PUT')
        await choice(page, say(isOn ? words.on : words.off)).check()
        await press(page, say(words.saveOptimization))
        await answered
        await saved(page, say(words.saved))
        expect([type, (await truthOf(type))['is_smart_optimization_active']]).toEqual([type, isOn])
      }
    }
  })

  test('a setting made in one tab appears in the other', async () => {
    // A home that nobody has looked at.
    const home = language === 'en' ? 'heat' : 'many'
    const pump = (await stack.home(home)).devices.find(({ type }) => type === 'heat-pumps')
    const path = `/heat-pumps/${pump?.id}`
    await stack.control('POST', `homes/${home}/devices/${pump?.id}`, {
      settings: { is_smart_optimization_active: true },
    })
    const watching = await visit(browser, stack, { home, path, language })
    const said = watching.getByRole('paragraph').filter({ hasText: say(words.notOptimizing) })
    expect(await said.count()).toBe(0)
    const page = await visit(browser, stack, { home, path: `${path}/settings`, language, live: false })
    await choice(page, say(words.off)).check()
    await press(page, say(words.saveOptimization))
    await saved(page, say(words.saved))
    await said.first().waitFor()
  })

  test('without script a level is chosen, and a battery keeps its reserve', async () => {
    await stack.control('POST', 'homes/full/devices/heat-pumps', { settings: { optimization_level: 'Mid' } })
    const level = await open('heat-pumps', language, { javaScriptEnabled: false })
    await choice(level, say(words.max)).check()
    await press(level, say(words.saveLevel))
    await saved(level, say(words.saved))
    expect(await truthOf('heat-pumps')).toMatchObject({ optimization_level: 'Max' })
    const percent = language === 'en' ? 30 : 25
    const battery = await open('inverters', language, { javaScriptEnabled: false })
    await battery.getByLabel(say(words.floor)).fill(String(percent))
    await press(battery, say(words.saveReserve))
    await saved(battery, say(words.saved))
    expect(await truthOf('inverters')).toMatchObject({ min_battery_charge: percent })
  })

  describe('what cannot be is told where it was typed, and nothing of it is lost:', () => {
    test('a floor above the ceiling', async () => {
      const before = await truthOf('inverters')
      const page = await open('inverters', language)
      const floor = page.getByLabel(say(words.floor))
      await floor.fill('80')
      await page.getByLabel(say(words.ceiling)).fill('60')
      await press(page, say(words.saveReserve))
      await page.getByText(say(words.crossed)).waitFor()
      expect(await floor.inputValue()).toBe('80')
      expect(await floor.getAttribute('aria-invalid')).toBe('true')
      expect(await axeViolations(page)).toEqual([])
      expect((await truthOf('inverters'))['min_battery_charge']).toBe(before['min_battery_charge'])
    })

    test('101 %', async () => {
      const page = await open('electric-vehicles', language)
      const level = page.getByLabel(say(words.level))
      await level.fill('101')
      await press(page, say(words.saveDeadline))
      await page
        .getByRole('alert')
        .filter({ hasText: say(words.nothingSaved) })
        .waitFor()
      expect(await level.inputValue()).toBe('101')
      expect(await level.getAttribute('aria-invalid')).toBe('true')
    })
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
  const plants = {
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
  // Another home: within a minute a household may command a device ten times.
  const truthOfReserve = async () =>
    (await stack.control('GET', 'homes/solar/devices/inverters')) as Record<string, unknown>
  const reserve = async (language: 'en' | 'de') => {
    const id = solar.devices.find(({ type }) => type === 'inverters')?.id
    const path = `/inverters/${id}/settings`
    const page = await visit(browser, stack, { home: 'solar', path, language, live: false })
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
    expect(await truthOfReserve()).toMatchObject({ min_battery_charge: 24 })

    // Beside it, what the system is made of.
    const plant = plants[language]
    await page.getByLabel(plant.rating).fill('9.2')
    await page.getByLabel(plant.capacity).fill('11.5')
    await page.getByRole('button', { name: plant.save }).click()
    await page.getByRole('status').filter({ hasText: saved }).nth(1).waitFor()
    expect(await truthOfReserve()).toMatchObject({
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
