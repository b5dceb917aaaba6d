import type { Locator, Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { gatewayKnows } from './gateway-knows.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

// The partner is another site than the dashboard: 127.0.0.1 and localhost.
const stack = useStack({ simulatorHost: '127.0.0.1' })
const browser = useBrowser()

/** The inverter of a home, whose link has lapsed since the gateway looked first. */
async function lapsedInverter(home: string, page: Page): Promise<string> {
  const { devices } = await stack.home(home)
  const id = devices.find(({ type }) => type === 'inverters')?.id
  await stack.control('POST', `homes/${home}/devices/${id}`, { authenticated: false })
  await gatewayKnows(page, stack, (device) => device.id === id && device.is_authenticated === false)
  return `/inverters/${id}`
}

/** From the page of the device until it is connected again; how many taps that takes. */
async function reconnected(page: Page): Promise<number> {
  let taps = 0
  const tap = (target: Locator) => {
    taps++
    return target.click()
  }
  await tap(page.getByRole('button', { name: 'Reconnect', exact: true }))
  await page.waitForURL(({ hostname }) => hostname === '127.0.0.1')
  await page.getByLabel('Password').fill('something')
  await tap(page.getByRole('button', { name: 'Sign in and allow' }))
  await page.waitForURL(({ pathname }) => pathname === '/actions/return')
  await page.getByRole('heading', { name: 'Connected again' }).waitFor()
  return taps
}

test('from the list of messages it is three taps until a device is connected again', async () => {
  const page = await visit(browser, stack, { home: 'solar' })
  await lapsedInverter('solar', page)
  const open = page.getByRole('link', { name: /has to be reconnected/ })
  await expect
    .poll(async () => {
      await page.goto(`${stack.url}/notices`)
      return open.count()
    })
    .toBe(1)
  await open.click()
  expect(1 + (await reconnected(page))).toBeLessThanOrEqual(3)
})

test('and from the message itself, which leads to the device', async () => {
  const page = await visit(browser, stack, { home: 'solar-only' })
  await page.goto(stack.url + (await lapsedInverter('solar-only', page)))
  expect(1 + (await reconnected(page))).toBeLessThanOrEqual(3)
})

test('a browser whose messages were ended by its push service is not said to get them', async () => {
  const whole = await launchBrowser({ whole: true })
  onTestFinished(() => whole.close())
  const page = await visit(whole, stack, { home: 'full', path: '/settings/notices', live: false })
  await page.context().grantPermissions(['notifications'], { origin: stack.url })
  const subscription = {
    endpoint: 'https://fcm.googleapis.com/fcm/send/x',
    keys: {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    },
  }
  // A push service that takes it cannot be reached from here, so the browser is given what that would have answered.
  await page.addInitScript(({ endpoint }) => {
    PushManager.prototype.getSubscription = () => Promise.resolve({ endpoint } as PushSubscription)
  }, subscription)
  const tell = (method: string, data: unknown) =>
    page.request.fetch(`${stack.url}/api/push/subscription`, {
      method,
      data,
      headers: { 'x-homewatt': '1' },
    })
  expect((await tell('PUT', subscription)).status()).toBe(204)
  await page.reload()
  await page.getByText('On in this browser.').waitFor()
  expect((await tell('DELETE', { endpoint: subscription.endpoint })).status()).toBe(204)
  await page.reload()
  await page.getByText(/^Off in this browser: its push service/).waitFor()
  await page.getByRole('button', { name: 'Turn on here' }).waitFor()
})
