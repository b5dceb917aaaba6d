import { expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { gatewayKnows } from './gateway-knows.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

// The partner is another site than the dashboard, as it is for everybody but a developer: 127.0.0.1 and localhost.
const stack = useStack({ simulatorHost: '127.0.0.1' })
const browser = useBrowser()

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
    const page = await visit(browser, stack, { home: null, path: '/demo', language, live: false })
    await page.getByRole('button', { name: /: reconnect$/ }).click()
    await page
      .getByText(/: reconnect/)
      .first()
      .waitFor()

    // What the gateway knows may be from before the link lapsed.
    await gatewayKnows(page, stack, (device) => device.is_authenticated === false)
    // A partner that fails at the tap leads nowhere, and the next tap is as good as the first.
    const isAway = { kind: 'status', status: 503, match: { path: '/cues/' } }
    if (decision === 'allow') {
      await stack.control('POST', 'faults', isAway)
      await page.getByRole('button', { name: word.reconnect, exact: true }).click()
      await page.getByRole('status').filter({ hasText: word.failed }).waitFor()
      await stack.control('DELETE', 'faults')
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
    await page.waitForURL(`${stack.url}/`)
    await page
      .getByText(/: reconnect/)
      .first()
      .waitFor()
  },
)

const lapse = () =>
  stack.control('POST', 'homes/reconnect/devices/electric-vehicles', { authenticated: false })
