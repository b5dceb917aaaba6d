import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { phone } from './browser.ts'
import { exactly } from './screen.ts'
import type { Stack } from './stack.ts'
import { enter, isLive, newPage } from './visit.ts'

export type Language = 'en' | 'de'
export const languages = ['en', 'de'] as const
/** The same in English and in German. */
export type Said = readonly [english: string, german: string]
export const inWords = ([english, german]: Said, language: Language) => (language === 'en' ? english : german)

/** A fault of the simulator: this status, with what is wrong with the part of the body that `loc` leads to. */
export const answer = (status: number, ...loc: (string | number)[]) => ({
  kind: 'status',
  status,
  body: { detail: loc.length > 0 ? [{ type: 'value_error', loc: ['body', ...loc], msg: 'no' }] : 'no' },
})

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Presses a button whose form is answered with a page, and waits for that: what is read next is not of the page before. */
export async function submit(page: Page, name: string): Promise<void> {
  const answered = page.waitForEvent('domcontentloaded')
  await press(page, name)
  await answered
}

/** Resolves when an alert says exactly this. */
export const alerted = (page: Page, text: string) =>
  page
    .getByRole('alert')
    .filter({ hasText: exactly(text) })
    .waitFor()

/** What is said at a control, for eyes and screen readers. */
export async function saidAt(page: Page, label: string): Promise<string> {
  const control = page.getByRole('main').getByLabel(label, { exact: true })
  const ids = (await control.getAttribute('aria-describedby'))?.split(' ') ?? []
  const parts = ids.map((id) => page.locator(`[id="${id}"]:visible`).allInnerTexts())
  return (await Promise.all(parts)).flat().join(' ').replace(/\s+/g, ' ')
}

/** Fails when the page claims that something is done. */
export async function claimsNothing(page: Page): Promise<void> {
  const done = page.getByRole('status').filter({ hasText: /^\s*(Saved|Removed|Gespeichert|Entfernt)\b/ })
  expect(await done.count()).toBe(0)
}

/** A phone that goes from home to home, which costs far less than one for each visit. */
export const onePhone = (browser: Browser): Promise<Page> => newPage(browser, phone)

/** Opens a page of a home on such a phone; `live` waits until it is. */
export async function goTo(
  page: Page,
  stack: Stack,
  language: Language,
  { home, path = '/', live = false }: { home: string; path?: string; live?: boolean },
): Promise<void> {
  await enter(page.context(), stack, home, language)
  await page.goto(stack.url + path)
  if (live) await isLive(page)
}
