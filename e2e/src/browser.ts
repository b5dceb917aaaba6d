import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core'
import { chromiumPath } from './chromium.ts'

export type BrowserOptions = {
  /**
   * The browser as people have it. The headless shell takes less than half of its time for the same page, but keeps no
   * page to go back to and shows no notification.
   */
  whole?: boolean
  /** Further switches. */
  switches?: string[]
  /** Those of Playwright's that it starts without. */
  without?: string[]
}

/** Starts the Chromium that `chromiumPath` finds, and throws what that throws. */
export async function launchBrowser({
  whole = false,
  switches = [],
  without = [],
}: BrowserOptions = {}): Promise<Browser> {
  const executablePath = await chromiumPath({ whole })
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

/** A third of what a page costs on a machine without a graphics card is its motion, which no test looks at. */
const still = { reducedMotion: 'reduce' } satisfies BrowserContextOptions

/** A phone held upright, with touch. */
export const phone = {
  ...still,
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 1,
  hasTouch: true,
  isMobile: true,
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
} satisfies BrowserContextOptions

/** A desktop window. */
export const desktop = {
  ...still,
  viewport: { width: 1280, height: 900 },
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
} satisfies BrowserContextOptions
