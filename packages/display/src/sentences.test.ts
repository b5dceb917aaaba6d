import type { Problem } from '@homewatt/contract'
import { expect, test } from 'vitest'
import { formatter } from './format.ts'
import { freshness } from './freshness.ts'
import { minutesBefore, msBefore, noon } from './made-readings.ts'
import { freshnessSentence } from './sentences.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'

const english = formatter('en', 'Europe/Berlin')
const german = formatter('de', 'Europe/Berlin')
const ours: Problem = { kind: 'unreachable', since: msBefore(0) }
const ok = { expectedIntervalS: 900, isAuthenticated: true, problem: null }

test.each([
  [minutesBefore(0), {}, 'Updated just now', 'Aktualisiert gerade eben'],
  [minutesBefore(-4), {}, 'Updated just now', 'Aktualisiert gerade eben'],
  [minutesBefore(3), {}, 'Updated 3 min ago', 'Aktualisiert vor 3 min'],
  [minutesBefore(30), {}, 'Updated 30 min ago', 'Aktualisiert vor 30 min'],
  [minutesBefore(90), { expectedIntervalS: 3600 }, 'Updated 12:30', 'Aktualisiert: 12:30 Uhr'],
  [
    minutesBefore(50),
    {},
    'No new data from the manufacturer since 13:10',
    'Keine neuen Daten vom Hersteller seit 13:10 Uhr',
  ],
  [
    '2026-06-20T21:50:00Z',
    {},
    'No new data from the manufacturer since yesterday, 23:50',
    'Keine neuen Daten vom Hersteller seit gestern, 23:50 Uhr',
  ],
  [
    minutesBefore(50),
    { isAuthenticated: false },
    'The link to the manufacturer has lapsed. Last data: 13:10',
    'Die Verbindung zum Hersteller ist abgelaufen. Letzte Daten: 13:10 Uhr',
  ],
  [
    minutesBefore(50),
    { problem: ours },
    'We cannot fetch new data at the moment. Last data: 13:10',
    'Wir können gerade keine neuen Daten abrufen. Letzte Daten: 13:10 Uhr',
  ],
  [null, {}, 'This device has not reported any data yet', 'Dieses Gerät hat noch keine Daten gemeldet'],
  [
    minutesBefore(-6),
    {},
    'The device’s clock differs, so the age of these values is not known',
    'Die Uhr des Geräts geht anders, daher ist das Alter dieser Werte nicht bekannt',
  ],
])('values of %s with %j read "%s"', (updatedAt, over, inEnglish, inGerman) => {
  const age = freshness({ ...ok, ...over, updatedAt }, noon)
  expect(freshnessSentence(age, noon, en, english)).toBe(inEnglish)
  expect(freshnessSentence(age, noon, de, german)).toBe(inGerman)
})
