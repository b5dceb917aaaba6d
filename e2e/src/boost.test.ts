import { expect, test } from 'vitest'
import { says } from './screen.ts'
import { useBrowser, useStack, useUnusedHomes } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--homes', '60'] })
const browser = useBrowser()
const homes = useUnusedHomes(stack)

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

test('from the tap it says Starting… with the time that has passed, asks the vehicle about every three seconds, and says Charging as soon as it does', async () => {
  const { home, path, id } = await homes.prepare('electric-vehicles', chargeable)
  const page = await visit(browser, stack, { home, path })
  const tappedMs = await nowMs()
  await page.getByRole('button', { name: 'Charge Now', exact: true }).click()
  await page.getByRole('button', { name: 'Starting…', disabled: true }).waitFor()
  await page.getByText('Sending the request').waitFor()
  // Long enough for two of the questions that come every three seconds.
  await page.getByText(/for 0:(0[7-9]|[1-5]\d)$/).waitFor()

  // Before it is: the question that sees it may come at once.
  const ongoingMs = await nowMs()
  await stack.control('POST', `homes/${home}/devices/${id}`, { boost: 'ongoing' })
  // 4 s is the promise; two more for a machine that is busy with other tests.
  await page.getByRole('button', { name: 'Charging', disabled: true }).waitFor({ timeout: 6_000 })
  await says(page, 'Charging').first().waitFor()

  const askedMs = (await askedAbout(id, 'GET', '')).filter((ms) => ms >= tappedMs)
  const [first = Infinity] = askedMs
  expect(first - tappedMs).toBeLessThan(3_500)
  const betweenMs = askedMs.slice(1).map((ms, i) => ms - (askedMs[i] ?? 0))
  expect(betweenMs.length).toBeGreaterThanOrEqual(2)
  for (const ms of betweenMs) expect(ms).toBeLessThan(4_500)
  // The list of the home has its own turn, and may be the one that sees it.
  const all = await stack.homes()
  const { user_id = '' } = all.find(({ devices }) => devices.some((device) => device.id === id)) ?? {}
  const lists = await askedAbout(user_id, 'GET', '/electric-vehicles')
  const seenMs = [...askedMs, ...lists].filter((ms) => ms >= ongoingMs)
  expect(Math.min(...seenMs) - ongoingMs).toBeLessThan(4_000)
  expect(await askedAbout(id, 'POST', '/boost')).toHaveLength(1)
})

test('two taps are one boost upstream', async () => {
  const { home, path, id } = await homes.prepare('electric-vehicles', chargeable)
  const page = await visit(browser, stack, { home, path })
  await page.getByRole('button', { name: 'Charge Now', exact: true }).dblclick()
  await page.getByRole('button', { name: 'Starting…', disabled: true }).waitFor()
  expect(await askedAbout(id, 'POST', '/boost')).toHaveLength(1)
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
