import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { desktop, phone } from './browser.ts'
import { says } from './screen.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'
import { isLive, visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()
const full = useHome(stack, 'full')

/** Something that has the focus: what it is called, and whether eyes can tell. */
type Focused = { name: string; isMarked: boolean; isInView: boolean }

const focused = (page: Page): Promise<(Focused & { isOther: boolean }) | null> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null
    const before = window as { focusedBefore?: Element | null }
    const isOther = before.focusedBefore !== element
    before.focusedBefore = element
    if (!element || element === document.body) return null
    // A card's link spans the card, and is marked around it.
    const outlines = [getComputedStyle(element), getComputedStyle(element, '::after')]
    const box = element.getBoundingClientRect()
    return {
      name: nameOf(element),
      isMarked: outlines.some(
        ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
      ),
      isInView: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
      isOther,
    }
    function nameOf(one: HTMLElement) {
      const label = (one as HTMLInputElement).labels?.[0] ?? one
      return (one.getAttribute('aria-label') ?? label.innerText).replace(/\s+/g, ' ').trim()
    }
  })

/** Presses Tab from the top of the page until the focus leaves it. */
async function walk(page: Page): Promise<Focused[]> {
  const steps: Focused[] = []
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press('Tab')
    const step = await focused(page)
    if (!step) return steps
    // A field for a time is several stops: one for each part of it.
    if (step.isOther) steps.push(step)
  }
  throw new Error('The focus never leaves the page.')
}

/** Everything on the page that does something, in reading order; of a group of radio buttons the one that Tab goes to. */
const everything = (page: Page): Promise<string[]> =>
  page
    .locator(
      'a[href], button:not(:disabled), summary, select, textarea, input:not([type="hidden"], [type="radio"], :disabled), input[type="radio"]:checked',
    )
    .filter({ visible: true })
    .evaluateAll((elements) =>
      elements.map((one) => {
        const label = (one as HTMLInputElement).labels?.[0] ?? (one as HTMLElement)
        return (one.getAttribute('aria-label') ?? label.innerText).replace(/\s+/g, ' ').trim()
      }),
    )

