import { describe, expect, test } from 'vitest'
import { inWords, press, type Said } from './refusal.ts'
import { says } from './screen.ts'
import { manyHomes } from './unused-homes.ts'
import { useBrowser, useStack, useUnusedHomes } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: manyHomes, env: { SUPPORT_NAME: 'Sunny Energy' } })
const browser = useBrowser()
const homes = useUnusedHomes(stack)

describe('a lapsed link', () => {
  test.each(['heat-pumps', 'electric-vehicles', 'inverters', 'wallboxes'] as const)(
    'of %s: Reconnect needed, with one button that starts it',
    async (type) => {
      const { home, path } = await homes.prepare(type, { authenticated: false })
      const page = await visit(browser, stack, { home, path })
      await page.getByText('Reconnect needed').waitFor()
      const buttons = page.getByRole('button', { name: 'Reconnect', exact: true })
      await buttons.waitFor()
      expect(await buttons.count()).toBe(1)
    },
  )

  test('stands first on the overview, and on the card of its device', async () => {
    const page = await visit(browser, stack, { home: 'reconnect' })
    const notice = page.getByRole('region', { name: 'Needs attention' })
    await notice.getByText('Reconnect needed').waitFor()
    await says(
      page.getByRole('article').filter({ hasText: 'Electric vehicle' }),
      'Reconnect needed',
    ).waitFor()
    const main = await page.getByRole('main').innerText()
    expect(main.trimStart()).toMatch(/^(Needs attention\s+)?Reconnect needed/)
  })

  test('in German it says so too', async () => {
    const page = await visit(browser, stack, { home: 'reconnect', language: 'de' })
    await page.getByText('Verbindung abgelaufen').first().waitFor()
    await page.getByRole('button', { name: 'Neu verbinden' }).waitFor()
  })

  test.each([
    ['en', 'object'],
    ['en', 'string'],
    ['de', 'object'],
    ['de', 'string'],
  ] as const)('in %s it is renewed at the manufacturer when the link comes as %s', async (language, form) => {
    const say = (said: Said) => inWords(said, language)
    const { home } = await homes.prepare('inverters', { authenticated: false })
    await stack.control('POST', `homes/${home}`, { resolution_link: form })
    const page = await visit(browser, stack, { home, language })
    await press(page, say(['Reconnect', 'Neu verbinden']))

    await page.waitForURL((url) => url.origin === new URL(stack.simulatorUrl).origin)
    await page.getByLabel(/Password|Passwort/).fill('something')
    await page.getByRole('button', { name: /Sign in and allow|Anmelden und erlauben/ }).click()

    // A bare link carries no way back: the manufacturer's page says that it is done, and people come back.
    if (form === 'object')
      await page.getByRole('heading', { name: say(['Connected again', 'Wieder verbunden']) }).waitFor()
    await page.goto(stack.url)
    await page
      .getByText(say(['Reconnect needed', 'Verbindung abgelaufen']))
      .first()
      .waitFor({ state: 'detached' })
  })
})

describe('an action', () => {
  test('that is known says what it is, and can be started', async () => {
    const { home, path } = await homes.prepare('heat-pumps', { actions: ['reauthenticate'] })
    const page = await visit(browser, stack, { home, path })
    await page.getByText('Attention needed').first().waitFor()
    await says(page, 'Sign in to the manufacturer again').waitFor()
    await page.getByRole('button', { name: 'Reconnect', exact: true }).waitFor()

    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('region', { name: 'Needs attention' }).getByText('Attention needed').waitFor()
    await says(page.getByRole('article'), 'Attention needed').first().waitFor()
  })

  test('of an unknown kind gets general words, the support contact, and no invented way', async () => {
    const { home, path } = await homes.prepare('heat-pumps', { actions: ['update_firmware'] })
    const page = await visit(browser, stack, { home, path })
    await says(page, 'This device needs your attention').waitFor()
    await page.getByText('Contact Sunny Energy').waitFor()
    expect(await page.getByRole('button', { name: 'Reconnect', exact: true }).count()).toBe(0)
  })

  test('of an unknown kind with a link to go to can be resolved there', async () => {
    const { home, path } = await homes.prepare('heat-pumps', { actions: ['sign_contract'] })
    await stack.control('POST', `homes/${home}`, { resolution_link: 'string' })
    const page = await visit(browser, stack, { home, path })
    await says(page, 'This device needs your attention').waitFor()
    await page.getByRole('button', { name: 'Resolve' }).click()
    await page.waitForURL((url) => url.origin === new URL(stack.simulatorUrl).origin)
  })

  test('that is not told still calls for attention', async () => {
    const { home, path } = await homes.prepare('heat-pumps', { set: { action_needed: true, actions: [] } })
    const page = await visit(browser, stack, { home, path })
    await page.getByText('Attention needed').first().waitFor()
    await page.getByText('Contact Sunny Energy').waitFor()
  })
})

test.each([
  ['all is well', { authenticated: true }],
  ['the partner does not say', { omit: ['is_authenticated', 'action_needed'] }],
])('no alarm when %s', async (_, change) => {
  const { home, path } = await homes.prepare('heat-pumps', change)
  const page = await visit(browser, stack, { home, path })
  expect(await page.getByText(/Reconnect needed|Attention needed/).count()).toBe(0)
})
