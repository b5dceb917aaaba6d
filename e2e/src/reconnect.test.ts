import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, phone } from './browser.ts'
import { freePort, startProgram, type Program } from './stack.ts'

let browser: Browser
let simulator: Program
let gateway: Program
let url: string
let dataDir: string

// The partner is another site than the dashboard, as it is for everybody but a developer: 127.0.0.1 and localhost.
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'homewatt-reconnect-'))
  const [simulatorPort, port] = [await freePort(), await freePort()]
  url = `http://localhost:${port}`
  simulator = await startProgram('apps/simulator/src/main.ts', 'Simulator is ready', [
    '--port',
    String(simulatorPort),
  ])
  gateway = await startProgram('apps/gateway/src/main.ts', 'Homewatt is ready', [], {
    PORT: String(port),
    DATA_DIR: dataDir,
    PARTNER_API_URL: `http://127.0.0.1:${simulatorPort}/api/partners/v2.0`,
  })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await gateway.end()
  await simulator.end()
  rmSync(dataDir, { recursive: true, force: true })
})

test.each([
  ['Cancel', 'Not reconnected'],
  ['Sign in and allow', 'Connected again'],
])('whoever comes back from the manufacturer by "%s" is still at home', async (decision, outcome) => {
  const page = await (await browser.newContext(phone)).newPage()
  await page.goto(`${url}/demo`)
  await page.getByRole('button', { name: 'Open: reconnect' }).click()
  await page.getByText('Demo home: reconnect').waitFor()

  await page.getByRole('button', { name: 'Reconnect', exact: true }).click()
  await page.waitForURL(({ hostname }) => hostname === '127.0.0.1')
  await page.getByLabel('Password').fill('something')
  await page.getByRole('button', { name: decision }).click()

  await page.waitForURL(({ pathname }) => pathname === '/actions/return')
  await page.getByRole('heading', { name: outcome }).waitFor()
  expect(await page.getByText(/^Demo home:/).innerText()).toContain('Demo home: reconnect')
  await page.getByRole('link', { name: 'Back to the overview' }).click()
  await page.waitForURL(`${url}/`)
  expect(await page.getByText(/^Demo home:/).innerText()).toContain('Demo home: reconnect')
  await page.context().close()
})
