import { randomUUID } from 'node:crypto'
import type { Browser, Frame, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openForger, type Forger } from '../../apps/gateway/src/forger.test-support.ts'
import { desktop, launchBrowser } from './browser.ts'
import { freePort } from './stack.ts'
import { openTls, passOnTo, type TlsServer } from './tls.ts'
import { useBrowser, useStack } from './use-stack.ts'

/** We are at localhost; the portal and everybody else have names of their own, so to a browser these are other sites. */
let keys: Forger
let front: TlsServer
let parents: TlsServer
let port: number
let us: string
let portal: string
let evil: string
beforeAll(async () => {
  port = await freePort()
  front = await openTls(passOnTo(() => port))
  parents = await openTls((request, response) => {
    const asked = new URL(request.url ?? '/', 'https://parent.invalid')
    const sandbox =
      asked.pathname === '/sandboxed' ? { 'content-security-policy': 'sandbox allow-scripts' } : {}
    response.writeHead(200, { 'content-type': 'text/html', ...sandbox })
    response.end(
      `<!doctype html><title>Parent</title><iframe src="${asked.searchParams.get('src')}" width="900" height="700"></iframe>`,
    )
  })
  us = `https://localhost:${front.port}`
  portal = `https://portal.test:${parents.port}`
  evil = `https://evil.test:${parents.port}`
  keys = await openForger()
})
afterAll(async () => {
  for (const server of [front, parents, keys]) await server?.close()
})
useStack(() => ({
  port,
  env: {
    PUBLIC_URL: us,
    FRAME_ANCESTORS: portal,
    OIDC_ISSUER: keys.url,
    OIDC_CLIENT_ID: 'homewatt',
    OIDC_CLIENT_SECRET: 'secret of the test',
    EMBED_ISSUER: portal,
    EMBED_KEYS_URL: `${keys.url}/keys`,
    EMBED_USER_CLAIM: 'customer',
  },
}))
const switches = ['--host-resolver-rules=MAP portal.test 127.0.0.1, MAP evil.test 127.0.0.1']
const browser = useBrowser({ switches })

let page: Page
beforeEach(async () => {
  page = await openWindow(browser)
})
afterEach(() => page.context().close())

async function openWindow(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ ...desktop, ignoreHTTPSErrors: true })
  context.setDefaultTimeout(15_000)
  return context.newPage()
}

const around = (parent: string, src: string) =>
  `${parent}${parent.endsWith('d') ? '' : '/'}?src=${encodeURIComponent(src)}`

/** Opens a page that shows us, and finds us in it. */
async function open(parent: string, path = '/sign-in'): Promise<Frame> {
  await page.goto(around(parent, us + path))
  return innermost(page)
}

async function innermost(page: Page): Promise<Frame> {
  await page.waitForLoadState('networkidle')
  let frame = page.mainFrame()
  while (frame.childFrames().length > 0) frame = frame.childFrames()[0] ?? frame
  return frame
}

function token(): Promise<string> {
  const nowS = Math.floor(Date.now() / 1000)
  return keys.sign(
    { iss: portal, aud: us, sub: 'anna', customer: 'full', iat: nowS, exp: nowS + 60, jti: randomUUID() },
    { header: { typ: 'homewatt-embed+jwt' } },
  )
}

/** What our own script in the frame does with a token that the portal handed over. */
const swap = (frame: Frame, text: string) =>
  frame.evaluate(async (token) => {
    const answer = await fetch('/api/embed/session', {
      method: 'POST',
      headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
    return answer.status
  }, text)

test('inside the portal a token opens the home, though cookies of third parties are not kept', async () => {
  // The headless shell would keep them.
  const whole = await launchBrowser({ whole: true, switches })
  onTestFinished(() => whole.close())
  page = await openWindow(whole)
  const frame = await open(portal)
  await frame.getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await swap(frame, await token())).toBe(204)
  await frame.goto(`${us}/`)
  await frame.getByRole('heading', { level: 1, name: 'Your home' }).waitFor()
  await frame.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  const [cookie] = (await page.context().cookies(us)).filter(({ name }) => name === '__Host-Http-homewatt')
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'None' })
  expect(cookie?.partitionKey).toContain('portal.test')
  // One click that was meant for the page around it destroys nothing: that takes a tick before.
  await frame.goto(`${us}/settings/history`)
  const remove = frame.getByRole('button', { name: 'Delete the history' })
  await remove.click()
  expect(await frame.evaluate(() => document.querySelector('[name=sure]:invalid') !== null)).toBe(true)
  expect(await frame.locator('[data-done]').count()).toBe(0)
  await frame.getByRole('checkbox', { name: 'I know that it cannot be brought back' }).check()
  await remove.click()
  await frame.locator('[data-done]').waitFor()
  // What was opened there is open there, and nowhere else.
  await page.goto(us)
  expect(new URL(page.url()).pathname).toBe('/sign-in')
})

test.each<[string, () => string]>([
  ['any other page', () => around(evil, `${us}/sign-in`)],
  ['the portal inside another page', () => around(evil, around(portal, `${us}/sign-in`))],
  ['another page inside the portal', () => around(portal, around(evil, `${us}/sign-in`))],
  ['a page of the portal that is locked in', () => around(`${portal}/sandboxed`, `${us}/sign-in`)],
  ['any other page, with a page that moves on,', () => around(evil, `${us}/`)],
  ['the API in the portal', () => around(portal, `${us}/api/health`)],
  ['a page that is not there in another page', () => around(evil, `${us}/nowhere`)],
  ['a file in another page', () => around(evil, `${us}/favicon.svg`)],
])('in %s the frame stays blank', async (_, address) => {
  await page.goto(address())
  await expect.poll(async () => (await innermost(page)).url()).toBe('chrome-error://chromewebdata/')
})

test.each(['/nowhere', '/sign-in?reason=cancelled', '/'])('%s shows itself in the portal', async (path) => {
  const frame = await open(portal, path)
  await frame.getByRole('heading', { level: 1 }).waitFor()
})
