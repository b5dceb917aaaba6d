import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { desktop } from './browser.ts'
import { submit } from './refusal.ts'
import type { ControlHome } from './stack.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

/** The week before the clocks go back, so that the note about it is there. */
const clocksGoBack = ['--speed', '0', '--start', '2026-10-21T10:00:00Z']

const stack = useStack({ simulatorArgs: clocksGoBack })
const browser = useBrowser()
const full = useHome(stack, 'full')

const words = {
  en: {
    settings: 'Settings',
    more: /Weekly plan/,
    title: 'Weekly plan',
    friday: 'Friday',
    time: 'Friday: ready by',
    level: 'Friday: level in %',
    saturdayTime: 'Saturday: ready by',
    day: 'Day',
    days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
    anyTime: /: ready by$/,
    toWeekdays: 'To Monday to Friday',
    toWeekend: 'To the weekend',
    toAll: 'To all days',
    copied: 'Copied. Nothing is saved yet.',
    save: 'Save the plan',
    saved: 'Saved.',
    next: 'The next times to be ready',
    first: 'Friday, 23 October, 05:45',
    clock:
      'On Sunday 25 October the time from 02:00 to 03:00 comes twice. A time in it counts the first time.',
    wrongTime: 'Please give a time of day, such as 07:00.',
    wrongLevel: 'Please give a whole number from 0 to 100.',
    aboveLimit: 'This is above the limit set at the manufacturer.',
    unreadable: /The plan cannot be read at the moment/,
    mode: 'Charging mode',
    bySun: /^By sun Charging/,
    unlock: 'Connect an inverter.',
    begin: 'Begin above (W)',
    stop: 'Stop below (W)',
    band: 'The two thresholds are too close together.',
    saveMode: 'Save',
  },
  de: {
    settings: 'Einstellungen',
    more: /Wochenplan/,
    title: 'Wochenplan',
    friday: 'Freitag',
    time: 'Freitag: fertig bis',
    level: 'Freitag: Ladestand in %',
    saturdayTime: 'Samstag: fertig bis',
    day: 'Tag',
    days: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag', 'Sonntag'],
    anyTime: /: fertig bis$/,
    toWeekdays: 'Auf Montag bis Freitag',
    toWeekend: 'Auf das Wochenende',
    toAll: 'Auf alle Tage',
    copied: 'Übertragen. Gespeichert ist noch nichts.',
    save: 'Plan speichern',
    saved: 'Gespeichert.',
    next: 'Die nächsten Male',
    first: 'Freitag, 23. Oktober, 05:45',
    clock:
      'Am Sonntag, 25. Oktober gibt es die Zeit von 02:00 Uhr bis 03:00 Uhr zweimal. Eine Uhrzeit darin gilt beim ersten Mal.',
    wrongTime: 'Bitte eine Uhrzeit angeben, zum Beispiel 07:00.',
    wrongLevel: 'Bitte eine ganze Zahl von 0 bis 100 angeben.',
    aboveLimit: 'Das liegt über der Obergrenze beim Hersteller.',
    unreadable: /Der Plan lässt sich gerade nicht lesen/,
    mode: 'Lademodus',
    bySun: /^Nach Sonne Geladen/,
    unlock: 'Verbinde einen Wechselrichter.',
    begin: 'Beginnen über (W)',
    stop: 'Aufhören unter (W)',
    band: 'Die beiden Schwellen liegen zu nah beieinander.',
    saveMode: 'Speichern',
  },
} as const

const idOf = (home: ControlHome, type: string) => home.devices.find((device) => device.type === type)?.id
const planPath = () => `/electric-vehicles/${idOf(full, 'electric-vehicles')}/plan`
const open = (path: string, language: 'en' | 'de', options = {}) =>
  visit(browser, stack, { home: 'full', path, language, live: false, ...options })
/** What the Partner API has now, through the gateway. */
async function policyOf(page: Page): Promise<Record<string, unknown>> {
  const answer = await page.request.get(
    `${stack.url}/api/devices${planPath().replace('plan', 'charge-policy')}`,
  )
  return ((await answer.json()) as { policy: Record<string, unknown> }).policy
}

