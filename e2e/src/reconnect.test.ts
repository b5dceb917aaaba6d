import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
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
  dataDir = mkdtempSync(join(tmpdir(), 'homewatt-reconnect-'))
  const [simulatorPort, port] = [await freePort(), await freePort()]
  url = `http://localhost:${port}`
  partnerUrl = `http://127.0.0.1:${simulatorPort}`
  simulator = await startProgram('apps/simulator/src/main.ts', 'Simulator is ready', [
    '--port',
    String(simulatorPort),
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
    reconnect: 'Reconnect',
    password: 'Password',
    cancel: 'Cancel',
    allow: 'Sign in and allow',
    notReconnected: 'Not reconnected',
    reconnected: 'Connected again',
    home: 'Back to the overview',
    failed: 'That did not work. Please try again in a moment.',
  },
  de: {
    reconnect: 'Neu verbinden',
    password: 'Passwort',
    cancel: 'Abbrechen',
    allow: 'Anmelden und erlauben',
    notReconnected: 'Nicht neu verbunden',
    reconnected: 'Wieder verbunden',
    home: 'Zur Übersicht',
    failed: 'Das hat nicht geklappt. Bitte gleich noch einmal versuchen.',
  },
} as const

test.each([
  ['en', 'cancel', 'notReconnected'],
  ['en', 'allow', 'reconnected'],
  ['de', 'cancel', 'notReconnected'],
  ['de', 'allow', 'reconnected'],
] as const)(
  'in %s, whoever comes back from the manufacturer by "%s" is still at home',
  async (language, decision, outcome) => {
    const word = words[language]
    // A language that has reconnected leaves nothing to reconnect for the next.
    await lapse()
    const context = await browser.newContext(phone)
    onTestFinished(() => context.close())
    await context.addCookies([{ name: 'lang', value: language, url }])
    const page = await context.newPage()
    await page.goto(`${url}/demo`)
    await page.getByRole('button', { name: /: reconnect$/ }).click()
    await page
      .getByText(/: reconnect/)
      .first()
      .waitFor()

    // What the gateway knows may be from before the link lapsed.
    await page.request.post(`${url}/api/refresh`, { headers: { 'x-homewatt': '1' } })
    // A partner that fails at the tap leads nowhere, and the next tap is as good as the first.
    const isAway = { kind: 'status', status: 503, match: { path: '/cues/' } }
    if (decision === 'allow') {
      await control('faults', isAway)
      await page.getByRole('button', { name: word.reconnect, exact: true }).click()
      await page.getByRole('status').filter({ hasText: word.failed }).waitFor()
      await control('faults')
    }

    await page.getByRole('button', { name: word.reconnect, exact: true }).click()
    await page.waitForURL(({ hostname }) => hostname === '127.0.0.1')
    await page.getByLabel(word.password).fill('something')
    await page.getByRole('button', { name: word[decision], exact: true }).click()

    await page.waitForURL(({ pathname }) => pathname === '/actions/return')
    await page.getByRole('heading', { name: word[outcome] }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page
      .getByText(/: reconnect/)
      .first()
      .waitFor()
    await page.getByRole('link', { name: word.home }).click()
    await page.waitForURL(`${url}/`)
    await page
      .getByText(/: reconnect/)
      .first()
      .waitFor()
  },
)

const lapse = () => control('homes/reconnect/devices/electric-vehicles', { authenticated: false })

/** Tells the simulator something, or, without a body, takes it back. */
async function control(path: string, body?: object): Promise<void> {
  const response = await fetch(`${partnerUrl}/_control/${path}`, {
    method: body ? 'POST' : 'DELETE',
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  })
  expect(response.ok).toBe(true)
}
