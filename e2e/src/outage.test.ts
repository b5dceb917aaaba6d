import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { exactly, plain, refreshUntil, says } from './screen.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack()
const browser = useBrowser()

const problem = 'We cannot fetch new data at the moment. The last known values are shown.'

test('with the partner away the page stays, ages go on, the reason is said, and it heals by itself', async () => {
  const pinned = { set: { dhw_temperature: 55.5 }, reported_ago_s: 105 }
  await stack.control('POST', 'homes/heat/devices/heat-pumps', pinned)
  const page = await visit(browser, stack, { home: 'heat', fresh: true })
  await saysLive(page).waitFor()
  const statuses: number[] = []
  page.on('response', (response) => statuses.push(response.status()))
  let loads = 0
  page.on('load', () => loads++)
  const ageMin = async () => {
    const shown = await page.getByText(aged).first().innerText()
    return Number(aged.exec(plain(shown))?.[1])
  }
  const before = await ageMin()

  await stack.simulator.end()
  await refreshUntil(page, says(page, problem))
  // Another kind of device may have been asked for first.
  await saysLive(page).waitFor({ state: 'detached', timeout: 45_000 })
  await page
    .getByRole('definition')
    .filter({ hasText: /^55\.5/ })
    .waitFor()
  await expect.poll(ageMin, { timeout: 75_000, interval: 500 }).toBeGreaterThan(before)

  // Somebody who comes now finds the last known home and the reason, on the server's page already.
  const html = await (await fetch(stack.url, { headers: { cookie: await cookieOf(page) } })).text()
  expect(html).toContain(problem)
  expect(html).toContain('55.5')

  await stack.restartSimulator()
  await says(page, problem).waitFor({ state: 'detached', timeout: 10_000 })
  await saysLive(page).waitFor()

  expect(statuses.filter((status) => status === 401 || status >= 500)).toEqual([])
  expect(loads).toBe(0)
  expect(await (await fetch(`${stack.url}/api/health`)).json()).toBeTruthy()
  expect(stack.gateway.process.exitCode).toBeNull()
})

test('a credential that stops being accepted never signs anybody out', async () => {
  const page = await visit(browser, stack, { home: 'heat', fresh: true })
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

/** A reading of minutes ago. */
const aged = /^Updated (\d+) min ago$/
const saysLive = (page: Page) => page.getByRole('status').filter({ hasText: exactly('Live') })

async function cookieOf(page: Page): Promise<string> {
  const cookies = await page.context().cookies()
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}
