import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestIssuer } from '../../apps/gateway/src/issuer.test-support.ts'
import { desktop } from './browser.ts'
import { useSignInStack } from './use-sign-in-stack.ts'
import { useBrowser } from './use-stack.ts'

/** The issuer is at 127.0.0.1 and we are at localhost: to a browser these are different sites. */
const { stack, issuer } = useSignInStack({ BRAND_NAME: 'Northern Light & Power' })
const browser = useBrowser()

let context: BrowserContext
let page: Page
beforeEach(async () => {
  issuer.person({ sub: 'anna', customer: 'full' })
  context = await browser.newContext(desktop)
  page = await context.newPage()
})
afterEach(() => context.close())

const pathOf = () => new URL(page.url()).pathname

async function signIn() {
  await page.goto(stack.url)
  expect(pathOf()).toBe('/sign-in')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${stack.url}/`)
  await page.getByRole('heading', { name: 'Your home' }).waitFor()
}

test('whoever opens the dashboard signs in at the provider and sees the own home', async () => {
  await signIn()
  expect(await page.content()).toContain('Northern Light &amp; Power')
  const [cookie, ...others] = await context.cookies(stack.url)
  expect(cookie).toMatchObject({ name: 'homewatt', httpOnly: true, sameSite: 'Strict' })
  expect(others).toEqual([])
  await page.reload()
  expect(pathOf()).toBe('/')
})

test('it works without a script of ours', async () => {
  const plain = await browser.newContext({ ...desktop, javaScriptEnabled: false })
  try {
    page = await plain.newPage()
    await signIn()
  } finally {
    await plain.close()
  }
})

test('signing out ends the session here, leads to the provider, and the way back shows nothing', async () => {
  await signIn()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL((at) => at.href.startsWith(issuer.url))
  await page.goBack()
  await page.goto(stack.url)
  expect(pathOf()).toBe('/sign-in')
  expect((await context.request.get(`${stack.url}/api/home`)).status()).toBe(401)
})

test.each<[string, Parameters<TestIssuer['person']>[0], RegExp]>([
  [
    'whom the Partner API does not know',
    { sub: 'carl', customer: 'nobody-here' },
    /not linked to a home yet/,
  ],
  ['who says no', null, /You were not signed in/],
])('somebody %s is told so', async (_, person, sentence) => {
  issuer.person(person)
  await page.goto(`${stack.url}/sign-in`)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toMatch(sentence)
  expect(await context.cookies(stack.url)).not.toContainEqual(expect.objectContaining({ name: 'homewatt' }))
})

test('in German too', async () => {
  const german = await browser.newContext({ ...desktop, locale: 'de-DE' })
  try {
    const seite = await german.newPage()
    await seite.goto(`${stack.url}/sign-in?reason=not_linked`)
    expect(await seite.getByRole('alert').textContent()).toContain('mit keinem Zuhause verknüpft')
    await seite.getByRole('button', { name: 'Anmelden' }).waitFor()
  } finally {
    await german.close()
  }
})
