import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { startStack, type Stack } from './stack.ts'
import { manyHomes, unusedHomes } from './unused-homes.ts'
import { visit } from './visit.ts'

let stack: Stack
let browser: Browser
let homes: Awaited<ReturnType<typeof unusedHomes>>

beforeAll(async () => {
  stack = await startStack({ simulatorArgs: manyHomes })
  browser = await launchBrowser()
  homes = await unusedHomes(stack)
})
afterAll(async () => {
  await browser.close()
  await stack.close()
})

test.each([
  '</script><img src=x onerror=alert(1)>',
  '<!--<script>alert(1)//',
  '"><svg onload=alert(1)>',
  '{@html 1}${alert(1)}',
])('a device called %s is a device with an odd name and nothing more', async (name) => {
  const { home, path } = await homes.prepare('heat-pumps', {
    set: { device_model: { manufacturer: name, model: null } },
  })
  const page = await visit(browser, stack, { home, path })
  let ran = false
  page.on('dialog', (dialog) => {
    ran = true
    void dialog.dismiss()
  })
  // Live means that the data behind the name arrived whole.
  await page.reload()
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  expect(await page.locator('img, [onload], [onerror]').count()).toBe(0)
  expect(ran).toBe(false)
})
