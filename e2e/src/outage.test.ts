import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { refreshUntil, says } from './screen.ts'
import { startStack, type Stack } from './stack.ts'
import { visit } from './visit.ts'

let stack: Stack
let browser: Browser

beforeAll(async () => {
  stack = await startStack()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await stack.close()
})

const problem = 'We cannot fetch new data at the moment. The last known values are shown.'

test('with the partner away the page stays, ages go on, the reason is said, and it heals by itself', async () => {
  const pinned = { set: { dhw_temperature: 55.5 }, reported_ago_s: 105 }
  await stack.control('POST', 'homes/heat/devices/heat-pumps', pinned)
  const page = await visit(browser, stack, { home: 'heat' })
  const statuses: number[] = []
  page.on('response', (response) => statuses.push(response.status()))
  let loads = 0
  page.on('load', () => loads++)
  await says(page, 'Updated 1 min ago').waitFor()

  await stack.simulator.end()
  await refreshUntil(page, says(page, problem))
  await page
    .getByRole('definition')
    .filter({ hasText: /^55\.5/ })
    .waitFor()
  await says(page, 'Updated 2 min ago').waitFor({ timeout: 30_000 })

  // Somebody who comes now finds the last known home and the reason, on the server's page already.
  const html = await (await fetch(stack.url, { headers: { cookie: await cookieOf(page) } })).text()
  expect(html).toContain(problem)
  expect(html).toContain('55.5')

  await stack.restartSimulator()
  await says(page, problem).waitFor({ state: 'detached', timeout: 10_000 })

  expect(statuses.filter((status) => status === 401 || status >= 500)).toEqual([])
  expect(loads).toBe(0)
  expect(await (await fetch(`${stack.url}/api/health`)).json()).toBeTruthy()
  expect(stack.gateway.process.exitCode).toBeNull()
})

test('a credential that stops being accepted never signs anybody out', async () => {
  const page = await visit(browser, stack, { home: 'heat' })
  const statuses: number[] = []
  page.on('response', (response) => statuses.push(response.status()))
  await stack.control('POST', 'faults', { kind: 'token_expire', count: 1, match: { home: 'heat' } })
  await stack.control('POST', 'faults', { kind: 'status', status: 401, body: { error: 'invalid_client' } })
  await refreshUntil(
    page,
    says(page, 'We cannot fetch new data because of a fault on our side. We have to repair it.'),
  )
  expect(statuses).not.toContain(401)
  await stack.control('DELETE', 'faults')
})

async function cookieOf(page: Awaited<ReturnType<typeof visit>>): Promise<string> {
  const cookies = await page.context().cookies()
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}
