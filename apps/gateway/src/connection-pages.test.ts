import type { DeviceType } from '@homewatt/contract'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import {
  expectShown,
  pageOf,
  postFormInTime,
  untilAsked,
  webBuild,
  type Language,
} from './page.test-support.ts'

/** What a household reads of a link that lapsed and of what the partner asks of it, and what becomes of a tap there. */

let house: House
let person: Person
beforeAll(async () => {
  const support = { name: 'North service', email: 'help@north.example', url: null }
  house = await openHouse({ webBuild, brand: { brand: { name: 'North' }, support } })
  person = await house.signIn('heat')
  await person.stream()
})
afterEach(async () => {
  await house.control('DELETE', '/faults')
  await move({ clear: true, actions: [], authenticated: true })
})
afterAll(() => house.close())

const languages = ['en', 'de'] as const
async function move(
  change: Record<string, unknown>,
  home: Record<string, unknown> = { resolution_link: 'object' },
) {
  await house.control('POST', '/homes/heat', home)
  await house.control('POST', '/homes/heat/devices/heat-pumps', change)
  await untilAsked(house, person, 'heat-pumps')
}
const path = async () => `/heat-pumps/${await person.deviceId('heat-pumps')}`
const signs = async (language: Language) => (await pageOf(house, person, await path(), language)).signs

/** Taps the button of the first action. */
async function tap(language: Language) {
  const [pump] = (await person.home()).groups['heat-pumps'].devices
  const fields = { type: 'heat-pumps', id: pump?.id ?? '', n: String(pump?.actions?.[0]?.n ?? 0) }
  return postFormInTime(house, person, `${await path()}?/resolve`, fields, language)
}

describe('an action with a code that nobody knows', () => {
  const general = {
    en: ['Attention needed', 'This device needs your attention', 'Contact North service'],
    de: ['Aktion erforderlich', 'Dieses Gerät braucht deine Aufmerksamkeit', 'North service kontaktieren'],
  }

  test('is said in general words, with whom to ask, and no way is made up', async () => {
    await move({ actions: ['update_firmware'] })
    for (const page of ['/', await path()]) await expectShown(house, person, general, page)
    for (const language of languages) {
      const { html, signs } = await pageOf(house, person, await path(), language)
      expect(html).toContain('href="mailto:help@north.example"')
      expect(html).not.toMatch(/update_firmware|\?\/resolve/)
      expect(signs).not.toContain(language === 'en' ? 'Reconnect' : 'Neu verbinden')
    }
  })

  test('and a link to go to is offered, and leads there', async () => {
    await move({ actions: ['sign_contract'] }, { resolution_link: 'string' })
    for (const language of languages) {
      expect(await signs(language)).toContain(language === 'en' ? 'Resolve' : 'Erledigen')
      // Nobody can say in words of ours what waits there, so whom to ask is said, too.
      expect((await pageOf(house, person, await path(), language)).html).toContain(
        'mailto:help@north.example',
      )
      const { html, text } = await tap(language)
      expect(text).toContain(language === 'en' ? 'Continue at the manufacturer' : 'Weiter beim Hersteller')
      expect(html).toContain(`href="${new URL(house.partnerUrl).origin}/`)
    }
  })

  test('and no action told at all, it calls for attention just the same', async () => {
    await move({ set: { action_needed: true, actions: [] } })
    await expectShown(house, person, general, await path())
  })
})

