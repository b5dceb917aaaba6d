import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { desktop } from './browser.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'

/** We are at localhost: one page that attacks is of the same site, for a port makes no difference to that, the other is not. */
const stack = useStack()
const browser = useBrowser({ switches: ['--disable-site-isolation-trials'] })
const home = useHome(stack, 'full')
let hostile: Server
let sibling: string
let foreign: string
beforeAll(async () => {
  hostile = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Win a prize</title>')
  })
  await new Promise<void>((resolve) => hostile.listen(0, '0.0.0.0', resolve))
  const at = (hostile.address() as AddressInfo).port
  sibling = `http://localhost:${at}`
  foreign = `http://127.0.0.1:${at}`
})
afterAll(() => {
  hostile?.close()
  hostile?.closeAllConnections()
})

let context: BrowserContext
let page: Page
beforeEach(async () => {
  context = await browser.newContext(desktop)
  page = await context.newPage()
  const [name = '', value = ''] = (await stack.signIn('full')).split('=')
  // The worst case: the cookie goes along wherever the browser lets it.
  await context.addCookies([{ name, value, url: stack.url, httpOnly: true, sameSite: 'Lax' }])
})
afterEach(() => context.close())

const vehicle = () => home.devices.find(({ type }) => type === 'electric-vehicles')?.id ?? ''
const targets = () => [
  `/api/devices/electric-vehicles/${vehicle()}/boost`,
  '/api/refresh',
  '/api/session/end',
  '/api/demo/sign-in',
  '/api/history',
  '/api/sessions',
  '/sign-in?/end',
  '/demo',
  '/language',
  '/?/boost',
  `/electric-vehicles/${vehicle()}?/boost`,
]

/** What a page can do to make a browser send something, run in that page. */
const ways: Record<string, (url: string) => Promise<unknown> | unknown> = {
  'a form': (url) => {
    document.body.innerHTML = `<iframe name=hidden></iframe><form method=post target=hidden action="${url}"><input name=home value=car><input name=lang value=de><input name=id value=x></form>`
    document.forms[0]?.submit()
  },
  'a form with files': (url) => {
    document.body.innerHTML = `<iframe name=hidden></iframe><form method=post enctype="multipart/form-data" target=hidden action="${url}"><input name=home value=car></form>`
    document.forms[0]?.submit()
  },
  'a form of plain text': (url) => {
    document.body.innerHTML = `<iframe name=hidden></iframe><form method=post enctype="text/plain" target=hidden action="${url}"><input name='{"home":"car","x":"' value='"}'></form>`
    document.forms[0]?.submit()
  },
  'a form that opens a page of its own': (url) => {
    document.body.innerHTML = `<form method=post target=_blank action="${url}"><input name=home value=car></form>`
    document.forms[0]?.submit()
  },
  'fetch without CORS': (url) =>
    fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => null),
  'fetch without CORS, with a body': (url) =>
    fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"home":"car"}' }).catch(
      () => null,
    ),
  'fetch with our header': (url) =>
    fetch(url, {
      method: 'POST',
      credentials: 'include',
      headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
      body: '{"home":"car"}',
    }).catch(() => null),
  'fetch to delete': (url) =>
    fetch(url, { method: 'DELETE', credentials: 'include', headers: { 'x-homewatt': '1' } }).catch(
      () => null,
    ),
  sendBeacon: (url) => navigator.sendBeacon(url, new Blob(['{"home":"car"}'], { type: 'text/plain' })),
  'an image': (url) =>
    new Promise((done) => {
      const image = new Image()
      image.onload = image.onerror = done
      image.src = url
    }),
  'a ping': (url) => {
    document.body.innerHTML = `<a href="#x" ping="${url}">x</a>`
    document.querySelector('a')?.click()
  },
}

test.each(
  Object.keys(ways).flatMap((way) => [
    [way, 'a sibling'],
    [way, 'a foreign page'],
  ]),
)('%s of %s changes nothing', async (way, who) => {
  const before = await state()
  await page.goto(who === 'a sibling' ? sibling : foreign)
  const sent: string[] = []
  context.on('request', (request) => sent.push(request.url()))
  for (const path of targets()) {
    // A form leaves the page; what a script sends, the script waits for.
    const arrived = way.startsWith('a form')
      ? context.waitForEvent('response', (answer) => answer.url().startsWith(stack.url))
      : null
    await page.evaluate(`(${String(ways[way])})(${JSON.stringify(stack.url + path)})`)
    await arrived
  }
  // What was sent before has been answered when this is.
  await page.waitForTimeout(300)
  expect(sent.some((url) => url.startsWith(stack.url))).toBe(true)
  expect(await state()).toEqual(before)
})

/** The session, the home that it is for, the language, and how often the Partner API was told to do something. */
async function state() {
  const cookies = await context.cookies(stack.url)
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const session = (await (await fetch(`${stack.url}/api/session`, { headers: { cookie } })).json()) as unknown
  const { counts } = (await stack.control('GET', 'requests')) as { counts: Record<string, number> }
  const writes = Object.entries(counts).filter(
    ([name]) => !name.startsWith('GET ') && !name.startsWith('POST /oauth2'),
  )
  return {
    session,
    writes,
    cookies: cookies
      .filter(({ name }) => name !== 'asked-again')
      .map(({ name, value }) => `${name}=${value}`),
  }
}
