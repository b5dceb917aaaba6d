import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openForger, type Forger } from '../../apps/gateway/src/forger.test-support.ts'
import { desktop, launchBrowser } from './browser.ts'
import { freePort, startStack, type Stack } from './stack.ts'
import { openTls, passOnTo, type TlsServer } from './tls.ts'

/** We are at localhost; the portal and everybody else have names of their own, so to a browser these are other sites. */
let stack: Stack
let keys: Forger
let front: TlsServer
let parents: TlsServer
let browser: Browser
let us: string
let portal: string
let evil: string
beforeAll(async () => {
  const port = await freePort()
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
  stack = await startStack({
    env: {
      PORT: String(port),
      PUBLIC_URL: us,
      FRAME_ANCESTORS: portal,
      OIDC_ISSUER: keys.url,
      OIDC_CLIENT_ID: 'homewatt',
      OIDC_CLIENT_SECRET: 'secret of the test',
      EMBED_ISSUER: portal,
      EMBED_KEYS_URL: `${keys.url}/keys`,
      EMBED_USER_CLAIM: 'customer',
    },
  })
  browser = await launchBrowser([
    '--host-resolver-rules=MAP portal.test 127.0.0.1, MAP evil.test 127.0.0.1',
    // As in a browser that keeps no cookies of third parties.
    '--test-third-party-cookie-phaseout',
  ])
})
afterAll(async () => {
  await browser?.close()
  await stack?.close()
  for (const server of [front, parents, keys]) await server?.close()
})

let context: BrowserContext
let page: Page
beforeEach(async () => {
  context = await browser.newContext({ ...desktop, ignoreHTTPSErrors: true })
  context.setDefaultTimeout(15_000)
  page = await context.newPage()
})
afterEach(() => context.close())

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
  const frame = await open(portal)
  await frame.getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await swap(frame, await token())).toBe(204)
  await frame.goto(`${us}/`)
  await frame.getByRole('heading', { level: 1, name: 'Your home' }).waitFor()
  await frame.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  const [cookie] = (await context.cookies(us)).filter(({ name }) => name === '__Host-homewatt')
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'None' })
  expect(cookie?.partitionKey).toContain('portal.test')
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
  const frame = await innermost(page)
  expect(frame.url()).toBe('chrome-error://chromewebdata/')
})

test.each(['/nowhere', '/sign-in?reason=cancelled', '/'])('%s shows itself in the portal', async (path) => {
  const frame = await open(portal, path)
  await frame.getByRole('heading', { level: 1 }).waitFor()
})
