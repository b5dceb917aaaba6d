import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { refreshUntil, says } from './screen.ts'
import { manyHomes } from './unused-homes.ts'
import { useBrowser, useStack, useUnusedHomes } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: manyHomes })
const browser = useBrowser()
const homes = useUnusedHomes(stack)

const flowing = {
  current_solar_production_w: 3000,
  household_consumption_w: 1000,
  battery_charge_discharge_power_w: -1000,
  current_power_to_grid_w: 1000,
  is_battery_connected: true,
}

/** How many things move on the page. */
const moving = (page: Page) =>
  page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)

/** How the values of the page are drawn: colour and weight of the first reading. */
const look = (page: Page) =>
  page
    .getByRole('region', { name: 'Readings' })
    .getByRole('definition')
    .first()
    .evaluate((element) => {
      const { color, opacity } = getComputedStyle(element)
      return { color, opacity }
    })

describe('the age of a reading', () => {
  test.each([
    [20, 'Updated just now'],
    [130, 'Updated 2 min ago'],
    [1300, 'Updated 21 min ago'],
    [1820, 'Updated 30 min ago'],
  ])('%i seconds old: %s', async (reported_ago_s, words) => {
    const { home, path } = await homes.prepare('heat-pumps', { reported_ago_s })
    const page = await visit(browser, stack, { home, path })
    await says(page, words).waitFor()
  })

  test.each([
    ['up to 5 min ahead reads just now', 240, 'Updated just now'],
    [
      'further ahead is not told',
      3600,
      'The device’s clock differs, so the age of these values is not known',
    ],
  ])('a clock that is %s', async (_, aheadS, words) => {
    const { now } = (await stack.control('GET', 'clock')) as { now: string }
    const { home, path } = await homes.prepare('heat-pumps', {
      set: { current_state_last_updated_at: new Date(Date.parse(now) + aheadS * 1000).toISOString() },
    })
    const page = await visit(browser, stack, { home, path })
    await says(page, words).waitFor()
  })
})

describe('what is old names whose silence it is', () => {
  test('the manufacturer’s', async () => {
    const { home, path } = await homes.prepare('heat-pumps', { reported_ago_s: 3000 })
    const page = await visit(browser, stack, { home, path })
    await page.getByText(/^No new data from the manufacturer since .*\d\d:\d\d$/).waitFor()
  })

  test('a lapsed link', async () => {
    const { home, path } = await homes.prepare('heat-pumps', { authenticated: false, reported_ago_s: 3000 })
    const page = await visit(browser, stack, { home, path })
    await page.getByText(/^The link to the manufacturer has lapsed\. Last data: .*\d\d:\d\d$/).waitFor()
  })

  test('our own', async () => {
    const { home, path } = await homes.prepare('heat-pumps', { reported_ago_s: 3000 })
    const page = await visit(browser, stack, { home, path })
    await stack.control('POST', 'faults', {
      kind: 'status',
      status: 503,
      match: { home, type: 'heat-pumps' },
    })
    await refreshUntil(
      page,
      page.getByText(/^We cannot fetch new data at the moment\. Last data: .*\d\d:\d\d$/),
    )
    await stack.control('DELETE', 'faults')
  })

  test('a device that has never reported', async () => {
    const { home, path } = await homes.prepare('heat-pumps', { never_reported: true })
    const page = await visit(browser, stack, { home, path })
    await says(page, 'This device has not reported any data yet').waitFor()
  })
})

test('a reading that is no longer updated turns ageing, then old: dimmed, at rest, and its cause named', async () => {
  const { home, id, path } = await homes.prepare('inverters', { set: flowing })
  const page = await visit(browser, stack, { home, path, reducedMotion: 'no-preference' })
  await page.locator('[data-level="fresh"]').first().waitFor()
  await expect.poll(() => moving(page)).toBeGreaterThan(0)
  const fresh = await look(page)

  await stack.control('POST', `homes/${home}/devices/${id}`, { freeze: true, report: false })
  await stack.control('POST', 'advance', { seconds: 30 * 60 })
  await refreshUntil(page, page.getByText(/^Updated 3\d min ago$/))
  expect(await page.locator('[data-level="ageing"]').count()).toBeGreaterThan(0)
  await expect.poll(() => moving(page)).toBe(0)

  await stack.control('POST', 'advance', { seconds: 30 * 60 })
  await refreshUntil(page, page.getByText(/^No new data from the manufacturer since .*\d\d:\d\d$/))
  expect(await page.locator('[data-level="old"]').count()).toBeGreaterThan(0)
  await expect.poll(() => moving(page)).toBe(0)
  expect(await look(page)).not.toEqual(fresh)
})

test('nothing moves for somebody who asked for less motion', async () => {
  const { home, path } = await homes.prepare('inverters', { set: flowing })
  const page = await visit(browser, stack, { home, path })
  await page.locator('[data-motion="true"]').first().waitFor({ state: 'attached' })
  expect(await moving(page)).toBe(0)
})

test('each device has its own age, and an old one dims alone', async () => {
  const { name: home } = homes.take('heat-pumps', 'inverters')
  await stack.control('POST', `homes/${home}/devices/heat-pumps`, { reported_ago_s: 4000 })
  await stack.control('POST', `homes/${home}/devices/inverters`, { reported_ago_s: 130 })
  const page = await visit(browser, stack, { home })
  const card = (kind: string) => page.getByRole('article').filter({ hasText: kind })
  await card('Heat pump')
    .getByText(/^No new data from the manufacturer since/)
    .waitFor()
  await says(card('Solar inverter'), 'Updated 2 min ago').waitFor()
})
