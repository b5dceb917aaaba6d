import { expect, test } from 'vitest'
import { languageOf } from './language-of.ts'

test.each<[string | undefined, string | null, string, string]>([
  [undefined, null, 'en', 'en'],
  [undefined, 'de-AT,de;q=0.9,en;q=0.8', 'de', 'de-AT'],
  [undefined, 'fr-FR,en-US;q=0.7', 'en', 'en-US'],
  [undefined, 'en;q=0.1, de;q=0.9', 'de', 'de'],
  [undefined, 'de;q=0, en', 'en', 'en'],
  ['de', 'en-GB', 'de', 'de'],
  ['en', 'de-DE,en-US;q=0.5', 'en', 'en-US'],
  ['xx', 'de', 'de', 'de'],
  ['toString', ';;q=,,', 'en', 'en'],
])('cookie %s and Accept-Language %s speak %s as %s', (chosen, accepted, language, locale) => {
  expect(languageOf(chosen, accepted)).toEqual({ language, locale })
})
