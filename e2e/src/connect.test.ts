import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { plain } from './screen.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

// The partner is another site than the dashboard, as it is for everybody but a developer: 127.0.0.1 and localhost.
const stack = useStack({
  simulatorHost: '127.0.0.1',
  // A new device reports within a minute of its own.
  simulatorArgs: ['--speed', '60'],
})
const browser = useBrowser()

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
    next: 'The wallbox is set up',
    wait: /This page looks again by itself/,
    wallbox: /is connected$/,
    noWait: /There is nothing to wait for/,
    steps: ['You gave your permission', 'The device is in your home', 'It reports its first values'],
    done: 'done',
    doing: 'under way',
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
    next: 'Die Wallbox ist eingerichtet',
    wait: /Diese Seite sieht von selbst wieder nach/,
    wallbox: /ist verbunden$/,
    noWait: /Es gibt nichts, worauf zu warten wäre/,
    steps: ['Du hast zugestimmt', 'Das Gerät gehört zu deinem Zuhause', 'Es meldet seine ersten Werte'],
    done: 'erledigt',
    doing: 'läuft',
  },
} as const

/** Somebody without a device, on a phone. */
async function newcomer(language: 'en' | 'de'): Promise<Page> {
  const page = await visit(browser, stack, { home: null, path: '/demo', language, live: false })
  await page.getByRole('button', { name: /: empty$/ }).click()
  await page.waitForURL(`${stack.url}/`)
  return page
}

/** The steps of a connection on the page that waits for it, each with how it stands. */
const steps = async (page: Page) =>
  (await page.getByRole('main').getByRole('listitem').allInnerTexts()).map((text) =>
    plain(text).replace(' :', ':'),
  )

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
    // A home may begin ten times a minute, and the empty one does so below.
    const page = await visit(browser, stack, { home: 'heat', path: '/connect', language, live: false })
    await stack.control('POST', 'faults', { kind: 'status', status: 503, match: { method: 'POST' } })
    await page.getByRole('button', { name: word.vehicle }).click()
    await page.getByRole('alert').filter({ hasText: word.unavailable }).waitFor()
    await stack.control('DELETE', 'faults')
    expect(new URL(page.url()).host).toBe(new URL(stack.url).host)
  })
})

// The home is empty no more from here on.
test.each(['en', 'de'] as const)('in %s a wallbox is told whom to call, once', async (language) => {
  const word = words[language]
  const page = await newcomer(language)
  await page.goto(`${stack.url}/connect`)
  await page.getByRole('button', { name: word.claim }).click()
  await page.getByText(word.once).waitFor()
  expect(await axeViolations(page)).toEqual([])
  const token = await page.getByRole('definition').nth(1).innerText()
  expect(token.length).toBeGreaterThan(8)
  await page.getByRole('link', { name: word.next }).click()
  await page.getByRole('status').filter({ hasText: word.wait }).waitFor()
  const [linked, found, reporting] = word.steps
  expect(await steps(page)).toEqual([
    `${linked}: ${word.done}`,
    `${found}: ${word.doing}`,
    `${reporting}: ${word.doing}`,
  ])
  expect(await axeViolations(page)).toEqual([])
  expect(await page.content()).not.toContain(token)
  await stack.control('POST', 'claims', { token })
  await page.getByRole('heading', { level: 1, name: word.wallbox }).waitFor({ timeout: 40_000 })
  expect(await steps(page)).toEqual(word.steps.map((step) => `${step}: ${word.done}`))
})

test.each([
  ['en', 'vehicle', 'Tesla', 'Tesla Model 3'],
  ['en', 'heatPump', 'Nibe', /^Nibe /],
  ['en', 'inverter', 'Fronius', /^Fronius /],
  ['de', 'vehicle', 'Tesla', 'Tesla Model 3'],
  ['de', 'heatPump', 'Nibe', /^Nibe /],
  ['de', 'inverter', 'Fronius', /^Fronius /],
] as const)(
  'in %s, by the button %s, a device is connected and shows its first values',
  async (language, button, maker, model) => {
    const word = words[language]
    const page = await newcomer(language)
    await page.goto(`${stack.url}/connect`)
    await page.getByRole('button', { name: word[button] }).click()
    await atPartner(page)
    await page.getByRole('button', { name: maker, exact: true }).click()
    await page.getByLabel(word.password).fill('something')
    await page.getByRole('button', { name: word.signIn, exact: true }).click()
    await page.getByRole('button', { name: word.allow, exact: true }).click()
    await page.waitForURL(({ pathname }) => pathname === '/connect/return')
    await page.getByRole('heading', { level: 1, name: word.connected }).waitFor({ timeout: 40_000 })
    expect(await steps(page)).toEqual(word.steps.map((step) => `${step}: ${word.done}`))
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('link', { name: word.open }).click()
    await page.getByRole('heading', { level: 1, name: model }).waitFor()
  },
)

test('whoever has begun nothing has nothing to wait for', async () => {
  const page = await newcomer('en')
  await page.goto(`${stack.url}/demo`)
  await page.getByRole('button', { name: /: solar$/ }).click()
  await page.waitForURL(`${stack.url}/`)
  await page.goto(`${stack.url}/connect/return?result=success`)
  await page.getByText(words.en.noWait).waitFor()
})
