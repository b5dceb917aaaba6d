import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { exactly, plain } from './screen.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()
const full = useHome(stack, 'full')
afterEach(() => stack.control('DELETE', 'faults'))

const open = (type: string, language: 'en' | 'de' = 'en', options = {}) => {
  const id = full.devices.find((device) => device.type === type)?.id
  return visit(browser, stack, {
    home: 'full',
    path: `/${type}/${id}/settings`,
    language,
    live: false,
    ...options,
  })
}
const truthOf = async (type: string) =>
  (await stack.control('GET', `homes/full/devices/${type}`)) as Record<string, unknown>
const fault = (kind: string, more: object = {}) =>
  stack.control('POST', 'faults', { kind, match: { method: 'PUT' }, ...more })
const says = (page: Page, role: 'status' | 'alert', text: string | RegExp) =>
  page.getByRole(role).filter({ hasText: text }).waitFor()
const shot = async (page: Page, name: string) => {
  if (process.env['SHOTS'])
    await page.screenshot({ path: `${process.env['SHOTS']}/${name}.png`, fullPage: true })
}

const words = {
  en: {
    low: /^Low/,
    mid: /^Mid/,
    save: 'Save: How far optimization may go',
    saving: 'Saving…',
    saved: 'Saved.',
    checking: 'Not confirmed yet.',
    // Which of the two depends on whether the partner could be asked.
    notTaken: /This was not taken\.|Not confirmed\. What you see/,
    check: 'Nothing was saved: please look at the marked fields.',
    cannot: 'This value cannot be used.',
    hotWater: 'Hot water (°C)',
    saveComfort: 'Save: Comfort limits',
    off: /^Off/,
    saveOff: 'Save: Smart optimization',
    back: 'Back to the device',
    status: 'Not optimizing',
    reason: 'Runs by its own settings, because smart optimization is off',
    ceiling: { Low: 'Optimization level Low', Max: 'Optimization level Max' },
  },
  de: {
    low: /^Niedrig/,
    mid: /^Mittel/,
    save: 'Speichern: Wie weit die Optimierung gehen darf',
    saving: 'Wird gespeichert',
    saved: 'Gespeichert.',
    checking: 'Noch nicht bestätigt.',
    notTaken: /Das wurde nicht übernommen\.|Nicht bestätigt\. Zu sehen ist/,
    check: 'Es wurde nichts gespeichert: bitte die markierten Felder ansehen.',
    cannot: 'Dieser Wert geht nicht.',
    hotWater: 'Warmwasser (°C)',
    saveComfort: 'Speichern: Komfortgrenzen',
    off: /^Aus/,
    saveOff: 'Speichern: Intelligente Optimierung',
    back: 'Zurück zum Gerät',
    status: 'Optimierung aus',
    reason: 'Läuft nach den eigenen Einstellungen, weil die Optimierung aus ist',
    ceiling: { Low: 'Optimierungsstufe Niedrig', Max: 'Optimierungsstufe Maximal' },
  },
} as const

test.each([
  ['en', 'light'],
  ['de', 'dark'],
] as const)(
  'in %s a level stands at once with a mark; it is saved with the answer, goes back when it is refused, and is looked into when the answer is lost',
  async (language, colorScheme) => {
    const say = words[language]
    const page = await open('heat-pumps', language, { colorScheme })
    const [low, mid] = [
      page.getByRole('radio', { name: say.low }),
      page.getByRole('radio', { name: say.mid }),
    ]
    const save = page.getByRole('button', { name: say.save })
    await fault('latency', { ms: 2_000, count: 1 })
    await low.check()
    await save.click()
    await says(page, 'status', say.saving)
    expect(await low.isChecked()).toBe(true)
    expect(await axeViolations(page)).toEqual([])
    await shot(page, `saving-${language}`)
    await says(page, 'status', say.saved)
    expect(await truthOf('heat-pumps')).toMatchObject({ optimization_level: 'Low' })

    await fault('status', {
      status: 422,
      count: 1,
      body: { detail: [{ loc: ['body', 'optimization_level'] }] },
    })
    await mid.check()
    await save.click()
    await says(page, 'alert', say.check)
    await page.getByRole('group').getByText(say.cannot).waitFor()
    expect(await low.isChecked()).toBe(true)
    expect(await axeViolations(page)).toEqual([])
    await shot(page, `refused-${language}`)

    await fault('status', { status: 503 })
    await mid.check()
    await save.click()
    await says(page, 'status', say.checking)
    expect(await mid.isChecked()).toBe(true)
    expect(await axeViolations(page)).toEqual([])
    await shot(page, `checking-${language}`)
    await says(page, 'alert', say.notTaken)
    expect(await low.isChecked()).toBe(true)
    expect(await axeViolations(page)).toEqual([])
    await shot(page, `not-taken-${language}`)
    expect(await truthOf('heat-pumps')).toMatchObject({ optimization_level: 'Low' })
  },
)

