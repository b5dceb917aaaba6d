import { expect, test } from 'vitest'
import { phone } from './browser.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { isLive } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()

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
