import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { onTestFailed, onTestFinished } from 'vitest'
import { phone } from './browser.ts'
import type { Stack } from './stack.ts'

export type Visit = BrowserContextOptions & {
  /** A demo home; `null` comes without a session. */
  home: string | null
  path?: string
  language?: 'en' | 'de'
  /** Whether to wait until the page is live; pages without a home never are. */
  live?: boolean
  /** A browser as nobody has used it, for a test that listens to it or changes it, or looks at what it keeps. */
  fresh?: boolean
}

/**
 * Opens a page as somebody who is signed in to a demo home, on a phone unless told otherwise, and waits until it
 * is live. Everything is closed when the test ends, or given to the next visitor with the same device.
 */
export async function visit(
  browser: Browser,
  stack: Stack,
  { home, path = '/', language = 'en', live = true, fresh = false, ...options }: Visit,
): Promise<Page> {
  const device = { ...phone, ...options }
  const page = fresh ? await ownPage(browser, device) : await lentPage(browser, device)
  await enter(page.context(), stack, home, language)
  await page.goto(stack.url + path)
  if (live && options.javaScriptEnabled !== false) await isLive(page)
  return page
}

async function ownPage(browser: Browser, device: BrowserContextOptions): Promise<Page> {
  const page = await newPage(browser, device)
  onTestFinished(() => page.context().close())
  return page
}

/** A page of a browser of its own. */
export async function newPage(browser: Browser, device: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(device)
  context.setDefaultTimeout(15_000)
  return context.newPage()
}

/** Pages that nobody uses just now, by device. A page that is there already costs half of what a new one does. */
const free = new WeakMap<Browser, Map<string, Page[]>>()

async function lentPage(browser: Browser, device: BrowserContextOptions): Promise<Page> {
  const ofBrowser = free.get(browser) ?? new Map<string, Page[]>()
  free.set(browser, ofBrowser)
  const key = JSON.stringify(device)
  const pages = ofBrowser.get(key) ?? []
  ofBrowser.set(key, pages)
  const page = pages.pop() ?? (await newPage(browser, device))
  if (device.viewport && page.viewportSize()?.width !== device.viewport.width)
    await page.setViewportSize(device.viewport)
  let hasFailed = false
  onTestFailed(() => void (hasFailed = true))
  onTestFinished(async () => {
    if (hasFailed || page.isClosed()) return page.context().close()
    await clean(page)
    pages.push(page)
  })
  return page
}

/** Takes away what a visitor leaves behind: whoever comes next is at another home. */
async function clean(page: Page): Promise<void> {
  const context = page.context()
  for (const other of context.pages()) if (other !== page) await other.close()
  await context.clearCookies()
  const devtools = await context.newCDPSession(page)
  const { origin } = new URL(page.url())
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  await devtools.detach()
}

/** Signs a browser in to a demo home, `null` to none, with a language chosen. */
export async function enter(
  context: BrowserContext,
  stack: Stack,
  home: string | null,
  language: 'en' | 'de',
): Promise<void> {
  const cookies = home === null ? [] : [await stack.signIn(home)]
  await context.addCookies(
    [...cookies, `lang=${language}`].map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2)
      return { name, value, url: stack.url, httpOnly: true, sameSite: 'Strict' as const }
    }),
  )
}

/** Resolves when the page is live, whether or not there is anything to be live about. */
export function isLive(page: Page): Promise<void> {
  return page.locator('[data-connection="live"]').waitFor({ state: 'attached' })
}
