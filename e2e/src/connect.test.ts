import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { launchBrowser, phone } from './browser.ts'
import { freePort, startProgram, type Program } from './stack.ts'

let browser: Browser
let simulator: Program
let gateway: Program
let url: string
let partnerUrl: string
let dataDir: string

// The partner is another site than the dashboard, as it is for everybody but a developer: 127.0.0.1 and localhost.
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'homewatt-connect-'))
  const [simulatorPort, port] = [await freePort(), await freePort()]
  url = `http://localhost:${port}`
  partnerUrl = `http://127.0.0.1:${simulatorPort}`
  simulator = await startProgram('apps/simulator/src/main.ts', 'Simulator is ready', [
    '--port',
    String(simulatorPort),
    // A new device reports within a minute of its own.
    '--speed',
    '60',
  ])
  gateway = await startProgram('apps/gateway/src/main.ts', 'Homewatt is ready', [], {
    PORT: String(port),
    DATA_DIR: dataDir,
    PARTNER_API_URL: `${partnerUrl}/api/partners/v2.0`,
  })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await gateway.end()
  await simulator.end()
  rmSync(dataDir, { recursive: true, force: true })
})

const words = {
  en: {
    connect: 'Connect a device',
    vehicle: 'Connect: Electric vehicle',
    inverter: 'Connect: Inverter, with or without a battery',
    heatPump: 'Connect: Heat pump',
    password: 'Password',
    signIn: 'Sign in',
    allow: 'Allow',
    cancel: 'Cancel',
    connected: / is connected$/,
    open: 'Open the device',
    nothing: 'Nothing was connected',
    unavailable: /Connecting is not possible just now/,
    claim: 'Get address and token',
    once: /The token is shown this one time only/,
    next: 'When the wallbox has been told, see how far it is',
    wait: /This page looks again by itself/,
    wallbox: /is connected$/,
    noWait: /There is nothing to wait for/,
  },
  de: {
    connect: 'Gerät verbinden',
    vehicle: 'Verbinden: Elektroauto',
    inverter: 'Verbinden: Wechselrichter, mit oder ohne Batterie',
    heatPump: 'Verbinden: Wärmepumpe',
    password: 'Passwort',
    signIn: 'Anmelden',
    allow: 'Erlauben',
    cancel: 'Abbrechen',
    connected: / ist verbunden$/,
    open: 'Gerät öffnen',
    nothing: 'Es wurde nichts verbunden',
    unavailable: /Verbinden ist gerade nicht möglich/,
    claim: 'Adresse und Token holen',
    once: /Das Token ist nur dieses eine Mal zu sehen/,
    next: 'Wenn die Wallbox Bescheid weiß: nachsehen, wie weit es ist',
    wait: /Diese Seite sieht von selbst wieder nach/,
    wallbox: /ist verbunden$/,
    noWait: /Es gibt nichts, worauf zu warten wäre/,
  },
} as const

async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${partnerUrl}/_control/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** Somebody without a device, on a phone. */
async function newcomer(language: 'en' | 'de'): Promise<Page> {
  const context = await browser.newContext(phone)
  context.setDefaultTimeout(15_000)
  onTestFinished(() => context.close())
  await context.addCookies([{ name: 'lang', value: language, url }])
  const page = await context.newPage()
  await page.goto(`${url}/demo`)
  await page.getByRole('button', { name: /: empty$/ }).click()
  await page.waitForURL(`${url}/`)
  return page
}

const atPartner = (page: Page) => page.waitForURL(({ hostname }) => hostname === '127.0.0.1')

describe.each(['en', 'de'] as const)('in %s', (language) => {
  const word = words[language]

  test('whoever cancels comes back to a page that says so, and can begin again', async () => {
    const page = await newcomer(language)
    await page.getByRole('link', { name: word.connect }).click()
    await page.getByRole('heading', { level: 1, name: word.connect }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: word.inverter }).click()
    await atPartner(page)
    await page.getByRole('button', { name: word.cancel, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: word.nothing }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('link', { name: word.connect }).click()
    await page.getByRole('heading', { level: 1, name: word.connect }).waitFor()
  })

  test('while the partner fails, nothing is begun and that is said', async () => {
    const page = await newcomer(language)
    await page.goto(`${url}/connect`)
    await control('POST', 'faults', { kind: 'status', status: 503, match: { method: 'POST' } })
    await page.getByRole('button', { name: word.vehicle }).click()
    await page.getByRole('alert').filter({ hasText: word.unavailable }).waitFor()
    await control('DELETE', 'faults')
    expect(new URL(page.url()).host).toBe(new URL(url).host)
  })
})

// The home is empty no more from here on.
test.each(['en', 'de'] as const)(
  'in %s a wallbox is told whom to call, once',
  async (language) => {
    const word = words[language]
    const page = await newcomer(language)
    await page.goto(`${url}/connect`)
    await page.getByRole('button', { name: word.claim }).click()
    await page.getByText(word.once).waitFor()
    expect(await axeViolations(page)).toEqual([])
    const token = await page.getByRole('definition').nth(1).innerText()
    expect(token.length).toBeGreaterThan(8)
    await page.getByRole('link', { name: word.next }).click()
    await page.getByRole('status').filter({ hasText: word.wait }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    expect(await page.content()).not.toContain(token)
    await control('POST', 'claims', { token })
    await page.getByRole('heading', { level: 1, name: word.wallbox }).waitFor({ timeout: 40_000 })
  },
  60_000,
)

test.each([
  ['en', 'vehicle', 'Tesla', 'Tesla Model 3'],
  ['en', 'heatPump', 'Nibe', /^Nibe /],
  ['de', 'vehicle', 'Tesla', 'Tesla Model 3'],
  ['de', 'inverter', 'Fronius', /^Fronius /],
] as const)(
  'in %s, by the button %s, a device is connected and shows its first values',
  async (language, button, maker, model) => {
    const word = words[language]
    const page = await newcomer(language)
    await page.goto(`${url}/connect`)
    await page.getByRole('button', { name: word[button] }).click()
    await atPartner(page)
    await page.getByRole('button', { name: maker, exact: true }).click()
    await page.getByLabel(word.password).fill('something')
    await page.getByRole('button', { name: word.signIn, exact: true }).click()
    await page.getByRole('button', { name: word.allow, exact: true }).click()
    await page.waitForURL(({ pathname }) => pathname === '/connect/return')
    await page.getByRole('heading', { level: 1, name: word.connected }).waitFor({ timeout: 40_000 })
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('link', { name: word.open }).click()
    await page.getByRole('heading', { level: 1, name: model }).waitFor()
  },
  60_000,
)

test('whoever has begun nothing has nothing to wait for', async () => {
  const page = await newcomer('en')
  await page.goto(`${url}/demo`)
  await page.getByRole('button', { name: /: solar$/ }).click()
  await page.waitForURL(`${url}/`)
  await page.goto(`${url}/connect/return?result=success`)
  await page.getByText(words.en.noWait).waitFor()
})
