import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, phone } from './browser.ts'
import { startStack, type Stack } from './stack.ts'
import { isLive } from './visit.ts'

let stack: Stack
let browser: Browser

beforeAll(async () => {
  stack = await startStack({ simulatorArgs: ['--speed', '0'] })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await stack.close()
})

test.each(['full', 'many', 'reconnect', 'empty'])(
  'the script takes over the elements of the server and replaces none: %s',
  async (home) => {
    const context = await browser.newContext(phone)
    const [name = '', value = ''] = (await stack.signIn(home)).split('=', 2)
    await context.addCookies([{ name, value, url: stack.url, httpOnly: true, sameSite: 'Strict' }])
    const page = await context.newPage()
    await page.addInitScript(() =>
      document.addEventListener('DOMContentLoaded', () =>
        Object.assign(window, { served: [...document.querySelectorAll('#live *')] }),
      ),
    )
    await page.goto(stack.url)
    await isLive(page)
    const { served, replaced } = await page.evaluate(() => {
      const { served } = window as unknown as { served: Element[] }
      return {
        served: served.length,
        replaced: served
          .filter((element) => !element.isConnected)
          .map(({ outerHTML }) => outerHTML.slice(0, 80)),
      }
    })
    expect(served).toBeGreaterThan(20)
    expect(replaced).toEqual([])
    await context.close()
  },
)
