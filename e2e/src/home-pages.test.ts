import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()

const words = {
  en: {
    buildings: 'Buildings',
    noBuilding: /^No building yet/,
    addBuilding: 'Add a building',
    name: 'Name',
    size: 'Living space (m²)',
    kind: 'Kind of house',
    flat: 'Flat',
    town: 'Town',
    wholeNumber: /whole square metres/,
    save: 'Save',
    saved: 'Saved.',
    failed: /Nothing was changed, and what you typed is still here/,
    doubt: /it may be there already/,
    change: 'Change: ',
    facts: 'Flat · 88 m²',
    remove: 'Remove the building',
    sure: 'I want to remove this building',
    removed: 'Removed.',
    unreadable: /cannot be shown just now/,
    contract: 'Energy contract',
    addContract: 'Add a contract',
    kindOfContract: 'Kind of contract',
    yearly: 'One price per year',
    choose: /choose one of the list/,
    supplier: 'Supplier',
    price: 'Price per kWh',
    priceShown: '0.31 EUR per kWh',
    newPrice: '0.29 EUR per kWh',
  },
  de: {
    buildings: 'Gebäude',
    noBuilding: /^Noch kein Gebäude/,
    addBuilding: 'Gebäude anlegen',
    name: 'Name',
    size: 'Wohnfläche (m²)',
    kind: 'Art des Hauses',
    flat: 'Wohnung',
    town: 'Ort',
    wholeNumber: /ganze Quadratmeter/,
    save: 'Speichern',
    saved: 'Gespeichert.',
    failed: /was du eingegeben hast, steht noch hier/,
    doubt: /Es kann schon da sein/,
    change: 'Ändern: ',
    facts: 'Wohnung · 88 m²',
    remove: 'Gebäude entfernen',
    sure: 'Ich möchte dieses Gebäude entfernen',
    removed: 'Entfernt.',
    unreadable: /gerade nicht anzeigen/,
    contract: 'Stromvertrag',
    addContract: 'Vertrag eintragen',
    kindOfContract: 'Art des Vertrags',
    yearly: 'Ein Preis je Jahr',
    choose: /wähle etwas aus der Liste/,
    supplier: 'Anbieter',
    price: 'Preis pro kWh',
    priceShown: '0,31 EUR pro kWh',
    newPrice: '0,29 EUR pro kWh',
  },
} as const

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const link = (page: Page, name: string | RegExp) => page.getByRole('main').getByRole('link', { name }).click()
const status = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).waitFor()
const alert = (page: Page, text: RegExp) => page.getByRole('alert').filter({ hasText: text }).waitFor()

/** What stands at the partner; the list is that of the signed-in home. */
async function listed(page: Page, list: 'buildings' | 'energy-contracts') {
  const answer = (await (await page.request.get(`${stack.url}/api/${list}`)).json()) as Record<
    string,
    unknown[]
  >
  return answer[list === 'buildings' ? 'buildings' : 'contracts']
}

