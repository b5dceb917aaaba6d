import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { inDays } from './in-days.ts'
import { optimised } from './optimised.ts'
import { inWords, languages, onePhone, submit, type Language, type Said } from './refusal.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { enter } from './visit.ts'

const stack = useStack()
const browser = useBrowser()

const HOUR_MS = 60 * 60_000
/** The clockwork looks every fifteen seconds. */
const patience = { timeout: 45_000, interval: 1_000 }

const words = {
  until: ['Until', 'Bis'],
  begin: ['Begin', 'Beginnen'],
  away: ['You are away until', 'Du bist abwesend bis'],
  banner: ['Away until', 'Abwesend bis'],
  reminder: ['Your home is getting ready for you', 'Dein Zuhause bereitet sich auf dich vor'],
  ended: ['Welcome back', 'Willkommen zurück'],
} as const satisfies Record<string, Said>

const homes: Record<Language, string> = { en: 'full', de: 'solar' }

test('a time away is reminded of on the evening before its end, and ends by itself, although nobody looks and the gateway slept over both', async () => {
  const people = await Promise.all(
    languages.map(async (language) => {
      const page = await onePhone(browser)
      const say = (said: Said) => inWords(said, language)
      return { page, say, home: homes[language], before: await optimised(stack, homes[language]), language }
    }),
  )
  let untilMs = NaN
  for (const { page, say, home, before, language } of people) {
    expect(before).toBeGreaterThan(0)
    await enter(page.context(), stack, home, language)
    await page.goto(`${stack.url}/settings/away`)
    // Noon: the evening before is at the same distance whatever the hour is now.
    await page.getByLabel(say(words.until)).fill(`${inDays(3).slice(0, 10)}T12:00`)
    await submit(page, say(words.begin))
    await page.getByRole('heading', { name: say(words.away) }).waitFor()
    expect(await optimised(stack, home)).toBe(0)
    const { away } = (await (await page.request.get(`${stack.url}/api/away`)).json()) as {
      away: { until: string }
    }
    untilMs = Date.parse(away.until)
  }

  await sleepUntil(untilMs - 16 * HOUR_MS)
  for (const { page, say, home, language } of people) {
    await enter(page.context(), stack, home, language)
    await expect.poll(() => kinds(page), patience).toContain('away_reminder')
    expect(await messages(page, say(words.reminder))).toBe(1)
    await page.goto(stack.url)
    await page.getByRole('link', { name: say(words.banner) }).waitFor()
    expect(await optimised(stack, home)).toBe(0)
  }

  await sleepUntil(untilMs + HOUR_MS)
  for (const { page, say, home, before, language } of people) {
    await expect.poll(() => optimised(stack, home), patience).toBe(before)
    await enter(page.context(), stack, home, language)
    await expect.poll(() => kinds(page), patience).toContain('away_ended')
    expect(await messages(page, say(words.ended))).toBe(1)
    expect(await messages(page, say(words.reminder))).toBe(1)
    await page.goto(stack.url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.getByRole('link', { name: say(words.banner) }).count()).toBe(0)
    await page.context().close()
  }
}, 240_000)

/** Ends the gateway, and starts it when its wall clock shows this moment. */
async function sleepUntil(atMs: number): Promise<void> {
  await stack.gateway.end()
  await stack.restartGateway({
    NODE_OPTIONS: `--import=${new URL('later.ts', import.meta.url).href}`,
    LATER_MS: String(atMs - Date.now()),
  })
}

/** What there are messages about. */
async function kinds(page: Page): Promise<string[]> {
  const answer = await page.request.get(`${stack.url}/api/notices`)
  return ((await answer.json()) as { notices: { kind: string }[] }).notices.map(({ kind }) => kind)
}

/** How many messages with this title the list has. */
async function messages(page: Page, title: string): Promise<number> {
  await page.goto(`${stack.url}/notices`)
  return page.getByRole('heading', { level: 2, name: title, exact: true }).count()
}
