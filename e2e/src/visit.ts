import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { phone } from './browser.ts'
import { exactly } from './screen.ts'
import type { Stack } from './stack.ts'

export type Visit = BrowserContextOptions & {
  /** A demo home; `null` comes without a session. */
  home: string | null
  path?: string
  language?: 'en' | 'de'
  /** Whether to wait until the page is live; pages without a home never are. */
  live?: boolean
}

/**
 * Opens a page as somebody who is signed in to a demo home, on a phone unless told otherwise, and waits until it
 * is live. Everything is closed when the test ends.
 */
export async function visit(
  browser: Browser,
  stack: Stack,
  { home, path = '/', language = 'en', live = true, ...options }: Visit,
): Promise<Page> {
  const context = await browser.newContext({ ...phone, ...options })
  context.setDefaultTimeout(15_000)
  onTestFinished(() => context.close())
  const cookies = home === null ? [] : [await stack.signIn(home)]
  await context.addCookies(
    [...cookies, `lang=${language}`].map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2)
      return { name, value, url: stack.url, httpOnly: true, sameSite: 'Strict' as const }
    }),
  )
  const page = await context.newPage()
  await page.goto(stack.url + path)
  if (live && options.javaScriptEnabled !== false) await isLive(page)
  return page
}

/** Resolves when the page says that it is live. */
export function isLive(page: Page): Promise<void> {
  return page
    .getByRole('status')
    .filter({ hasText: exactly('Live') })
    .waitFor()
}
