import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { launchBrowser } from './browser.ts'
import { startStack, type Stack } from './stack.ts'
import { summerNoon } from './unused-homes.ts'
import { isLive, visit } from './visit.ts'

let stack: Stack
let browser: Browser
beforeAll(async () => {
  stack = await startStack({
    simulatorArgs: ['--speed', '0', ...summerNoon],
    env: {
      CAPABILITIES_OFF: 'boost,readyBy,weeklyPlan,away,connect,history',
      SUPPORT_EMAIL: 'help@north.example',
    },
  })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await stack.close()
})

test('what a partner switched off is not there, before the script and after it; all else is', async () => {
  const page = await visit(browser, stack, { home: 'full', path: '/settings', live: false })
  const links = (await page.getByRole('main').getByRole('link').allTextContents()).join('\n')
  expect(links).toMatch(/Buildings/)
  expect(links).not.toMatch(/Away|Connect|History/)

  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  await page.goto(stack.url)
  await isLive(page)

  const cards = await page.getByRole('article').count()
  expect(cards).toBeGreaterThanOrEqual(4)
  expect(await page.getByRole('article').getByRole('button').count()).toBe(0)
  const more = page.getByRole('navigation', { name: 'More' }).getByRole('link')
  expect(await more.allTextContents()).toEqual(['Messages', 'Settings'])
  expect(await axeViolations(page)).toEqual([])

  await page.locator('article[data-type="electric-vehicles"]').getByRole('link').click()
  await isLive(page)
  expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
  expect(said).toEqual([])

  await page.getByRole('link', { name: 'Settings', exact: true }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
  const groups = await page.getByRole('heading', { level: 2 }).allTextContents()
  expect(groups).toEqual(['Smart optimization'])
  expect(await page.getByRole('link', { name: /Weekly plan/ }).count()).toBe(0)
  expect(await page.getByRole('link', { name: /Charging mode/ }).count()).toBe(1)
  expect(await axeViolations(page)).toEqual([])

  const gone = await page.goto(`${stack.url}/settings/away`)
  expect(gone?.status()).toBe(404)
  await page.getByText('There is no such page').waitFor()
  expect(await axeViolations(page)).toEqual([])
})

test('a home without devices shows whom to ask for the first one', async () => {
  const page = await visit(browser, stack, { home: 'empty' })
  await page.getByRole('link', { name: 'Contact', exact: false }).waitFor()
  expect(await page.getByRole('link', { name: 'Connect a device' }).count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
})
