import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { says } from './screen.ts'
import { startStack, type Stack } from './stack.ts'
import { summerNoon, unusedHomes, type ControlHome } from './unused-homes.ts'
import { visit } from './visit.ts'

let stack: Stack
let browser: Browser
let homes: Awaited<ReturnType<typeof unusedHomes>>

beforeAll(async () => {
  stack = await startStack({ simulatorArgs: ['--homes', '60', ...summerNoon] })
  browser = await launchBrowser()
  homes = await unusedHomes(stack)
})
afterAll(async () => {
  await browser.close()
  await stack.close()
})

const chargeable = { plugged_in: true, level: 40, charge_plan: 'wait' }

type Asked = { at: string; method: string; path: string }
/** What the simulator was asked about one device, oldest first, with its own clock. */
async function askedAbout(id: string, method: string, ending: string): Promise<number[]> {
  const { log } = (await stack.control('GET', 'requests')) as { log: Asked[] }
  return log
    .filter((request) => request.method === method && request.path.endsWith(`${id}${ending}`))
    .map(({ at }) => Date.parse(at))
}
const nowMs = async () => Date.parse(((await stack.control('GET', 'clock')) as { now: string }).now)

describe('from the tap to Charging', () => {
  let id = ''
  let tappedMs = 0
  let ongoingMs = 0

  test('it says Starting… at once, with the time that has passed, and Charging as soon as the device does', async () => {
    const prepared = await homes.prepare('electric-vehicles', chargeable)
    const { home, path } = prepared
    id = prepared.id
    const page = await visit(browser, stack, { home, path })
    tappedMs = await nowMs()
    await page.getByRole('button', { name: 'Charge Now', exact: true }).click()
    await page.getByRole('button', { name: 'Starting…', disabled: true }).waitFor()
    await page.getByText('Sending the request').waitFor()
    await page.getByText(/for 0:0[1-9]$/).waitFor()
    // Long enough for two of the questions that come every three seconds.
    await page.getByText(/for 0:0[7-9]$/).waitFor()

    // Before it is: the question that sees it may come at once.
    ongoingMs = await nowMs()
    await stack.control('POST', `homes/${home}/devices/${id}`, { boost: 'ongoing' })
    // 4 s is the promise; two more for a machine that is busy with other tests.
    await page.getByRole('button', { name: 'Charging', disabled: true }).waitFor({ timeout: 6_000 })
    await says(page, 'Charging').first().waitFor()
  })

  test('meanwhile the vehicle is asked about every three seconds, from the tap until it charges', async () => {
    const askedMs = (await askedAbout(id, 'GET', '')).filter((ms) => ms >= tappedMs)
    const [first = Infinity] = askedMs
    expect(first - tappedMs).toBeLessThan(3_500)
    const betweenMs = askedMs.slice(1).map((ms, i) => ms - (askedMs[i] ?? 0))
    expect(betweenMs.length).toBeGreaterThanOrEqual(2)
    for (const ms of betweenMs) expect(ms).toBeLessThan(4_500)
    // The list of the home has its own turn, and may be the one that sees it.
    const all = (await stack.control('GET', 'homes')) as ControlHome[]
    const { user_id = '' } = all.find(({ devices }) => devices.some((device) => device.id === id)) ?? {}
    const lists = await askedAbout(user_id, 'GET', '/electric-vehicles')
    const seenMs = [...askedMs, ...lists].filter((ms) => ms >= ongoingMs)
    expect(Math.min(...seenMs) - ongoingMs).toBeLessThan(4_000)
  })

  test('one tap is one boost upstream, and so are two', async () => {
    expect(await askedAbout(id, 'POST', '/boost')).toHaveLength(1)

    const { home, path, id: other } = await homes.prepare('electric-vehicles', chargeable)
    const page = await visit(browser, stack, { home, path })
    await page.getByRole('button', { name: 'Charge Now', exact: true }).dblclick()
    await page.getByRole('button', { name: 'Starting…', disabled: true }).waitFor()
    expect(await askedAbout(other, 'POST', '/boost')).toHaveLength(1)
  })

  test.each([
    ['en', 'Charge Now', 'Starting…', 'Charging', 'Charging, because a boost is on'],
    ['de', 'Jetzt laden', 'Startet …', 'Lädt', 'Lädt, weil ein Boost an ist'],
  ] as const)(
    'in %s it starts by itself when the vehicle answers, without anybody touching it',
    async (language, offer, starting, ongoing, reason) => {
      const { home, path } = await homes.prepare('electric-vehicles', chargeable)
      const page = await visit(browser, stack, { home, path, language })
      await page.getByRole('button', { name: offer, exact: true }).click()
      await page.getByRole('button', { name: starting, disabled: true }).waitFor()
      await stack.control('POST', 'advance', { seconds: 120 })
      await page.getByRole('button', { name: ongoing, disabled: true }).waitFor()
      await page.getByRole('paragraph').filter({ hasText: reason }).waitFor()
    },
  )
})

test('once a vehicle charges it is no longer asked about every three seconds', async () => {
  const { home, path, id } = await homes.prepare('electric-vehicles', chargeable)
  const page = await visit(browser, stack, { home, path })
  await page.getByRole('button', { name: 'Charge Now', exact: true }).click()
  await page.getByRole('button', { name: 'Starting…', disabled: true }).waitFor()
  await stack.control('POST', `homes/${home}/devices/${id}`, { boost: 'ongoing' })
  await page.getByRole('button', { name: 'Charging', disabled: true }).waitFor()
  const endedMs = await nowMs()
  // Silence can only be seen by letting it last: two questions' worth.
  await expect.poll(nowMs, { timeout: 15_000, interval: 500 }).toBeGreaterThan(endedMs + 7_000)
  expect((await askedAbout(id, 'GET', '')).filter((ms) => ms > endedMs + 500)).toEqual([])
})