test.each(['en', 'de'] as const)(
  'in %s a heat pump keeps to its limits, and to its own schedule when it is told to, and its page says so',
  async (language) => {
    const say = words[language]
    const page = await open('heat-pumps', language)
    const degrees = language === 'en' ? 47.5 : 48.5
    await page.getByLabel(say.hotWater, { exact: true }).fill(String(degrees))
    await page.getByRole('button', { name: say.saveComfort }).click()
    await says(page, 'status', say.saved)
    await page.getByRole('radio', { name: say.off }).check()
    await page.getByRole('button', { name: say.saveOff }).click()
    await page.getByRole('status').filter({ hasText: say.saved }).nth(1).waitFor()
    expect(await truthOf('heat-pumps')).toMatchObject({
      dhw_standard_temperature: degrees,
      is_smart_optimization_active: false,
    })
    await page.getByRole('link', { name: say.back }).click()
    for (const said of [say.status, say.reason])
      await page
        .getByRole('paragraph')
        .filter({ hasText: exactly(said) })
        .waitFor()
    const { optimization_level: level } = (await truthOf('heat-pumps')) as {
      optimization_level: 'Low' | 'Max'
    }
    expect(plain(await page.getByRole('main').innerText())).toContain(say.ceiling[level])
    await shot(page, `own-schedule-${language}`)
  },
)

test('what was typed stays where it was refused, and what holds is told beside it', async () => {
  const page = await open('inverters')
  const floor = page.getByLabel('Never below (%)')
  const before = await floor.inputValue()
  await floor.fill('97')
  await page.keyboard.press('Enter')
  await page.getByText('The lower value is above the upper one.').waitFor()
  expect(await floor.inputValue()).toBe('97')
  await page.getByText(`In force now: ${before}.`).waitFor()
  // Whoever cannot see it is taken there.
  expect(await floor.evaluate((field) => field === document.activeElement)).toBe(true)
  expect(await axeViolations(page)).toEqual([])
  await shot(page, 'saving-refused')
  expect(await truthOf('inverters')).toMatchObject({ min_battery_charge: Number(before) })
})

test('what is saved in one tab appears in the other, but not under the hands of somebody who types', async () => {
  const [here, there] = [await open('inverters'), await open('inverters')]
  const [floor, ceiling] = [there.getByLabel('Never below (%)'), there.getByLabel('Never above (%)')]
  await ceiling.fill('93')
  await here.getByLabel('Never below (%)').fill('22')
  await here.getByLabel('Never above (%)').fill('91')
  await here.getByRole('button', { name: 'Save: Battery reserve' }).click()
  await says(here, 'status', 'Saved.')
  await expect.poll(() => floor.inputValue()).toBe('22')
  expect(await ceiling.inputValue()).toBe('93')
  // The slider goes along.
  expect(await there.getByRole('slider', { name: 'Lower end' }).inputValue()).toBe('22')
})

test('eight times, whatever becomes of the request, the screen ends in the truth', async () => {
  const homes = await stack.homes()
  const pumps = homes.find(({ name }) => name === 'many')?.devices.filter(({ type }) => type === 'heat-pumps')
  const troubles: [string, object][] = [
    ['latency', { ms: 2_000 }],
    ['lost', { count: 1 }],
    ['status', { status: 422, count: 1, body: { detail: [] } }],
    ['reset', { count: 1 }],
    ['lost', { count: 2 }],
    ['status', { status: 429, count: 1 }],
    ['reset', { count: 9 }],
    ['latency', { ms: 500 }],
  ]
  // Each device takes ten commands a minute. All are open before the partner begins to fail: nobody could sign in then.
  const open = []
  for (const { id } of pumps ?? expect.fail('There is no heat pump.'))
    open.push({
      id,
      page: await visit(browser, stack, { home: 'many', path: `/heat-pumps/${id}/settings`, live: false }),
    })
  for (const { id, page } of open) {
    const truth = async () =>
      ((await stack.control('GET', `homes/many/devices/${id}`)) as Record<string, unknown>)[
        'is_smart_optimization_active'
      ]
    const said = page.locator('form[data-settings=optimization] [data-said]')
    for (const [kind, more] of troubles.splice(0, 3)) {
      const wanted = (await truth()) !== true
      await fault(kind, more)
      await page.getByRole('radio', { name: wanted ? /^On/ : /^Off/ }).check()
      await page.getByRole('button', { name: 'Save: Smart optimization' }).click()
      await expect
        .poll(() => said.getAttribute('data-phase'), { timeout: 40_000 })
        .toMatch(/saved|notTaken|unconfirmed|check$|failed|tooSoon/)
      await stack.control('DELETE', 'faults')
      const isOn = await truth()
      const [shown, phase] = [
        await page.getByRole('radio', { name: /^On/ }).isChecked(),
        await said.getAttribute('data-phase'),
      ]
      expect([kind, shown]).toEqual([kind, isOn])
      expect([kind, phase === 'saved']).toEqual([kind, isOn === wanted])
    }
  }
})
