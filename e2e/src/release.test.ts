import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { faultRow } from '../../apps/gateway/src/fault-row.test-support.ts'
import { exactly } from './screen.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { isLive, visit } from './visit.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'homewatt-release-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()

faultRow('I12', async ({ row, sees, does, never }) => {
  const pages = {
    en: await visit(browser, stack, { home: 'full', fresh: true }),
    de: await visit(browser, stack, { home: 'full', language: 'de', fresh: true }),
  }
  const before = await (await pages.en.request.get(stack.url)).text()
  await stack.gateway.end()
  await stack.restartGateway({ WEB_BUILD: nextRelease(folder) })

  for (const language of ['en', 'de'] as const) {
    const page = pages[language]
    const [says = '', reload = ''] = row.sees?.[language] ?? []
    const hint = page.getByRole('status').filter({ hasText: says })
    const link = hint.getByRole('link', { name: reload, exact: true })
    await sees(async () => {
      await link.waitFor()
      expect(await hint.count()).toBe(1)
    })
    await does(async () => {
      // It is live again, and what it asks is answered.
      await isLive(page)
      const asked = page.waitForResponse((response) => response.url().endsWith('/api/refresh'))
      await refresh(page, language)
      expect((await asked).status()).toBe(200)
      await link.click()
      await isLive(page)
      expect(await hint.count()).toBe(0)
    })
  }
  await never(async () => {
    // A document of before, whose script is not there any more: all is said, and its forms work without.
    const { en: page } = pages
    await page.route(stack.url, (route) => route.fulfill({ contentType: 'text/html', body: before }))
    const gone = page.waitForResponse((response) => response.url().endsWith('.js'))
    await page.goto(stack.url)
    expect((await gone).status()).toBe(404)
    expect(await page.getByRole('main').innerText()).toMatch(/\d\s+k?W\b/)
    await refresh(page, 'en')
    await isLive(page)
  })
})

const refresh = (page: Page, language: 'en' | 'de') =>
  page.getByRole('button', { name: exactly(language === 'en' ? 'Refresh' : 'Aktualisieren') }).click()

/** The web app as it would be built after a change of its scripts: each has another name, here and where it is named. */
function nextRelease(into: string): string {
  cpSync(fileURLToPath(new URL('../../apps/web/build', import.meta.url)), into, { recursive: true })
  const files = readdirSync(into, { recursive: true, encoding: 'utf8' })
  const hashes = files.flatMap((name) => /_app\/immutable\/live\/(.+)\.js$/.exec(name)?.[1] ?? [])
  // As long as before, because the build knows the length of its files; and it is told of none that is compressed.
  const renamed = (text: string) =>
    hashes.reduce((all, hash) => all.replaceAll(hash, `~${hash.slice(1)}`), text)
  for (const path of files.filter((name) => /\.(js|json)$/.test(name)).map((name) => join(into, name)))
    writeFileSync(path, renamed(readFileSync(path, 'utf8')).replaceAll(/,\\"(gz|br)\\":\d+/g, ''))
  for (const name of files)
    if (renamed(name) !== name) renameSync(join(into, name), join(into, renamed(name)))
  return into
}
