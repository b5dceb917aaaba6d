import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { desktop } from './browser.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()
const full = useHome(stack, 'full')

const words = {
  en: {
    settings: 'Settings',
    activity: 'What was done',
    off: /^Off/,
    save: 'Save: Smart optimization',
    saved: 'Saved.',
    change: 'Smart optimization: off',
    done: 'Done',
    refused: 'Not taken: a value was not possible',
    sessions: 'Where you are signed in',
    here: 'This browser',
    others: 'Sign out everywhere else',
    only: 'You are signed in nowhere else.',
    history: 'History',
    notKept: /^Do not keep/,
    saveHistory: 'Save',
    sure: 'I know that it cannot be brought back',
    delete: 'Delete the history',
    deleted: 'Your history is deleted.',
  },
  de: {
    settings: 'Einstellungen',
    activity: 'Was getan wurde',
    off: /^Aus/,
    save: 'Speichern: Intelligente Optimierung',
    saved: 'Gespeichert.',
    change: 'Intelligente Optimierung: aus',
    done: 'Erledigt',
    refused: 'Nicht angenommen: Ein Wert war nicht möglich',
    sessions: 'Wo du angemeldet bist',
    here: 'Dieser Browser',
    others: 'Überall sonst abmelden',
    only: 'Du bist sonst nirgends angemeldet.',
    history: 'Verlauf',
    notKept: /^Nicht aufheben/,
    saveHistory: 'Speichern',
    sure: 'Ich weiß, dass er sich nicht zurückholen lässt',
    delete: 'Verlauf löschen',
    deleted: 'Dein Verlauf ist gelöscht.',
  },
} as const

const heatPump = () => `/heat-pumps/${full.devices.find(({ type }) => type === 'heat-pumps')?.id}`
const open = (language: 'en' | 'de', path = '/settings', options = {}) =>
  visit(browser, stack, { home: 'full', path, language, live: false, ...options })
const link = (page: Page, name: string) => page.getByRole('main').getByRole('link', { name }).click()

describe.each(['en', 'de'] as const)('in %s', (language) => {
  const word = words[language]

  test('from the footer everything that can be decided is found in one list', async () => {
    const page = await open(language, '/')
    await page.getByRole('contentinfo').getByRole('link', { name: word.settings }).click()
    await page.getByRole('heading', { level: 1, name: word.settings }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    const links = page.getByRole('main').getByRole('listitem').getByRole('link')
    const paths = await links.evaluateAll((all) =>
      all.map((one) => new URL((one as HTMLAnchorElement).href).pathname),
    )
    expect(paths).toEqual([
      ...full.devices
        .toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
        .map(({ type, id }) => `/${type}/${id}/settings`),
      '/connect',
      '/settings/charging',
      '/settings/away',
      '/settings/notices',
      '/settings/home',
      '/settings/contract',
      '/settings/activity',
      '/settings/sessions',
      '/settings/history',
    ])
    for (const path of paths) expect((await page.request.get(stack.url + path)).status()).toBe(200)
  })

  test('what was changed, and what could not be, stands in the list of what was done', async () => {
    const page = await open(language, `${heatPump()}/settings`)
    await page.getByRole('radio', { name: word.off }).check()
    await page.getByRole('button', { name: word.save }).click()
    await page.getByRole('status').filter({ hasText: word.saved }).waitFor()
    await stack.control('POST', 'faults', { kind: 'status', status: 422, match: { method: 'PUT' } })
    await page.getByRole('button', { name: word.save }).click()
    await page.getByRole('alert').waitFor()
    await stack.control('DELETE', 'faults')
    await page.goto(`${stack.url}/settings`)
    await link(page, word.activity)
    await page.getByRole('heading', { level: 1, name: word.activity }).waitFor()
    const entries = page.getByRole('main').getByRole('listitem')
    await entries.nth(1).getByText(word.change).waitFor()
    await entries.nth(1).getByText(word.done, { exact: true }).waitFor()
    await entries.nth(0).getByText(word.refused).waitFor()
    expect(await axeViolations(page)).toEqual([])
  })

  test('all other browsers are signed out, and see nothing from then on', async () => {
    const page = await open(language)
    const other = await open(language)
    await link(page, word.sessions)
    await page.getByText(word.here, { exact: true }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: word.others }).click()
    await page.getByText(word.only).waitFor()
    expect((await other.request.get(`${stack.url}/api/home`)).status()).toBe(401)
    expect((await page.request.get(`${stack.url}/api/home`)).status()).toBe(200)
  })

  test('history is no longer kept, and deleted only by whoever is sure', async () => {
    const page = await open(language)
    await link(page, word.history)
    await page.getByRole('radio', { name: word.notKept }).check()
    await page.getByRole('button', { name: word.saveHistory, exact: true }).click()
    await page.getByRole('status').waitFor()
    expect(await (await page.request.get(`${stack.url}/api/history/settings`)).json()).toEqual({
      is_kept: false,
      is_paused: false,
    })
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: word.delete }).click()
    expect(await page.getByText(word.deleted).count()).toBe(0)
    await page.getByRole('checkbox', { name: word.sure }).check()
    await page.getByRole('button', { name: word.delete }).click()
    await page.getByRole('status').filter({ hasText: word.deleted }).waitFor()
  })
})

const order = ['heat-pumps', 'electric-vehicles', 'inverters', 'wallboxes']

test('whoever signs this browser out is out', async () => {
  const page = await open('en', '/settings/sessions')
  await page.getByRole('button', { name: 'Sign out: This browser' }).click()
  await page.waitForURL(({ pathname }) => pathname !== '/settings/sessions')
  const list = (await (await page.request.get(`${stack.url}/api/sessions`)).json()) as {
    sessions?: unknown[]
  }
  expect(list.sessions?.length ?? 0).toBeLessThanOrEqual(1)
})

test.each(['light', 'dark'] as const)(
  'axe finds nothing on a desktop in %s, and all fits into 320 px',
  async (colorScheme) => {
    const page = await open('de', '/settings', { ...desktop, colorScheme })
    const paths = ['/settings', '/settings/sessions', '/settings/activity', '/settings/history', '/connect']
    for (const path of paths) {
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.goto(stack.url + path)
      expect(await axeViolations(page)).toEqual([])
      await page.setViewportSize({ width: 320, height: 800 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    }
  },
)
