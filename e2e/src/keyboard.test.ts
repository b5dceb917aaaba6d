import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { desktop, launchBrowser, phone } from './browser.ts'
import { says } from './screen.ts'
import { startStack, type Stack } from './stack.ts'
import { summerNoon, type ControlHome } from './unused-homes.ts'
import { isLive, visit } from './visit.ts'

let stack: Stack
let browser: Browser
let full: ControlHome

beforeAll(async () => {
  stack = await startStack({ simulatorArgs: ['--speed', '0', ...summerNoon] })
  browser = await launchBrowser()
  const homes = (await stack.control('GET', 'homes')) as ControlHome[]
  full = homes.find(({ name }) => name === 'full') ?? expect.fail('There is no home "full".')
})
afterAll(async () => {
  await browser.close()
  await stack.close()
})

/** Something that has the focus: what it is called, and whether eyes can tell. */
type Focused = { name: string; isMarked: boolean; isInView: boolean }

const focused = (page: Page): Promise<Focused | null> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null
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
    }
    function nameOf(one: HTMLElement) {
      return (one.getAttribute('aria-label') ?? one.innerText).replace(/\s+/g, ' ').trim()
    }
  })

/** Presses Tab from the top of the page until the focus leaves it. */
async function walk(page: Page): Promise<Focused[]> {
  const steps: Focused[] = []
  for (let i = 0; i < 100; i++) {
    await page.keyboard.press('Tab')
    const step = await focused(page)
    if (!step) return steps
    steps.push(step)
  }
  throw new Error('The focus never leaves the page.')
}

/** Everything on the page that does something, in reading order. */
const everything = (page: Page): Promise<string[]> =>
  page
    .locator('a[href], button:not(:disabled), summary, input:not([type="hidden"])')
    .evaluateAll((elements) =>
      elements.map((one) =>
        (one.getAttribute('aria-label') ?? (one as HTMLElement).innerText).replace(/\s+/g, ' ').trim(),
      ),
    )

/** Moves the focus with Tab alone to what is called so. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let i = 0; i < 100; i++) {
    await page.keyboard.press('Tab')
    const step = await focused(page)
    if (step && (typeof name === 'string' ? step.name === name : name.test(step.name))) return
  }
  throw new Error(`Tab does not reach ${name}.`)
}

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
