import { describe, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { inWords, languages, type Said } from './refusal.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { isLive, visit } from './visit.ts'

const stack = useStack({
  simulatorArgs: ['--speed', '0'],
  env: {
    CAPABILITIES_OFF: 'boost,readyBy,weeklyPlan,away,connect,history',
    SUPPORT_EMAIL: 'help@north.example',
  },
})
const browser = useBrowser()

const words = {
  buildings: ['Buildings', 'Gebäude'],
  gone: ['Away|Connect|History', 'Abwesen|verbinden|Verlauf'],
  more: ['More', 'Mehr'],
  messages: ['Messages', 'Nachrichten'],
  settings: ['Settings', 'Einstellungen'],
  optimization: ['Smart optimization', 'Intelligente Optimierung'],
  plan: ['Weekly plan', 'Wochenplan'],
  mode: ['Charging mode', 'Lademodus'],
  noPage: ['There is no such page', 'Diese Seite gibt es nicht'],
  contact: ['Contact', 'kontaktieren'],
  connect: ['Connect a device', 'Gerät verbinden'],
} as const satisfies Record<string, Said>

describe.each(languages)('in %s', (language) => {
  const say = (said: Said) => inWords(said, language)

  test('what a partner switched off is not there, before the script and after it; all else is', async () => {
    const page = await visit(browser, stack, {
      home: 'full',
      path: '/settings',
      language,
      live: false,
      fresh: true,
    })
    const links = (await page.getByRole('main').getByRole('link').allTextContents()).join('\n')
    expect(links).toMatch(say(words.buildings))
    expect(links).not.toMatch(new RegExp(say(words.gone), 'i'))

    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    await page.goto(stack.url)
    await isLive(page)

    const cards = await page.getByRole('article').count()
    expect(cards).toBeGreaterThanOrEqual(4)
    expect(await page.getByRole('article').getByRole('button').count()).toBe(0)
    const more = page.getByRole('navigation', { name: say(words.more) }).getByRole('link')
    expect(await more.allTextContents()).toEqual([say(words.messages), say(words.settings)])
    expect(await axeViolations(page)).toEqual([])

    await page.locator('article[data-type="electric-vehicles"]').getByRole('link').click()
    await isLive(page)
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
    expect(await axeViolations(page)).toEqual([])
    expect(said).toEqual([])

    await page
      .getByRole('link', { name: say(words.settings), exact: true })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: say(words.settings) }).waitFor()
    const groups = await page.getByRole('heading', { level: 2 }).allTextContents()
    expect(groups).toEqual([say(words.optimization)])
    expect(await page.getByRole('link', { name: say(words.plan) }).count()).toBe(0)
    expect(await page.getByRole('link', { name: say(words.mode) }).count()).toBe(1)
    expect(await axeViolations(page)).toEqual([])

    const gone = await page.goto(`${stack.url}/settings/away`)
    expect(gone?.status()).toBe(404)
    await page.getByText(say(words.noPage)).waitFor()
    expect(await axeViolations(page)).toEqual([])
  })

  test('a home without devices shows whom to ask for the first one', async () => {
    const page = await visit(browser, stack, { home: 'empty', language })
    await page.getByRole('link', { name: say(words.contact) }).waitFor()
    expect(await page.getByRole('link', { name: say(words.connect) }).count()).toBe(0)
    expect(await axeViolations(page)).toEqual([])
  })
})
