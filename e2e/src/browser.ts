import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core'
import { chromiumPath } from './chromium.ts'

/** Starts the Chromium that `chromiumPath` finds, with further switches and without some of Playwright's. Throws what it throws. */
export async function launchBrowser(switches: string[] = [], without: string[] = []): Promise<Browser> {
  const executablePath = await chromiumPath()
  return chromium.launch({
    executablePath,
    ignoreDefaultArgs: without,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...switches,
    ],
  })
}

/** A phone held upright, with touch. */
export const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
} satisfies BrowserContextOptions

/** A desktop window. */
export const desktop = {
  viewport: { width: 1280, height: 900 },
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
} satisfies BrowserContextOptions
