import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { pageInTime, postFormInTime, webBuild, type Language } from './page.test-support.ts'

/** What a household reads when a building or a contract is not taken, or the partner fails; in both languages. */

let house: House
let person: Person
beforeAll(async () => {
  house = await openHouse({ webBuild })
  person = await house.signIn('full')
  await person.home()
})
afterEach(async () => {
  await house.control('DELETE', '/faults')
  await house.time.advance(90_000)
})
afterAll(() => house.close())

const languages = ['en', 'de'] as const
const records: [
  what: string,
  page: string,
  upstream: string,
  typed: Record<string, string>,
  field: string,
][] = [
  ['building', '/settings/home/new?/save', '/buildings', { name: 'Altbau', town: 'Winterthur' }, 'town'],
  [
    'contract',
    '/settings/contract/new',
    '/energy-contracts',
    { energy_contract_type: 'yearly', supplier: 'Stadtwerk Probe' },
    'supplier',
  ],
]
const failed = {
  en: 'This could not be saved just now. Nothing was changed, and what you typed is still here.',
  de: 'was du eingegeben hast, steht noch hier',
}

describe.each(records)('a %s', (_, page, upstream, typed, field) => {
  const save = (language: Language) => postFormInTime(house, person, page, typed, language)
  const expectTyped = (html: string) => expect(html).toContain(`value="${typed[field]}"`)

  test('that is not taken is marked where it is', async () => {
    await house.fault({
      kind: 'status',
      status: 422,
      body: { detail: [{ type: 'x', loc: ['body', field], msg: 'canary' }] },
      match: { method: 'POST', path: upstream },
    })
    for (const language of languages) {
      const { html, text } = await save(language)
      expect(text).toMatch(/marked fields|markierten Felder/)
      expect(new RegExp(`<input(?=[^>]*name="${field}")[^>]*>`).exec(html)?.[0]).toContain(
        'aria-invalid="true"',
      )
      expect(html).not.toContain('canary')
      expectTyped(html)
    }
  })

  test.each<[string, Record<string, unknown>]>([
    ['without a word why', { kind: 'status', status: 422, body: { detail: [] } }],
    ['because it may not be', { kind: 'status', status: 403 }],
    ['because the partner asks for patience', { kind: 'rate_limit', retry_after_s: 30 }],
  ])('that is not taken %s is not said to be saved, and stays as it was typed', async (__, fault) => {
    await house.fault({ ...fault, match: { method: 'POST', path: upstream } })
    for (const language of languages) {
      const { html, text } = await save(language)
      expect(text).toContain(failed[language])
      expect(text).not.toMatch(/marked fields|markierten Felder|Saved\.|Gespeichert\./)
      expectTyped(html)
      await house.time.advance(90_000)
    }
  })

  test('outlives a partner that fails altogether', async () => {
    await house.fault({ kind: 'status', status: 503 })
    for (const language of languages) {
      const { html, text } = await save(language)
      expect(text).toMatch(/may be there already|kann schon da sein|still here|steht noch hier/)
      expectTyped(html)
    }
  })
})

test('while the partner is away both lists say that they cannot be shown', async () => {
  for (const path of ['/buildings', '/energy-contracts'])
    await house.fault({ kind: 'status', status: 503, match: { path } })
  const words = {
    '/settings/home': {
      en: 'Your buildings cannot be shown just now. Nothing is lost.',
      de: 'Deine Gebäude lassen sich gerade nicht anzeigen. Es ist nichts verloren.',
    },
    '/settings/contract': {
      en: 'Your contract cannot be shown just now. Nothing is lost.',
      de: 'Dein Vertrag lässt sich gerade nicht anzeigen. Es ist nichts verloren.',
    },
  }
  for (const [path, said] of Object.entries(words))
    for (const language of languages)
      expect((await pageInTime(house, person, path, language)).text).toContain(said[language])
})
