import type { NoticeEntry } from '@homewatt/contract'
import { expect, test } from 'vitest'
import { formatter } from './format.ts'
import { noticeText } from './notice-text.ts'
import { displayWords } from './words/index.ts'
import { noticesDe } from './words/notices-de.ts'
import { noticesEn } from './words/notices-en.ts'

const now = new Date('2026-06-21T10:00:00Z')
const words = { en: noticesEn, de: noticesDe }
const bodyOf = (language: 'en' | 'de', facts: NoticeEntry['facts'], switchedOff: ['boost'] | []) => {
  const risk = { kind: 'deadline_at_risk', type: 'electric-vehicles', facts } as const
  const format = formatter(language, 'Europe/Berlin')
  return noticeText(risk, words[language], displayWords[language].device, format, now, switchedOff).body
}

test('a deadline at risk advises to charge now where that may be done, and never says nothing', () => {
  const facts = { level: 20, target: 80 }
  expect(bodyOf('en', facts, [])).toMatch(/^It has 20 ?% and should have 80 ?%\. Charge Now still gets it as/)
  expect(bodyOf('en', facts, ['boost'])).toMatch(/^It has 20 ?% and should have 80 ?%\.$/)
  expect(bodyOf('en', {}, [])).toBe('Charge Now still gets it as far as possible.')
  expect(bodyOf('en', {}, ['boost'])).toBe('It may have less than you asked for.')
  expect(bodyOf('de', facts, [])).toMatch(
    /^Stand: 20\s?%, Ziel: 80\s?%\. „Jetzt laden“ bringt es noch so weit/,
  )
  expect(bodyOf('de', facts, ['boost'])).toMatch(/^Stand: 20\s?%, Ziel: 80\s?%\.$/)
  expect(bodyOf('de', {}, ['boost'])).toBe('Es könnte weniger sein als gewünscht.')
})

test('without a cable it says to plug in, and until when', () => {
  const facts = { level: 20, target: 80, unplugged: true, plug_in_by: '2026-06-22T01:46:52.192Z' }
  expect(bodyOf('en', facts, [])).toMatch(/It is not plugged in: plug it in by tomorrow, 03:46\.$/)
  expect(bodyOf('en', { ...facts, plug_in_by: null }, [])).toMatch(/It is not plugged in: plug it in soon\.$/)
  expect(bodyOf('de', facts, [])).toMatch(/Es ist nicht angesteckt: steck es bis morgen, 03:46 Uhr an\.$/)
  expect(bodyOf('de', { ...facts, plug_in_by: null }, [])).toMatch(
    /Es ist nicht angesteckt: steck es bald an\.$/,
  )
})