// Each language leaves the empty home as empty as it found it.
describe.each(['en', 'de'] as const)('in %s', (language) => {
  const word = words[language]

  test('a building is added, refused at its field, changed and removed, and nothing typed is lost', async () => {
    const page = await visit(browser, stack, { home: 'empty', path: '/settings', language, live: false })
    await link(page, word.buildings)
    await page.getByText(word.noBuilding).waitFor()
    await link(page, word.addBuilding)
    await page.getByLabel(word.name, { exact: true }).fill('Altbau')
    await page.getByLabel(word.size).fill('12,5')
    await page.getByLabel(word.kind, { exact: true }).selectOption(word.flat)
    await button(page, word.save)
    await page.getByText(word.wholeNumber).waitFor()
    expect(await page.getByLabel(word.size).getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByLabel(word.size).inputValue()).toBe('12,5')
    expect(await listed(page, 'buildings')).toEqual([])
    expect(await axeViolations(page)).toEqual([])

    await page.getByLabel(word.size).fill('88')
    for (const [fault, said] of [
      [{ kind: 'status', status: 403 }, word.failed],
      [{ kind: 'reset' }, word.doubt],
    ] as const) {
      await stack.control('POST', 'faults', { ...fault, match: { method: 'POST', path: 'buildings' } })
      await button(page, word.save)
      await alert(page, said)
      await stack.control('DELETE', 'faults')
      expect(await page.getByLabel(word.name, { exact: true }).inputValue()).toBe('Altbau')
      expect(await listed(page, 'buildings')).toEqual([])
    }

    await button(page, word.save)
    await status(page, word.saved)
    await page.getByText(word.facts).waitFor()
    await link(page, `${word.change}Altbau`)
    await page.getByLabel(word.town, { exact: true }).fill('Winterthur')
    await button(page, word.save)
    await status(page, word.saved)
    expect(await listed(page, 'buildings')).toMatchObject([
      { name: 'Altbau', property_type: 'Flat', property_size_m2: 88, town: 'Winterthur' },
    ])
    await link(page, `${word.change}Altbau`)
    await page.getByLabel(word.sure).check()
    await button(page, word.remove)
    await status(page, word.removed)
    expect(await listed(page, 'buildings')).toEqual([])
  })

  test('a contract is added, with its price in the words of the language, and changed', async () => {
    const home = language === 'en' ? 'solar' : 'heat'
    const page = await visit(browser, stack, { home, path: '/settings', language, live: false })
    await link(page, word.contract)
    const before = (await listed(page, 'energy-contracts'))?.length ?? 0
    await link(page, word.addContract)
    await page.getByLabel(word.supplier).fill('Stadtwerk Probe')
    await page.getByLabel(word.price).fill(language === 'de' ? '0,31' : '0.31')
    await button(page, word.save)
    await page.getByText(word.choose).waitFor()
    expect(await page.getByLabel(word.supplier).inputValue()).toBe('Stadtwerk Probe')
    await page.getByLabel(word.kindOfContract).selectOption(word.yearly)
    await button(page, word.save)
    await status(page, word.saved)
    await page.getByText(word.priceShown).waitFor()
    expect(await listed(page, 'energy-contracts')).toHaveLength(before + 1)
    await link(page, `${word.change}Stadtwerk Probe`)
    await page.getByLabel(word.price).fill('0,29')
    await button(page, word.save)
    await status(page, word.saved)
    await page.getByText(word.newPrice).waitFor()
    expect(await axeViolations(page)).toEqual([])
  })
})

test('while the partner fails, both pages say so and offer to try again', async () => {
  const page = await visit(browser, stack, { home: 'full', path: '/settings', live: false })
  for (const path of ['buildings', 'energy-contracts'])
    await stack.control('POST', 'faults', { kind: 'status', status: 503, match: { path } })
  for (const path of ['home', 'contract', 'contract/new']) {
    await page.goto(`${stack.url}/settings/${path}`)
    await alert(page, words.en.unreadable)
  }
  expect(await axeViolations(page)).toEqual([])
  await stack.control('DELETE', 'faults')
})

test.each(['light', 'dark'] as const)(
  'axe finds nothing in %s, and all fits into 320 px',
  async (colorScheme) => {
    const page = await visit(browser, stack, {
      home: 'full',
      path: '/settings/home',
      language: 'de',
      live: false,
      colorScheme,
    })
    const hrefs = () =>
      page
        .getByRole('main')
        .getByRole('link', { name: /^Ändern/ })
        .evaluateAll((all) => all.map((one) => new URL((one as HTMLAnchorElement).href).pathname))
    const building = await hrefs()
    expect(building).toHaveLength(1)
    for (const path of ['/settings/home', ...building, '/settings/contract', '/settings/contract/new']) {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.goto(stack.url + path)
      expect(await axeViolations(page)).toEqual([])
      await page.setViewportSize({ width: 320, height: 800 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    }
  },
)