/** How often the Partner API was asked to change a plan. */
async function plansSent(): Promise<number> {
  const { log } = (await stack.control('GET', 'requests')) as { log: { method: string; path: string }[] }
  return log.filter(({ method, path }) => method === 'PUT' && path.endsWith('/charge-policy')).length
}

describe.each(['en', 'de'] as const)('in %s', (language) => {
  const word = words[language]

  test('from the settings a car gets its own time on a Friday, and the weekend the same; then the next times are told', async () => {
    const page = await open(planPath().replace('plan', 'settings'), language)
    await page.getByRole('link', { name: word.more }).click()
    await page.getByRole('heading', { level: 1, name: word.title }).waitFor()
    await page.getByText(word.clock).waitFor()
    await page.getByRole('checkbox', { name: word.friday }).check()
    await page.getByLabel(word.time).fill('05:45')
    await page.getByLabel(word.level).fill('71')
    await page.getByLabel(word.day, { exact: true }).selectOption({ label: word.friday })
    await page.getByRole('button', { name: word.toWeekend }).click()
    await page.getByRole('status').filter({ hasText: word.copied }).waitFor()
    expect(await page.getByLabel(word.saturdayTime).inputValue()).toBe('05:45')
    expect(await page.getByLabel(word.time).inputValue()).toBe('05:45')
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: word.save }).click()
    await page.getByRole('status').filter({ hasText: word.saved }).waitFor()
    const day = { charge_deadline: '05:45', charge_percentage: 71 }
    expect(await policyOf(page)).toMatchObject({ fri: day, sat: day, sun: day })
    const next = page.getByRole('region', { name: word.next }).getByRole('listitem')
    expect(await next.count()).toBe(5)
    await next.filter({ hasText: word.first }).waitFor()
  })

  test('a day is copied to the weekdays, to the weekend and to all days, and nothing of it is saved yet', async () => {
    const page = await open(planPath(), language)
    const before = await policyOf(page)
    const times = page.getByLabel(word.anyTime)
    const rows = () => times.evaluateAll((all) => all.map((field) => (field as HTMLInputElement).value))
    const expected = await rows()
    expect(expected).toHaveLength(7)
    for (const [from, time, button, first, end] of [
      [2, '04:03', word.toWeekdays, 0, 5],
      [5, '08:06', word.toWeekend, 5, 7],
      [6, '09:07', word.toAll, 0, 7],
    ] as const) {
      await times.nth(from).fill(time)
      await page.getByLabel(word.day, { exact: true }).selectOption({ label: word.days[from] })
      await submit(page, button)
      await page.getByRole('status').filter({ hasText: word.copied }).waitFor()
      expected.fill(time, first, end)
      expect(await rows()).toEqual(expected)
    }
    expect(await policyOf(page)).toEqual(before)
  })

  test('what is no time or no level is told in its row, what was typed stays, and nothing goes up', async () => {
    const page = await open(planPath(), language)
    const before = await policyOf(page)
    const type = async (time: string, level: string) => {
      await page.getByRole('checkbox', { name: word.friday }).check()
      await page.getByLabel(word.time).evaluate((field, typed) => {
        const input = field as HTMLInputElement
        // As a browser without fields for times would let it be typed.
        input.type = 'text'
        input.value = typed
      }, time)
      await page.getByLabel(word.level).fill(level)
      await page.getByRole('button', { name: word.save }).click()
      await page.getByRole('alert').waitFor()
    }
    await type('25:00', '101')
    await page.getByText(`${word.wrongTime} ${word.wrongLevel}`).waitFor()
    expect(await page.getByLabel(word.level).inputValue()).toBe('101')
    expect(await page.getByLabel(word.time).getAttribute('aria-invalid')).toBe('true')
    expect(await axeViolations(page)).toEqual([])
    await type('07:00', '95')
    await page.getByText(word.aboveLimit).waitFor()
    expect(await policyOf(page)).toEqual(before)
  })

  test('while the partner is away the plan cannot be changed by mistake', async () => {
    await stack.control('POST', 'faults', { kind: 'status', status: 503, match: { path: 'charge-policy' } })
    const page = await open(planPath(), language)
    await page.getByRole('alert').filter({ hasText: word.unreadable }).waitFor()
    expect(await page.getByRole('button', { name: word.save }).count()).toBe(0)
    expect(await axeViolations(page)).toEqual([])
    await stack.control('DELETE', 'faults')
  })

  test('a mode that is locked says what would unlock it', async () => {
    const page = await visit(browser, stack, {
      home: 'car',
      path: '/settings/charging',
      language,
      live: false,
    })
    const bySun = page.getByRole('radio', { name: word.bySun })
    expect(await bySun.isDisabled()).toBe(true)
    await page.getByText(word.unlock).first().waitFor()
    expect(await axeViolations(page)).toEqual([])
  })

  test('charging by sun is chosen whatever the thresholds were, and new ones too close together are told', async () => {
    const page = await open('/settings/charging', language)
    await page.getByRole('radio', { name: word.bySun }).check()
    await page.getByRole('button', { name: word.saveMode }).click()
    await page.getByRole('status').filter({ hasText: word.saved }).waitFor()
    await page.getByLabel(word.begin).fill('1000')
    await page.getByLabel(word.stop).fill('999')
    await page.getByRole('button', { name: word.saveMode }).click()
    await page.getByText(word.band).waitFor()
    expect(await page.getByLabel(word.stop).inputValue()).toBe('999')
    expect(await axeViolations(page)).toEqual([])
    await page.getByLabel(word.begin).fill('4000')
    await page.getByRole('button', { name: word.saveMode }).click()
    await page.getByRole('status').filter({ hasText: word.saved }).waitFor()
    const { config } = (await (await page.request.get(`${stack.url}/api/charging-config`)).json()) as {
      config: Record<string, unknown>
    }
    expect(config).toMatchObject({ mode: 'hems', hems_start_threshold_w: 4000, hems_stop_threshold_w: 999 })

    await stack.control('POST', 'faults', { kind: 'status', status: 503, match: { method: 'PUT' } })
    await page.getByLabel(word.begin).fill('5000')
    await page.getByRole('button', { name: word.saveMode }).click()
    await page.getByRole('alert').waitFor()
    await stack.control('DELETE', 'faults')
    expect(await page.getByRole('status').filter({ hasText: word.saved }).count()).toBe(0)
  })
})

