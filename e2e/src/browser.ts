import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core'

/**
 * Starts a Chromium: the one named by `CHROMIUM`, the machine's own, or the one that comes as an npm package
 * (Linux on x64 only). Throws a sentence that says what to install where there is none.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await chromiumPath()
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

async function chromiumPath(): Promise<string> {
  const installed = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].find((path) => path && existsSync(path))
  if (installed) return installed
  if (process.platform === 'linux' && process.arch === 'x64') {
    const { default: packed } = await import('@sparticuz/chromium')
    return packed.executablePath()
  }
  throw new Error('The browser tests need Chromium: install it, or name its path in CHROMIUM.')
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
