import { expect, test } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'

/** Every text of a list under its path, with functions called. */
function texts(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    if (typeof value === 'string') return [[`${path}${key}`, value]]
    if (typeof value === 'function')
      return [[`${path}${key}`, String((value as (...a: string[]) => string)('7', '8'))]]
    return texts(value as object, `${path}${key}.`)
  })
}

test('both languages say the same things', () => {
  expect(texts(de).map(([path]) => path)).toEqual(texts(en).map(([path]) => path))
})

test.each([...texts(en), ...texts(de)])('%s is written out: "%s"', (_, text) => {
  expect(text.trim()).toBe(text)
  expect(text).not.toBe('')
  expect(text).not.toMatch(/undefined|null|NaN|\.\.\.|'|"/)
})

test('German is German', () => {
  const shared = texts(en).filter(([path, text]) =>
    texts(de).some(([other, german]) => other === path && german === text),
  )
  expect(shared.map(([, text]) => text)).toEqual([
    'Min',
    'ECO',
    'Boost',
    'Online',
    'Offline',
    'Solar',
    'Wallbox',
  ])
})

test.each([
  ['Solar', en.flow.solar],
  ['Home', en.flow.home],
  ['Battery', en.flow.battery],
  ['Grid', en.flow.grid],
  ['Surplus', en.flow.surplus],
  ['Surplus', en.field.solar_surplus_w],
  ['Unexplained', en.flow.unexplained],
  ['From grid', en.flow.importing],
  ['To grid', en.flow.exporting],
  ['Reconnect needed', en.connection.reconnect],
  ['not reported', en.notReported],
  ['just now', en.justNow],
])('"%s" is the agreed word', (word, text) => {
  expect(text).toBe(word)
})

test('a deadline without a level still says when', () => {
  expect(en.deadline.by('75%', '07:00')).toBe('At least 75% by 07:00')
  expect(en.deadline.by(null, '07:00')).toBe('Charged by 07:00')
  expect(de.deadline.by('75 %', '07:00 Uhr')).toBe('Mindestens 75 % bis 07:00 Uhr')
})
