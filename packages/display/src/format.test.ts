import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatter } from './format.ts'
import { noon } from './made-readings.ts'

const en = formatter('en', 'Europe/Berlin')
const de = formatter('de', 'Europe/Berlin')
/** With plain spaces, so that the tables below can be read. */
const plain = (text: string) => text.replaceAll('\u202f', ' ')

test.each([
  [0, '0 W', '0 W'],
  [-0, '0 W', '0 W'],
  [-0.4, '0 W', '0 W'],
  [0.5, '1 W', '1 W'],
  [950, '950 W', '950 W'],
  [999.4, '999 W', '999 W'],
  [999.6, '1.0 kW', '1,0 kW'],
  [1000, '1.0 kW', '1,0 kW'],
  [2341, '2.3 kW', '2,3 kW'],
  [-750, '−750 W', '−750 W'],
  [-2500, '−2.5 kW', '−2,5 kW'],
  [1_234_567, '1,234.6 kW', '1.234,6 kW'],
])('%s W reads "%s"', (w, english, german) => {
  expect(plain(en.power(w).text)).toBe(english)
  expect(plain(de.power(w).text)).toBe(german)
})

test.each([
  [1050, 'W', '1,050 W'],
  [950, 'kW', '1.0 kW'],
  [900, 'kW', '0.9 kW'],
  [40, 'kW', '0.0 kW'],
  [0, 'kW', '0 kW'],
] as const)('%s W in a picture in %s reads "%s"', (w, unit, text) => {
  expect(plain(en.power(w, unit).text)).toBe(text)
})

test.each([
  [0, '0.00 kWh'],
  [9.994, '9.99 kWh'],
  [9.996, '10.0 kWh'],
  [10, '10.0 kWh'],
  [79.5, '79.5 kWh'],
  [99.96, '100 kWh'],
  [1234.5, '1,235 kWh'],
  [9999.4, '9,999 kWh'],
  [10_000, '10.0 MWh'],
  [123_456, '123 MWh'],
])('%s kWh reads "%s"', (kwh, text) => {
  expect(plain(en.energy(kwh).text)).toBe(text)
})

test.each([
  [21.2, '21.2 °C', '21,2 °C'],
  [48, '48 °C', '48 °C'],
  [-3.25, '−3.3 °C', '−3,3 °C'],
  [-0.04, '0 °C', '0 °C'],
])('%s °C reads "%s"', (c, english, german) => {
  expect(plain(en.temperature(c).text)).toBe(english)
  expect(plain(de.temperature(c).text)).toBe(german)
})

test.each([
  [1.5, '+1.5 K'],
  [-2, '−2 K'],
  [0, '0 K'],
  [0.01, '0 K'],
])('an offset of %s K reads "%s"', (k, text) => {
  expect(plain(en.temperatureDifference(k).text)).toBe(text)
})

test.each([
  [75, '75%', '75 %'],
  [100, '100%', '100 %'],
  [99.6, '99%', '99 %'],
  [99.99, '99%', '99 %'],
  [98.5, '99%', '99 %'],
  [0, '0%', '0 %'],
])('%s percent reads "%s"', (p, english, german) => {
  expect(plain(en.percent(p).text)).toBe(english)
  expect(plain(de.percent(p).text)).toBe(german)
})

test('range is in whole kilometres', () => {
  expect(plain(en.range(280.4).text)).toBe('280 km')
})

test.each([
  [1234.5, '€1,234.50', '1.234,50 €'],
  [-0.5, '−€0.50', '−0,50 €'],
  [-0.001, '€0.00', '0,00 €'],
])('%s EUR reads "%s"', (amount, english, german) => {
  expect(plain(en.money(amount, 'EUR').text)).toBe(english)
  expect(plain(de.money(amount, 'EUR').text)).toBe(german)
})

test('a currency that is none is written as it came', () => {
  expect(plain(en.money(2, '€uro').text)).toBe('2.00 €uro')
})

test('a price has one decimal', () => {
  expect(plain(en.price(28.94).text)).toBe('28.9 ct/kWh')
  expect(plain(de.price(-0.55).text)).toBe('−0,6 ct/kWh')
})

test('number, unit and what is between them come apart', () => {
  expect(de.power(2341)).toEqual({ value: '2,3', unit: 'kW', gap: '\u202f', text: '2,3\u202fkW' })
  expect(en.percent(75)).toEqual({ value: '75', unit: '%', gap: '', text: '75%' })
})

describe('age', () => {
  const minute = 60_000
  test.each([
    [0, 'just now', 'gerade eben'],
    [-5 * minute, 'just now', 'gerade eben'],
    [minute - 1, 'just now', 'gerade eben'],
    [minute, '1 min ago', 'vor 1 min'],
    [3 * minute, '3 min ago', 'vor 3 min'],
    [60 * minute - 1, '59 min ago', 'vor 59 min'],
    [60 * minute, '1 h ago', 'vor 1 Std.'],
    [23.9 * 60 * minute, '23 h ago', 'vor 23 Std.'],
    [24 * 60 * minute, '1 day ago', 'vor 1 Tag'],
    [50 * 60 * minute, '2 days ago', 'vor 2 Tagen'],
    [400 * 24 * 60 * minute, '400 days ago', 'vor 400 Tagen'],
  ])('of %i ms reads "%s"', (ms, english, german) => {
    expect(en.age(ms)).toBe(english)
    expect(de.age(ms)).toBe(german)
  })
})

