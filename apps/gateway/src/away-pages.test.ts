import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, postFormInTime, webBuild, type Language } from './page.test-support.ts'

/** What a household reads of its time away, when it cannot be as it was asked for, and while the partner fails in it. */

let house: House
let person: Person
beforeEach(async () => {
  house = await openHouse({ webBuild })
  person = await house.signIn('full')
  await person.home()
})
afterEach(() => house.close())

const languages = ['en', 'de'] as const
const minutes = (n: number) => n * 60_000
const away = (action: 'start' | 'end', fields: Record<string, string> = {}, language: Language = 'en') =>
  postFormInTime(house, person, `/settings/away?/${action}`, fields, language)
const fieldOf = (html: string, name: string) =>
  new RegExp(`<input(?=[^>]*name="${name}")[^>]*>`).exec(html)?.[0] ?? ''
const puts = async () => Object.keys(await house.counts()).filter((route) => route.startsWith('PUT'))

describe('what cannot be is told at its field, and what was typed stays', () => {
  // It is noon in Berlin on 21 June.
  test.each([
    [
      '2026-06-22T10:00',
      '2026-06-20T10:00',
      'The end has to be in the future.',
      'Das Ende muss in der Zukunft liegen.',
    ],
    [
      '2026-06-23T10:00',
      '2026-06-22T10:00',
      'The end has to come after the beginning.',
      'Das Ende muss nach dem Beginn liegen.',
    ],
    [
      '',
      '2027-08-01T10:00',
      'The end can be a year ahead at most.',
      'Das Ende kann höchstens ein Jahr entfernt sein.',
    ],
    ['', 'tomorrow', 'Please give a date and a time.', 'Bitte gib Datum und Uhrzeit an.'],
    ['', '', 'Please give a date and a time.', 'Bitte gib Datum und Uhrzeit an.'],
  ])('from "%s" until "%s": %s', async (from, until, en, de) => {
    for (const [language, words] of [
      ['en', en],
      ['de', de],
    ] as const) {
      const page = await away('start', { from, until }, language)
      expect(page.text).toContain(words)
      expect(fieldOf(page.html, 'until')).toContain('aria-invalid="true"')
      expect(fieldOf(page.html, 'until')).toContain(`value="${until}"`)
      expect(fieldOf(page.html, 'from')).toContain(`value="${from}"`)
    }
    expect(await puts()).toEqual([])
  })
})

test('a time away that is planned says from when, on the overview too, and is taken back', async () => {
  await away('start', { from: '2026-06-23T08:00', until: '2026-06-25T18:00' })
  const page = await pageOf(house, person, '/settings/away')
  expect(page.text).toMatch(/You will be away from [^.]*08:00 until [^.]*18:00\./)
  const german = await pageOf(house, person, '/settings/away', 'de')
  expect(german.text).toMatch(/Du bist abwesend von .*08:00 Uhr bis .*18:00 Uhr\./)
  await expectShown(house, person, { en: ['Away from'], de: ['Abwesend ab'] })
  expect(page.signs).toContain('Do not go away')
  expect((await away('end', {}, 'de')).text).toContain('Deine Abwesenheit ist beendet.')
  expect(await puts()).toEqual([])
})

test('a partner that fails while devices are paused, and while they are switched on again, is told until it is done', async () => {
  const waiting = {
    en: 'Not all devices can be reached since',
    de: 'sind nicht alle Geräte erreichbar. Wir versuchen es von selbst weiter.',
  }
  await house.fault({ kind: 'status', status: 503, match: { method: 'PUT' } })
  const begun = await away('start', { from: '', until: '2026-06-25T18:00' })
  expect(begun.text).toContain('Your devices are being paused.')
  await expectShown(
    house,
    person,
    { en: [waiting.en, 'being paused'], de: [waiting.de, 'wird pausiert', 'Deine Geräte werden pausiert.'] },
    '/settings/away',
  )
  // Whoever is not looking is told too, when it takes long.
  await house.time.advance(minutes(20))
  await expectShown(
    house,
    person,
    { en: ['Not everything could be paused yet'], de: ['Noch nicht alles konnte pausiert werden'] },
    '/notices',
  )
  await house.control('DELETE', '/faults')
  await house.time.advance(minutes(40))
  await expectShown(
    house,
    person,
    { en: ['You are away until', 'paused'], de: ['Du bist abwesend bis', 'pausiert'] },
    '/settings/away',
  )
  const calm = await pageOf(house, person, '/settings/away')
  expect(calm.text).not.toMatch(/cannot be|can be reached/)

  await house.fault({ kind: 'status', status: 503, match: { method: 'PUT' } })
  const ended = await away('end', {}, 'de')
  // Nothing is over yet, and it is not said to be.
  expect(ended.text).not.toContain('Deine Abwesenheit ist beendet.')
  await expectShown(
    house,
    person,
    {
      en: ['You are back. Your devices are being switched on again.', waiting.en],
      de: ['Du bist zurück. Deine Geräte werden wieder eingeschaltet.', waiting.de],
    },
    '/settings/away',
  )
  await house.control('DELETE', '/faults')
  await house.time.advance(minutes(40))
  for (const language of languages) {
    const { text, signs } = await pageOf(house, person, '/settings/away', language)
    expect(text).not.toMatch(/are being switched|werden wieder eingeschaltet\./)
    expect(signs).toContain(language === 'en' ? 'Begin' : 'Beginnen')
  }
  await expectShown(
    house,
    person,
    {
      en: ['Your time away has begun', 'Welcome back'],
      de: ['Deine Abwesenheit hat begonnen', 'Willkommen zurück'],
    },
    '/notices',
  )
})

test('a device that cannot be switched, one that was off and one that is gone are told apart', async () => {
  const pump = await person.deviceId('heat-pumps')
  await house.control('POST', '/homes/full/devices/wallboxes', {
    settings: { is_smart_optimization_active: false },
  })
  await house.time.advance(minutes(1))
  await house.fault({ kind: 'status', status: 403, match: { method: 'PUT', path: pump } })
  await away('start', { from: '', until: '2026-06-25T18:00' })
  await expectShown(
    house,
    person,
    {
      en: ['cannot be switched from here', 'was not optimised before, stays as it is', 'paused'],
      de: ['lässt sich von hier nicht schalten', 'war vorher nicht optimiert, bleibt so', 'pausiert'],
    },
    '/settings/away',
  )
})

test('a reminder is promised only where one comes, and by when', async () => {
  const reminder = async (language: Language) =>
    /(?:Reminder of the end|Erinnerung an das Ende): (.{0,30})/.exec(
      (await pageOf(house, person, '/settings/away', language)).text,
    )?.[1]
  await away('start', { from: '', until: '2026-06-21T19:00' })
  for (const language of languages) {
    expect(await reminder(language)).toBeUndefined()
    expect((await pageOf(house, person, '/settings/away', language)).text).not.toMatch(/reminder|Erinnerung/i)
  }
  await away('start', { until: '2026-06-22T19:00' })
  for (const language of languages) expect(await reminder(language)).toContain('18:00')
})