test('a plan is sent once, says so, and shows in another tab unless somebody is typing there', async () => {
  const page = await open(planPath(), 'en')
  const [other, typing] = [await page.context().newPage(), await page.context().newPage()]
  for (const tab of [other, typing]) await tab.goto(stack.url + planPath())
  await typing.getByLabel(words.en.level).fill('61')
  const before = await plansSent()
  await page.getByLabel(words.en.level).fill('64')
  // Twice in one go: the browser says nothing of a page that it is leaving, once it is.
  const said = await page.getByRole('button', { name: words.en.save }).evaluate((save) => {
    const button = save as HTMLButtonElement
    button.click()
    button.click()
    return [...document.querySelectorAll('[role=status]')].map(({ textContent }) => textContent)
  })
  expect(said).toContain('One moment …')
  await page.getByRole('status').filter({ hasText: words.en.saved }).waitFor()
  expect(await plansSent()).toBe(before + 1)
  await expect.poll(() => other.getByLabel(words.en.level).inputValue()).toBe('64')
  expect(await typing.getByLabel(words.en.level).inputValue()).toBe('61')
  expect(other.url()).toBe(stack.url + planPath())
})

test('the plan works without script, and Enter saves', async () => {
  const page = await open(planPath(), 'en', { javaScriptEnabled: false })
  await page.getByLabel(words.en.level).fill('66')
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: words.en.saved }).waitFor()
  expect(await policyOf(page)).toMatchObject({ fri: { charge_percentage: 66 } })
})

test.each([320, 390])('both pages fit into %i px', async (width) => {
  const page = await open(planPath(), 'de', { viewport: { width, height: 800 } })
  for (const path of [planPath(), '/settings/charging']) {
    await page.goto(stack.url + path)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  }
})

test.each(['light', 'dark'] as const)('axe finds nothing on a desktop in %s', async (colorScheme) => {
  const page = await open(planPath(), 'en', { ...desktop, colorScheme })
  expect(await axeViolations(page)).toEqual([])
  await page.goto(`${stack.url}/settings/charging`)
  expect(await axeViolations(page)).toEqual([])
})
