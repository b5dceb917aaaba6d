import { existsSync } from 'node:fs'

/**
 * Finds a Chromium: the one named by `CHROMIUM`, the machine's own, or the one that comes as an npm package (Linux on
 * x64 only), which is unpacked by the first who asks. Throws a sentence that says what to install where there is none.
 */
export async function chromiumPath(): Promise<string> {
  const installed = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ].find((path) => path && existsSync(path))
  if (installed) return installed
  if (process.platform === 'linux' && process.arch === 'x64') {
    const { default: packed } = await import('@sparticuz/chromium')
    return packed.executablePath()
  }
  throw new Error('The browser tests need Chromium: install it, or name its path in CHROMIUM.')
}
