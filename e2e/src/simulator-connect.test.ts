import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { phone } from './browser.ts'
import { freePort, startProgram, type Program } from './stack.ts'
import { useBrowser } from './use-stack.ts'

let simulator: Program
let api: string
let control: string
let partner: Server
let partnerUrl: string
let token: string

beforeAll(async () => {
  const port = await freePort()
  const url = `http://localhost:${port}`
  api = `${url}/api/partners/v2.0`
  control = `${url}/_control`
  const args = ['--port', String(port), '--speed', '0', '--start', '2026-06-17T10:00:00Z']
  simulator = await startProgram('apps/simulator/src/main.ts', 'Simulator is ready', args)
  partner = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>Partner</title><h1>${request.url}</h1>`)
  })
  await new Promise<void>((resolve) => partner.listen(0, resolve))
  partnerUrl = `http://localhost:${(partner.address() as AddressInfo).port}`
  const answer = await fetch(`${url}/oauth2/token/`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('homewatt-demo:homewatt-demo-secret')}` },
    body: JSON.stringify({ grant_type: 'client_credentials' }),
  })
  token = ((await answer.json()) as { access_token: string }).access_token
})
afterAll(async () => {
  await new Promise((resolve) => partner?.close(resolve))
  await simulator?.end()
})

const browser = useBrowser()
let page: Page
beforeEach(async () => {
  page = await browser.newPage(phone)
})
afterEach(() => page.close())

/** An answer of the simulator, as it comes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
type Loose = any

async function call(method: string, url: string, body?: unknown): Promise<{ status: number; body: Loose }> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}

const org = '00000000-0000-4000-8000-00000000d0d0'
const success = () => `${partnerUrl}/connected`
const cancelled = () => `${partnerUrl}/cancelled`
const heading = (name: string) => page.getByRole('heading', { name }).waitFor()
const button = (name: string) => page.getByRole('button', { name, exact: true })

/** A new user without anything, and the path to what he has. */
async function newUser(email: string): Promise<{ id: string; path: string }> {
  const { body } = await call('POST', `${api}/org/${org}/users`, { role: 'user', email })
  return { id: body.id, path: `${api}/org/${org}/users/${body.id}` }
}

async function beginOnboarding(userId: string, language = 'en'): Promise<Loose> {
  const { body } = await call('POST', `${api}/device-onboarding`, {
    user_id: userId,
    success_url: success(),
    cancel_url: cancelled(),
    language,
    price_zone_default: 'DE_LU',
  })
  return body
}

async function signIn(password: string, name: string) {
  await page.getByLabel('E-mail').fill('peter.schmidt@example.com')
  await page.getByLabel('Password').fill(password)
  await button(name).click()
}

test('a vehicle is connected: what, who made it, sign-in, consent', async () => {
  const user = await newUser('connects@example.com')
  const session = await beginOnboarding(user.id)
  await page.goto(session.authentication_url)
  await heading('What do you want to connect?')
  await button('Electric vehicle').click()
  await heading('Electric vehicle: who made it?')
  await button('Tesla').click()
  await heading('Connect Tesla')
  await signIn('secret', 'Sign in')
  await heading('Share your device?')
  await page.getByText('Tesla Model 3 (2022)').waitFor()
  await button('Allow').click()
  await page.waitForURL(success())

  const { body } = await call('GET', `${user.path}/electric-vehicles`)
  expect(body).toMatchObject([{ is_authenticated: true, device_model: { manufacturer: 'Tesla' } }])
  expect((await call('GET', `${api}/device-onboarding/${session.id}`)).body.object_id).toBe(body[0].id)
  await page.goto(session.authentication_url)
  await heading('This link is no longer valid')
})

test('a wrong password is said, and the right one goes on', async () => {
  const user = await newUser('mistypes@example.com')
  await page.goto((await beginOnboarding(user.id)).authentication_url)
  await button('Heat pump').click()
  await button('Vaillant').click()
  await signIn('wrong', 'Sign in')
  expect(await page.getByRole('alert').textContent()).toBe('E-mail or password is wrong.')
  await signIn('secret', 'Sign in')
  await button('Allow').click()
  await page.waitForURL(success())
  expect((await call('GET', `${user.path}/heat-pumps`)).body).toHaveLength(1)
})

test.each([
  ['at the choice', []],
  ['at the manufacturer', ['Solar inverter', 'SMA']],
])('whoever cancels %s comes back with nothing, and may begin again', async (where, way) => {
  const user = await newUser(`cancels-${way.length}@example.com`)
  const session = await beginOnboarding(user.id)
  await page.goto(session.authentication_url)
  for (const step of way) await button(step).click()
  await button('Cancel').click()
  await page.waitForURL(cancelled())
  expect((await call('GET', `${user.path}/inverters`)).body).toEqual([])
  await page.goto(session.authentication_url)
  await heading('What do you want to connect?')
})

test('whoever refuses consent comes back with nothing', async () => {
  const user = await newUser('refuses@example.com')
  await page.goto((await beginOnboarding(user.id)).authentication_url)
  await button('Solar inverter').click()
  await button('Fronius').click()
  await signIn('secret', 'Sign in')
  await heading('Share your device?')
  await button('Cancel').click()
  await page.waitForURL(cancelled())
  expect((await call('GET', `${user.path}/inverters`)).body).toEqual([])
})

test('a failure at the manufacturer leads to the cancel address', async () => {
  const user = await newUser('fails@example.com')
  await page.goto((await beginOnboarding(user.id)).authentication_url)
  await button('Solar inverter').click()
  await button('Kostal').click()
  await signIn('fail', 'Sign in')
  await page.waitForURL(cancelled())
  expect((await call('GET', `${user.path}/inverters`)).body).toEqual([])
})

test('a wallbox is connected by the address that it is given', async () => {
  const user = await newUser('wallbox@example.com')
  await page.goto((await beginOnboarding(user.id, 'de')).authentication_url)
  await button('Wallbox').click()
  await heading('Wallbox verbinden')
  const address = (await page.locator('code').textContent()) ?? ''
  await button('Prüfen').click()
  await page.getByRole('status').waitFor()
  await call('POST', `${control}/claims`, { token: address.split('/').at(-1) })
  await button('Prüfen').click()
  await page.waitForURL(success())
  expect((await call('GET', `${user.path}/wallboxes`)).body).toHaveLength(1)
})

const lapsedType = 'electric-vehicles'

/** Lets the vehicle of the home lapse, and gives its action's link (in the newer form) and the path to it. */
async function lapse(): Promise<{ url: string; path: string }> {
  const url = `${control}/homes/reconnect/devices/${lapsedType}`
  const { body } = await call('POST', url, { authenticated: false })
  const path = `${api}/org/${org}/users/${body.owner.id}/${lapsedType}/${body.id}`
  const detail = (await call('GET', path)).body
  return { url: detail.actions[0].resolution_link.url, path }
}

const resolve = (url: string) =>
  call('POST', url, { successUrl: success(), cancelUrl: cancelled(), language: 'en' })

test('a lapsed vehicle is reconnected', async () => {
  const { url, path } = await lapse()
  const { body } = await resolve(url)
  await page.goto(body.redirect_url)
  await heading('Connect Volkswagen')
  await signIn('secret', 'Sign in and allow')
  await page.waitForURL(success())
  expect((await call('GET', path)).body).toMatchObject({ is_authenticated: true, actions: [] })
  expect((await resolve(url)).status).toBe(404)
})

test.each([
  ['cancelled', async () => button('Cancel').click()],
  ['failed at the manufacturer', async () => signIn('fail', 'Sign in and allow')],
])('a reconnect that was %s leaves the action up, and it can be started again', async (_, leave) => {
  const { url, path } = await lapse()
  const { body } = await resolve(url)
  await page.goto(body.redirect_url)
  await leave()
  await page.waitForURL(cancelled())
  expect((await call('GET', path)).body).toMatchObject({ is_authenticated: false, action_needed: true })
  await page.goto(body.redirect_url)
  await heading('This link is no longer valid')
  expect((await resolve(url)).status).toBe(200)
})

test('a plain link to an action works for an hour', async () => {
  await call('POST', `${control}/homes/reconnect`, { resolution_link: 'string' })
  const { path } = await lapse()
  const link = async () => (await call('GET', path)).body.actions[0].resolution_link
  const old = await link()
  await call('POST', `${control}/advance`, { seconds: 3600 })
  await page.goto(old)
  await heading('This link is no longer valid')
  await page.goto(await link())
  await signIn('secret', 'Sign in and allow')
  await page.getByText('Volkswagen is connected again.').waitFor()
  await call('POST', `${control}/homes/reconnect`, { resolution_link: 'object' })
})

test('an action whose secret is an hour old cannot be started; one read afresh can', async () => {
  const { url, path } = await lapse()
  await call('POST', `${control}/advance`, { seconds: 3600 })
  expect(await resolve(url)).toMatchObject({ status: 403, body: { detail: 'Forbidden' } })
  const fresh = (await call('GET', path)).body.actions[0].resolution_link.url
  await page.goto((await resolve(fresh)).body.redirect_url)
  await heading('Connect Volkswagen')
})