/** Moves the focus with Tab alone to what is called so. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press('Tab')
    const step = await focused(page)
    if (step && (typeof name === 'string' ? step.name === name : name.test(step.name))) return
  }
  throw new Error(`Tab does not reach ${name}.`)
}

const pathOf = (type: string) => `/${type}/${full.devices.find((device) => device.type === type)?.id}`

describe.each([
  ['a desktop', desktop],
  ['a phone', phone],
])('Tab reaches everything in reading order, visibly, on %s:', (_, device) => {
  test.each<[string, string, () => string]>([
    ['the overview', 'full', () => '/'],
    ['the overview of a large home', 'many', () => '/'],
    ['the overview with a lapsed link', 'reconnect', () => '/'],
    ...[0, 1, 2, 3].map((i): [string, string, () => string] => [
      `the page of device ${i + 1}`,
      'full',
      () => `/${full.devices[i]?.type}/${full.devices[i]?.id}`,
    ]),
    ['the demo homes', 'full', () => '/demo'],
  ])('%s', async (_name, home, path) => {
    const page = await visit(browser, stack, { home, path: path(), live: path() !== '/demo', ...device })
    const steps = await walk(page)
    expect(steps.map(({ name }) => name)).toEqual(await everything(page))
    expect(steps.filter(({ isMarked }) => !isMarked)).toEqual([])
    expect(steps.filter(({ isInView }) => !isInView)).toEqual([])
  })

  test('the pages of what a household may decide', async () => {
    const page = await visit(browser, stack, { home: 'full', path: '/settings', live: false, ...device })
    for (const path of [
      '/settings',
      ...['heat-pumps', 'electric-vehicles', 'inverters', 'wallboxes'].map(
        (type) => `${pathOf(type)}/settings`,
      ),
      `${pathOf('electric-vehicles')}/plan`,
      '/settings/charging',
      '/settings/away',
      '/settings/notices',
      '/notices',
      '/connect',
      '/settings/home',
      '/settings/home/new',
      '/settings/contract/new',
    ]) {
      await page.goto(stack.url + path)
      const steps = await walk(page)
      expect([path, ...steps.map(({ name }) => name)]).toEqual([path, ...(await everything(page))])
      const isHidden = ({ isMarked, isInView }: Focused) => !isMarked || !isInView
      expect([path, ...steps.filter(isHidden)]).toEqual([path])
    }
  }, 240_000)
})

test('the first stop skips to the content', async () => {
  const page = await visit(browser, stack, { home: 'full', ...desktop })
  await page.keyboard.press('Tab')
  expect((await focused(page))?.name).toBe('Skip to content')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN')
})

test('from the overview to Charge Now and back, by keyboard alone', async () => {
  const chargeable = { plugged_in: true, level: 40, charge_plan: 'wait' }
  await stack.control('POST', 'homes/car/devices/electric-vehicles', chargeable)
  const page = await visit(browser, stack, { home: 'car', ...desktop })
  const name = await page.getByRole('article').getByRole('link').innerText()
  await tabTo(page, name)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await isLive(page)
  await tabTo(page, 'Charge Now')
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Starting…', disabled: true }).waitFor()
  await page.keyboard.press('Shift+Tab')
  expect(await focused(page)).not.toBeNull()
  await page.reload()
  await tabTo(page, 'Overview')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${stack.url}/`)
})

test('the table behind the picture opens and closes', async () => {
  const page = await visit(browser, stack, { home: 'solar', ...desktop })
  const table = page.getByRole('table', { name: 'Power flow' })
  await tabTo(page, 'Show as a table')
  await page.keyboard.press('Enter')
  await table.waitFor()
  await page.keyboard.press('Space')
  await table.waitFor({ state: 'hidden' })
})

test('refreshing, another language and another home', async () => {
  const page = await visit(browser, stack, { home: 'solar', ...desktop })
  await tabTo(page, 'Refresh')
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: 'Checked just now' }).waitFor()
  await tabTo(page, 'Deutsch')
  await page.keyboard.press('Enter')
  await page.getByText('Demo-Haus: solar').waitFor()
  await tabTo(page, 'English')
  await page.keyboard.press('Space')
  await page.getByText('Demo home: solar').waitFor()
  await tabTo(page, 'Choose another')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Demo homes' }).waitFor()
  await tabTo(page, 'Open: heat')
  await page.keyboard.press('Enter')
  await page.getByText('Demo home: heat').waitFor()
  await says(page.getByRole('article'), 'Heat pump').waitFor()
})

test('in the weekly plan one day is unticked, another one timed and copied to the weekend, and all is saved', async () => {
  const path = `${pathOf('electric-vehicles')}/plan`
  const page = await visit(browser, stack, { home: 'full', path, live: false, ...desktop })
  const said = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor()
  const ticked = (day: string) => page.getByRole('checkbox', { name: day }).isChecked()
  expect([await ticked('Thursday'), await ticked('Friday')]).toEqual([true, true])
  await tabTo(page, /Thursday$/)
  await page.keyboard.press('Space')
  await tabTo(page, 'Friday: ready by')
  await page.keyboard.type('0545')
  await tabTo(page, 'Friday: level in %')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('71')
  await tabTo(page, 'Day')
  for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowDown')
  await tabTo(page, 'To the weekend')
  await page.keyboard.press('Space')
  await said('Copied. Nothing is saved yet.')
  await tabTo(page, 'Save the plan')
  await page.keyboard.press('Enter')
  await said('Saved.')

  await page.goto(stack.url + path)
  expect(await ticked('Thursday')).toBe(false)
  for (const day of ['Friday', 'Saturday', 'Sunday']) {
    expect(await ticked(day)).toBe(true)
    expect(await page.getByLabel(`${day}: ready by`).inputValue()).toBe('05:45')
    expect(await page.getByLabel(`${day}: level in %`).inputValue()).toBe('71')
  }
})

test('another level is chosen with an arrow, and saved', async () => {
  const path = `${pathOf('heat-pumps')}/settings`
  const page = await visit(browser, stack, { home: 'full', path, live: false, ...desktop })
  const level = async () => /^\w+/.exec((await focused(page))?.name ?? '')?.[0]
  await tabTo(page, /^(Low|Mid|Max)\b/)
  const before = await level()
  await page.keyboard.press('ArrowDown')
  const chosen = await level()
  expect(chosen).not.toBe(before)
  await tabTo(page, 'Save: How far optimization may go')
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor()
  expect(await stack.control('GET', 'homes/full/devices/heat-pumps')).toMatchObject({
    optimization_level: chosen,
  })
})
