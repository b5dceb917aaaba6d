import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { exactly, plain, refreshUntil } from './screen.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'
import { isLive, visit } from './visit.ts'

const stack = useStack()
const browser = useBrowser()
const full = useHome(stack, 'full')

test('whoever opens the page without a session sees the full home, live, and knows that it is a demo', async () => {
  const page = await visit(browser, stack, { home: null })
  for (const { name } of full.devices) await page.getByRole('heading', { name }).waitFor()
  await page.getByText('Demo home: full').waitFor()
  const shown = (await page.getByRole('definition').allInnerTexts()).map(plain)
  expect(shown.filter((text) => /\d\s?(k?W|°C|%)/.test(text)).length).toBeGreaterThanOrEqual(8)
})

test('numbers change as the devices report, without a reload and without a touch', async () => {
  const page = await visit(browser, stack, { home: 'full', fresh: true })
  let loads = 0
  page.on('load', () => loads++)
  const ages = async () => (await page.locator('time').allInnerTexts()).map(plain)
  await stack.control('POST', 'homes/full/devices/heat-pumps', { set: { dhw_temperature: 58.5 } })
  await page
    .getByRole('definition')
    .filter({ hasText: /58\.5\s°C/ })
    .waitFor({ timeout: 45_000 })
  expect(await ages()).toContain('Updated just now')
  expect(loads).toBe(0)
})

describe('refreshing shows what is new', () => {
  test('by the button', async () => {
    const page = await visit(browser, stack, { home: 'heat' })
    await stack.control('POST', 'homes/heat/devices/heat-pumps', { set: { dhw_temperature: 59.5 } })
    await refreshUntil(page, page.getByRole('definition').filter({ hasText: /59\.5\s°C/ }))
  })

  test('by pulling the page down with a finger', async () => {
    const page = await visit(browser, stack, { home: 'solar' })
    const asked = page.waitForResponse((answer) => answer.url().endsWith('/api/refresh'))
    await pullDown(page)
    expect((await asked).status()).toBe(200)
    await page.getByRole('status').filter({ hasText: 'Checked just now' }).waitFor()
  })
})

describe('when the push is down', () => {
  test('the page asks by itself and says so', async () => {
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await page.route('**/api/stream', (route) => route.abort())
    await page.goto(stack.url)
    await page
      .getByRole('status')
      .filter({ hasText: 'Live connection lost – checking every 30 s' })
      .waitFor({ timeout: 15_000 })
    await page.unroute('**/api/stream')
    await isLive(page)
    await context.close()
  })

  test('with the gateway gone the last known values stay, and the page comes back by itself', async () => {
    const page = await visit(browser, stack, { home: 'solar' })
    const values = () => page.getByRole('definition').allInnerTexts()
    const before = await values()
    await stack.gateway.end()
    await page
      .getByRole('status')
      .filter({ hasText: 'No connection – showing the last known values' })
      .waitFor()
    expect(await values()).toEqual(before)

    await stack.restartGateway()
    await page
      .getByRole('status')
      .filter({ hasText: exactly('Live') })
      .waitFor({ timeout: 30_000 })
  })
})

/** One finger, from the top of the page down. */
async function pullDown(page: Page): Promise<void> {
  const touch = await page.context().newCDPSession(page)
  const at = (y: number) => [{ x: 180, y }]
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(150) })
  for (let y = 170; y <= 410; y += 20)
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(y) })
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}