describe('a lapsed link', () => {
  test('says so, and one button renews it', async () => {
    await move({ authenticated: false })
    const words = {
      en: ['Reconnect needed', 'Sign in there once to renew it.'],
      de: ['Verbindung abgelaufen', 'Melde dich dort einmal an, um sie zu erneuern.'],
    }
    for (const page of ['/', await path()]) await expectShown(house, person, words, page)
    for (const language of languages)
      expect((await signs(language)).filter((sign) => /^(Reconnect|Neu verbinden)$/.test(sign))).toHaveLength(
        1,
      )
  })

  test('and nothing offered to renew it: whom to ask, and no button', async () => {
    await move({ authenticated: false, actions: [] })
    await expectShown(
      house,
      person,
      {
        en: ['Reconnect needed', 'Support can help you renew it.', 'Contact North service'],
        de: [
          'Verbindung abgelaufen',
          'Der Support hilft dir, sie zu erneuern.',
          'North service kontaktieren',
        ],
      },
      await path(),
    )
    for (const language of languages)
      expect(await signs(language)).not.toContain(language === 'en' ? 'Reconnect' : 'Neu verbinden')
  })

  test.each([
    [
      'is away',
      { kind: 'status', status: 503 },
      'That did not work. Please try again in a moment.',
      'Das hat nicht geklappt. Bitte gleich noch einmal versuchen.',
    ],
    [
      'knows the action no more',
      { kind: 'status', status: 404 },
      'This cannot be started right now.',
      'Das lässt sich gerade nicht starten.',
    ],
    [
      'takes the secret no more',
      { kind: 'status', status: 403 },
      'This cannot be started right now.',
      'Das lässt sich gerade nicht starten.',
    ],
    [
      'sends people to a place that nobody named',
      { kind: 'status', status: 200, body: { redirect_url: 'https://podero.example.net/steal' } },
      'This cannot be started right now.',
      'Das lässt sich gerade nicht starten.',
    ],
  ])('when the partner %s at the tap, that is said, and the button stays', async (_, fault, en, de) => {
    await move({ authenticated: false })
    for (const [language, words] of [
      ['en', en],
      ['de', de],
    ] as const) {
      await house.fault({ ...fault, match: { path: '/cues/' } })
      const page = await tap(language)
      expect(page.text).toContain(words)
      expect(page.html).not.toContain('example.net')
      expect(page.signs).toContain(language === 'en' ? 'Reconnect' : 'Neu verbinden')
      await house.control('DELETE', '/faults')
      await house.time.advance(90_000)
      // Nothing was used up by that.
      expect((await tap(language)).text).toMatch(/Continue at the manufacturer|Weiter beim Hersteller/)
      await house.time.advance(90_000)
    }
  })

  test('is said to be renewed when the device says so, and not before', async () => {
    await move({ authenticated: false })
    const words = {
      open: { en: 'Checking the connection…', de: 'Die Verbindung wird geprüft …' },
      cancelled: { en: 'Not reconnected', de: 'Nicht neu verbunden' },
      done: { en: 'Connected again', de: 'Wieder verbunden' },
    }
    for (const language of languages) {
      const back = async (result: string) =>
        (await pageOf(house, person, `/actions/return?result=${result}`, language)).text
      expect(await back('success')).toContain(words.open[language])
      expect(await back('cancel')).toContain(words.cancelled[language])
    }
    await move({ authenticated: true })
    for (const language of languages)
      expect((await pageOf(house, person, '/actions/return?result=success', language)).text).toContain(
        words.done[language],
      )
  })

  test('is said of the device that somebody comes back from, whatever else waits, and then that it reports', async () => {
    const full = await house.signIn('full')
    const pump = await full.deviceId('heat-pumps')
    const moveBoth = async (change: Record<string, unknown>, types: DeviceType[]) => {
      for (const type of types) await house.control('POST', `/homes/full/devices/${type}`, change)
      for (const type of types) await untilAsked(house, full, type)
    }
    await full.stream()
    await moveBoth({ authenticated: false, freeze: true }, ['heat-pumps', 'electric-vehicles'])
    const address = await backFrom(await full.send('POST', `/api/devices/heat-pumps/${pump}/actions/0/start`))
    const said = {
      linked: [
        /Connected again The first new values arrive/,
        /Wieder verbunden Die ersten neuen Werte kommen/,
      ],
      reports: [
        /Connected again The first new values are here/,
        /Wieder verbunden Die ersten neuen Werte sind da/,
      ],
    } as const
    const expectSaid = async (words: readonly RegExp[]) => {
      for (const [n, language] of languages.entries())
        expect((await pageOf(house, full, address, language)).text).toMatch(words[n] ?? 'no words')
    }
    await untilAsked(house, full, 'heat-pumps')
    await expectSaid(said.linked)
    await moveBoth({ freeze: false, report: false }, ['heat-pumps'])
    // Until its next report.
    await house.time.advance(20 * 60_000)
    await untilAsked(house, full, 'heat-pumps')
    await expectSaid(said.reports)
    expect((await full.home()).groups['electric-vehicles'].devices[0]?.is_authenticated).toBe(false)
  })
})

/** Signs in at the partner's page as a person does; the path that it sends them back to. */
async function backFrom(started: Response): Promise<string> {
  const { redirect_url } = (await started.json()) as { redirect_url: string }
  const body = new URLSearchParams({ decision: 'allow', password: 'any' })
  const { headers } = await fetch(redirect_url, { method: 'POST', redirect: 'manual', body })
  const { pathname, search } = new URL(headers.get('location') ?? '', redirect_url)
  return pathname + search
}