describe('the clock', () => {
  test.each([
    ['2026-06-21T07:40:00Z', '09:40', '09:40 Uhr'],
    ['2026-06-20T21:50:00Z', 'yesterday, 23:50', 'gestern, 23:50 Uhr'],
    ['2026-06-20T22:10:00Z', '00:10', '00:10 Uhr'],
    ['2026-06-22T05:00:00Z', 'tomorrow, 07:00', 'morgen, 07:00 Uhr'],
    ['2026-03-22T13:54:34Z', '22 March, 14:54', '22. März, 14:54 Uhr'],
    ['2023-03-22T13:54:34Z', '22 March 2023, 14:54', '22. März 2023, 14:54 Uhr'],
    ['07:00', '07:00', '07:00 Uhr'],
    ['00:00', '00:00', '00:00 Uhr'],
    ['25:00', '–', '–'],
    ['soon', '–', '–'],
    [null, '–', '–'],
  ])('for %s reads "%s"', (at, english, german) => {
    expect(plain(en.clock(at, noon))).toBe(english)
    expect(plain(de.clock(at, noon))).toBe(german)
  })

  test('follows the home, not the viewer', () => {
    expect(formatter('en', 'America/New_York').clock('2026-06-21T07:40:00Z', noon)).toBe('03:40')
    expect(formatter('en', 'Asia/Kolkata').clock('2026-06-21T07:40:00Z', noon)).toBe('13:10')
  })

  test('knows yesterday across the change to summer time', () => {
    const sunday = new Date('2026-03-29T20:00:00Z')
    expect(en.clock('2026-03-28T22:30:00Z', sunday)).toBe('yesterday, 23:30')
    expect(en.clock('2026-03-29T01:30:00Z', sunday)).toBe('03:30')
  })

  test('speaks American where asked to', () => {
    expect(plain(formatter('en-US', 'Europe/Berlin').clock('2026-03-22T13:54:34Z', noon))).toBe(
      'March 22, 02:54 PM',
    )
  })
})

test('elapsed time counts minutes and seconds', () => {
  expect([0, 7_999, 65_000, 3_600_000, -5, NaN].map(en.elapsed)).toEqual([
    '0:00',
    '0:07',
    '1:05',
    '60:00',
    '0:00',
    '0:00',
  ])
})

describe('a tile', () => {
  test('that is not reported has no value to show', () => {
    expect(
      en.tile({ field: 'dhw_temperature', quantity: 'temperature', shown: { kind: 'not_reported' } }),
    ).toBeNull()
  })

  test.each([
    ['power', 2341, '2.3 kW'],
    ['energy', 10, '10.0 kWh'],
    ['temperature', 51.1, '51.1 °C'],
    ['temperature_difference', 1.5, '+1.5 K'],
    ['percent', 60, '60%'],
    ['range', 280, '280 km'],
    ['time_of_day', 420, '07:00'],
  ] as const)('of %s %s reads "%s"', (quantity, value, text) => {
    expect(
      plain(en.tile({ field: 'battery_level', quantity, shown: { kind: 'value', value } })?.text ?? ''),
    ).toBe(text)
  })

  test('of text is the text, and a time of day in the language’s way', () => {
    const shown = { kind: 'text', text: '07:00' } as const
    expect(plain(de.tile({ field: 'battery_level', quantity: 'time_of_day', shown })?.text ?? '')).toBe(
      '07:00 Uhr',
    )
    expect(de.tile({ field: 'battery_level', quantity: 'power', shown })?.text).toBe('07:00')
  })
})

test.each([
  ['xx-invalid-locale-tag-that-is-too-long', 'Europe/Berlin'],
  ['de', 'Mars/Olympus'],
  ['', ''],
  ['zz', 'UTC'],
])('locale "%s" in zone "%s" still shows numbers and times', (locale, zone) => {
  const made = formatter(locale, zone)
  expect(plain(made.power(950).text)).toBe('950 W')
  expect(made.clock('2026-06-21T07:40:00Z', noon)).toMatch(/\d\d:40/)
})

test('one formatter is made per language and zone', () => {
  expect(formatter('de', 'Europe/Vienna')).toBe(formatter('de', 'Europe/Vienna'))
  expect(formatter('de', 'Europe/Vienna')).not.toBe(formatter('de', 'Europe/Berlin'))
})

test('no number at all makes NaN, Infinity or a minus before zero', () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity, -Infinity, -0.04, -0.4, -1e-300))
  const locale = fc.constantFrom('en', 'en-US', 'de', 'de-AT', 'de-CH')
  fc.assert(
    fc.property(number, locale, (n, language) => {
      const f = formatter(language, 'Europe/Vienna')
      const texts = [
        ...[
          f.power(n),
          f.power(n, 'W'),
          f.power(n, 'kW'),
          f.energy(n),
          f.temperature(n),
          f.temperatureDifference(n),
        ],
        ...[f.percent(n), f.range(n), f.money(n, 'EUR'), f.price(n)],
      ].flatMap(({ text, value, unit }) => [text, value, unit])
      for (const text of [...texts, f.age(n), f.elapsed(n)]) {
        expect(text).not.toMatch(/NaN|Infinity|∞|undefined|null|-/)
        expect(text).not.toMatch(/[−+][^1-9]*$/)
      }
    }),
    { numRuns: 500 },
  )
})
