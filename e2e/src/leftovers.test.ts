import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { desktop } from './browser.ts'
import { useSignInStack } from './use-sign-in-stack.ts'
import { useBrowser, useHome } from './use-stack.ts'

const { stack, issuer } = useSignInStack()
// Going back may show a page as it was left: that has to be put to the test, and Playwright turns it off.
const browser = useBrowser({ whole: true, without: ['--disable-back-forward-cache'] })
const anna = useHome(stack, 'full')
beforeAll(async () => {
  for (const { id } of anna.devices)
    await stack.control('POST', `homes/full/devices/${id}`, {
      set: { device_model: { manufacturer: 'Canary', model: 'of Anna' } },
    })
})

let context: BrowserContext
let page: Page
let asked: string[]
beforeEach(async () => {
  context = await browser.newContext(desktop)
  context.setDefaultTimeout(15_000)
  page = await context.newPage()
  asked = []
  page.on(
    'request',
    (request) =>
      request.method() === 'GET' && request.url().startsWith(stack.url) && asked.push(request.url()),
  )
})
afterEach(() => context.close())

async function signIn(customer: string) {
  issuer.person({ sub: customer, customer })
  await page.goto(`${stack.url}/sign-in`)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${stack.url}/`)
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
}

async function signOut() {
  const signedOut = page.waitForResponse((answer) => answer.url().includes('/sign-in?/end'))
  await page.getByRole('button', { name: 'Sign out' }).click()
  return signedOut
}

const ofAnna = (text: string) => text.includes('Canary') || anna.devices.some(({ id }) => text.includes(id))

/** All that a page of ours finds in this browser. */
async function kept(): Promise<string> {
  await page.goto(`${stack.url}/favicon.svg`)
  const urls = [...new Set(asked)]
  return page.evaluate(async (urls) => {
    const found: string[] = [
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      document.cookie,
    ]
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys())
        found.push(request.url, (await (await cache.match(request))?.text()) ?? '')
    }
    for (const { name } of await indexedDB.databases()) found.push(`database ${name}`)
    for (const registration of await navigator.serviceWorker.getRegistrations())
      found.push(registration.scope)
    for (const url of urls) {
      const answer = await fetch(url, { cache: 'only-if-cached', mode: 'same-origin' }).catch(() => null)
      if (answer?.ok) found.push(`kept ${url}`, await answer.text())
    }
    return found.join('\n')
  }, urls)
}

test('after signing out there is nothing of anybody in this browser', async () => {
  await signIn('full')
  for (const { type, id } of anna.devices) {
    await page.goto(`${stack.url}/${type}/${id}`)
    await page.getByRole('heading', { level: 1, name: 'Canary of Anna' }).waitFor()
  }
  // As if a page of ours, or a tool in the browser, had put things aside.
  await page.evaluate(async () => {
    localStorage.setItem('home', 'Canary')
    sessionStorage.setItem('home', 'Canary')
    await (await caches.open('pages')).put('/', new Response('Canary'))
    await new Promise((done) => (indexedDB.open('homes').onsuccess = done))
  })
  const answer = await signOut()
  expect(await answer.headerValue('clear-site-data')).toBe('"cache", "storage"')
  await page.waitForURL((at) => at.href.startsWith(issuer.url))
  expect(asked.length).toBeGreaterThan(10)
  const left = await kept()
  expect(left).not.toContain('database')
  expect(ofAnna(left.replace(/^kept .*$/gm, ''))).toBe(false)
  for (const [, kept = ''] of left.matchAll(/^kept (.*)$/gm))
    expect(new URL(kept).pathname).toMatch(/^\/_app\/immutable\/|^\/favicon\.svg$|^\/manifest\.webmanifest$/)
})

test('going back after signing out shows nothing of the home', async () => {
  await signIn('full')
  await page.goto(`${stack.url}/${anna.devices[0]?.type}/${anna.devices[0]?.id}`)
  await page.getByRole('heading', { level: 1, name: 'Canary of Anna' }).waitFor()
  await signOut()
  await page.waitForURL((at) => at.href.startsWith(issuer.url))
  for (let step = 0; step < 5; step++) {
    await page.goBack({ waitUntil: 'load' }).catch(() => null)
    await page.waitForLoadState('networkidle')
    expect(await page.locator('body').innerText(), page.url()).not.toContain('Canary')
  }
})

test('without a network, too, and for whoever signs in next', async () => {
  await signIn('full')
  await signOut()
  await page.waitForURL((at) => at.href.startsWith(issuer.url))
  await context.setOffline(true)
  await page.goto(`${stack.url}/`).catch(() => null)
  await page.waitForURL('chrome-error://chromewebdata/')
  expect(ofAnna(await page.content())).toBe(false)
  await context.setOffline(false)
  // At the provider's own page it is said by a click that one leaves there too.
  await context.clearCookies({ domain: '127.0.0.1' })
  await signIn('car')
  expect(ofAnna(await page.content())).toBe(false)
  await page.goto(`${stack.url}/${anna.devices[0]?.type}/${anna.devices[0]?.id}`)
  expect((await page.content()).includes('Canary')).toBe(false)
  expect(ofAnna((await kept()).replace(/^kept .*$/gm, ''))).toBe(false)
})

test('a page left open in another tab is emptied when it comes to the front', async () => {
  await signIn('full')
  const other = await context.newPage()
  await other.goto(`${stack.url}/`)
  await other.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  await page.bringToFront()
  await signOut()
  await other.bringToFront()
  await other.waitForURL(`${stack.url}/sign-in*`)
  expect(ofAnna(await other.content())).toBe(false)
})
