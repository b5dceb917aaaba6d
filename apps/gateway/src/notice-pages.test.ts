import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { openMailServer, type MailServer } from './mail-server.test-support.ts'
import { expectShown, pageOf, postFormInTime, webBuild, type Language } from './page.test-support.ts'

/** What a household reads of what happened, and where it chooses what it is told and how. */

let house: House
let mail: MailServer
let person: Person
beforeEach(async () => {
  mail = await openMailServer()
  house = await openHouse({
    webBuild,
    history: { keptMonths: 25, roundMs: minutes(15) },
    outlets: { mailer: mail.mailer, vapid: null, pushOrigins: [] },
  })
})
afterEach(async () => {
  await house.close()
  await mail.close()
})

const minutes = (n: number) => n * 60_000
const both = <T>(en: T, de: T) => [['en', en] as const, ['de', de] as const]
const device = (home: string, type: string, change: object) =>
  house.control('POST', `/homes/${home}/devices/${type}`, change)

test('what happened stands in the list in both languages: troubles, and that they are over', async () => {
  person = await house.signIn('full')
  await person.stream()
  await house.time.advance(minutes(40))
  await device('full', 'inverters', { authenticated: false })
  await device('full', 'heat-pumps', { actions: ['update_firmware'] })
  await house.time.advance(minutes(20))
  await expectShown(
    house,
    person,
    {
      en: [
        'Fronius Symo GEN24 10.0 Plus has to be reconnected The link to the manufacturer has lapsed. Until it is renewed nothing is optimised.',
        'Nibe S2125-12 needs you Something has to be done before it can go on.',
        '2 new messages',
      ],
      de: [
        'Fronius Symo GEN24 10.0 Plus muss neu verbunden werden Die Verbindung zum Hersteller ist abgelaufen. Bis sie erneuert ist, wird nichts optimiert.',
        'Nibe S2125-12 braucht dich Bevor es weitergehen kann, ist etwas zu tun.',
        '2 neue Nachrichten',
      ],
    },
    '/notices',
  )
  await expectShown(house, person, { en: ['2 new messages'], de: ['2 neue Nachrichten'] })
  await device('full', 'inverters', { authenticated: true, freeze: true })
  await device('full', 'heat-pumps', { actions: [] })
  await house.time.advance(minutes(5 * 60))
  await device('full', 'inverters', { freeze: false })
  await house.time.advance(minutes(60))
  await expectShown(
    house,
    person,
    {
      en: [
        'Nibe S2125-12 is connected again Nothing more to do.',
        'No news from Fronius Symo GEN24 10.0 Plus Last report:',
        'Fronius Symo GEN24 10.0 Plus reports again Its values are up to date.',
      ],
      de: [
        'Nibe S2125-12 ist wieder verbunden Es ist nichts mehr zu tun.',
        'Nichts Neues von Fronius Symo GEN24 10.0 Plus Letzte Meldung:',
        'Fronius Symo GEN24 10.0 Plus meldet sich wieder Die Werte sind wieder aktuell.',
      ],
    },
    '/notices',
  )
})

test('a boost is told from its beginning to its end, and one that came to nothing', async () => {
  person = await house.signIn('car')
  await person.stream()
  const id = await person.deviceId('electric-vehicles')
  const boost = () => person.send('POST', `/api/devices/electric-vehicles/${id}/boost`)
  const ready = { plugged_in: true, level: 40, charge_plan: 'wait' }
  await device('car', id, ready)
  await house.time.advance(minutes(20))
  await boost()
  await house.time.advance(minutes(10))
  await device('car', id, { plugged_in: false })
  await house.time.advance(minutes(20))
  await device('car', id, ready)
  await house.time.advance(minutes(20))
  await house.fault({ kind: 'boost_fail', after_s: 60 })
  await boost()
  await house.time.advance(minutes(20))
  await expectShown(
    house,
    person,
    {
      en: [
        'charges now It started at',
        'Charge Now has ended:',
        'The cable was unplugged.',
        'did not start to charge',
      ],
      de: [
        'lädt jetzt Begonnen bei',
        '„Jetzt laden“ ist beendet:',
        'Das Kabel wurde abgezogen.',
        'hat nicht begonnen zu laden',
      ],
    },
    '/notices',
  )
})

test('a deadline that cannot be kept is told before and after, and a target that is reached', async () => {
  person = await house.signIn('car')
  await person.stream()
  const id = await person.deviceId('electric-vehicles')
  const due = { is_charge_policy_enabled: true, charge_deadline_at: '13:00', minimum_charge_limit: 75 }
  await device('car', id, { plugged_in: true, level: 30, charge_plan: 'now', settings: due })
  await house.time.advance(minutes(20))
  await expectShown(
    house,
    person,
    { en: ['may not be ready by 13:00'], de: ['ist vielleicht nicht rechtzeitig geladen (13:00 Uhr)'] },
    '/notices',
  )
  await house.time.advance(minutes(60))
  await device('car', id, { level: 78 })
  await house.time.advance(minutes(30))
  await expectShown(
    house,
    person,
    {
      en: ['was not ready in time', 'is charged to', 'The target was 75%.'],
      de: ['war nicht rechtzeitig geladen', 'ist geladen auf', 'Das Ziel war 75 %.'],
    },
    '/notices',
  )
})

test('a home in which nothing happened says so', async () => {
  person = await house.signIn('empty')
  await expectShown(
    house,
    person,
    {
      en: ['Nothing has happened yet that you would have to know.'],
      de: ['Es ist noch nichts passiert, was du wissen müsstest.'],
    },
    '/notices',
  )
})

describe('where it is chosen what is told, what cannot be is said, and what was typed stays', () => {
  const post = (action: string, fields: Record<string, string>, language: Language) =>
    postFormInTime(house, person, `/settings/notices?/${action}`, fields, language)
  beforeEach(async () => {
    person = await house.signIn('full')
  })

  test('quiet hours from 25:00', async () => {
    for (const [language, words] of both('Please give two times of day.', 'Bitte gib zwei Uhrzeiten an.')) {
      const page = await post('save', { boost: 'on', quiet: 'on', from: '25:00', to: '06:00' }, language)
      expect(page.text).toContain(words)
      expect(page.html).toContain('value="25:00"')
      const isOn = (topic: string) => new RegExp(`<input[^>]*name="${topic}"[^>]*>`).exec(page.html)?.[0]
      expect(isOn('boost')).toContain('checked')
      expect(isOn('data')).not.toContain('checked')
    }
  })

  test('an address that is none', async () => {
    for (const [language, words] of both('This is no mail address.', 'Das ist keine E-Mail-Adresse.')) {
      const page = await post('email', { address: 'anna' }, language)
      expect(page.text).toContain(words)
      expect(page.html).toContain('value="anna"')
    }
  })

  test('a mail server that is down, and a code that is not the one', async () => {
    await mail.stop()
    for (const [language, words] of both(
      'The mail server cannot be reached just now. Nothing was sent',
      'Der Mailserver ist gerade nicht erreichbar. Es wurde nichts gesendet',
    )) {
      const page = await post('email', { address: 'anna@example.com' }, language)
      expect(page.text).toContain(words)
    }
    await mail.start()
    await post('email', { address: 'anna@example.com' }, 'en')
    for (const [language, words] of both('That is not the code.', 'Das ist nicht der Code.')) {
      const page = await post('confirm', { code: '000000' }, language)
      expect(page.text).toContain(words)
    }
    const { text } = await pageOf(house, person, '/settings/notices', 'de')
    expect(text).toContain('Wir haben einen Code an anna@example.com gesendet.')
  })
})
