import { expect, test } from 'vitest'
import { desktop } from './browser.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'
import { isLive, visit } from './visit.ts'

const stack = useStack()
const browser = useBrowser()
const full = useHome(stack, 'full')

test('every card leads to the page of its device, and back', async () => {
  const page = await visit(browser, stack, { home: 'full' })
  for (const { name, type, id } of full.devices) {
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/${type}/${id}`)
    await isLive(page)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.waitForURL(stack.url + '/')
  }
})

test('the language can be chosen, and stays chosen', async () => {
  const page = await visit(browser, stack, { home: 'full' })
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await page.getByText('Demo-Haus: full').waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('de')
  await page.getByRole('link', { name: 'Ein anderes wählen' }).click()
  await page.getByRole('heading', { name: 'Demo-Häuser' }).waitFor()
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Demo homes' }).waitFor()
})

test('a browser that prefers German is greeted in German', async () => {
  const context = await browser.newContext({ locale: 'de-DE' })
  const page = await context.newPage()
  await page.goto(stack.url)
  await page.getByText('Demo-Haus: full').waitFor()
  await context.close()
})

test.each([
  ['solar', 'Fronius', 1],
  ['many', 'Your home', 12],
  ['empty', 'No devices yet', 0],
])('another demo home can be chosen: %s', async (home, words, count) => {
  const page = await visit(browser, stack, { home: 'full', path: '/', ...desktop })
  await page.getByRole('link', { name: 'Choose another' }).click()
  await page.getByRole('button', { name: `Open: ${home}`, exact: true }).click()
  await page.getByText(`Demo home: ${home}`).waitFor()
  await page.getByRole('heading', { name: words }).first().waitFor()
  const devices = page.getByRole('region', { name: 'Devices' }).getByRole('article')
  expect(await devices.count()).toBe(count)
})

test.each([
  ['a page that never was', '/nowhere'],
  ['a device that does not exist', '/heat-pumps/11111111-1111-4111-8111-111111111111'],
  ['a device that is none', '/heat-pumps/x'],
  ['a kind of device that is none', '/toasters/11111111-1111-4111-8111-111111111111'],
])('%s is calmly not found, and leads home', async (_, path) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const answer = await page.goto(stack.url + path)
  expect(answer?.status()).toBe(404)
  await page.getByRole('heading', { name: 'Not found' }).waitFor()
  await page.getByRole('link', { name: 'Back to the overview' }).click()
  await page.getByText('Demo home: full').waitFor()
  await context.close()
})

test('the device of another home is as unknown as one that does not exist', async () => {
  const { type = '', id = '' } = full.devices[0] ?? {}
  const cookie = await stack.signIn('car')
  const [theirs, nobodys] = await Promise.all(
    [id, '11111111-1111-4111-8111-111111111111'].map(async (device) => {
      const answer = await fetch(`${stack.url}/api/devices/${type}/${device}`, { headers: { cookie } })
      return { status: answer.status, body: await answer.text() }
    }),
  )
  expect(theirs?.status).toBe(404)
  expect(theirs).toEqual(nobodys)
})

test('no page writes an error to the console', async () => {
  const page = await visit(browser, stack, { home: 'full', fresh: true })
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  for (const path of ['/', ...full.devices.map(({ type, id }) => `/${type}/${id}`), '/actions/return']) {
    await page.goto(stack.url + path)
    await isLive(page)
  }
  for (const path of ['/demo', '/sign-in']) await page.goto(stack.url + path)
  expect(errors).toEqual([])
})
