import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DeviceType } from '@homewatt/contract'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, postFormInTime, webBuild, type Language } from './page.test-support.ts'

/** The way of a household from the empty home to a device that reports, and what it reads where that way ends early. */

let house: House
let person: Person
beforeEach(async () => {
  house = await openHouse({ webBuild })
  person = await house.signIn('empty')
  await person.stream()
})
afterEach(() => house.close())

const languages = ['en', 'de'] as const
const post = (action: 'start' | 'claim', fields: Record<string, string> = {}, language: Language = 'en') =>
  postFormInTime(house, person, `/connect?/${action}`, fields, language)

/** Begins as the button does; the page of the partner that it leads on to. */
async function connectPage(type: DeviceType, language: Language = 'en'): Promise<URL> {
  const { html, text } = await post('start', { type }, language)
  const [, href = ''] = /<a class="button[^"]*" href="([^"]*)"/.exec(html) ?? []
  const page = new URL(href.replaceAll('&amp;', '&'))
  // Where it leads is said before it does.
  expect(text).toContain({ en: `leads to ${page.host},`, de: `gleich öffnet sich ${page.host}.` }[language])
  return page
}

/** Goes through the partner's pages as a person does. */
async function throughConnect(page: URL, maker: string) {
  const session = page.searchParams.get('onboarding_session_id') ?? ''
  for (const more of [{ decision: 'sign-in', username: 'me', password: 'any' }, { decision: 'allow' }])
    await fetch(`${page.origin}/connect`, {
      method: 'POST',
      body: new URLSearchParams({ onboarding_session_id: session, maker, ...more }),
      redirect: 'manual',
    })
}

const kinds: [DeviceType, maker: string, en: string, de: string][] = [
  ['heat-pumps', 'Nibe', 'Heat pump', 'Wärmepumpe'],
  ['electric-vehicles', 'Tesla', 'Electric vehicle', 'Elektroauto'],
  ['inverters', 'Fronius', 'Inverter, with or without a battery', 'Wechselrichter, mit oder ohne Batterie'],
]
describe.each(kinds)('one of %s', (type, maker, en, de) => {
  test.each(languages)('is connected from the empty home, step by step, in %s', async (language) => {
    const home = await pageOf(house, person, '/', language)
    expect(home.html).toContain('href="/connect"')
    const choice = await pageOf(house, person, '/connect', language)
    expect(choice.html).toContain(
      `aria-label="${{ en: `Connect: ${en}`, de: `Verbinden: ${de}` }[language]}"`,
    )
    const partner = await connectPage(type, language)
    // Whoever comes back without having been there is waited for, and can see how far it is.
    expect((await pageOf(house, person, '/connect', language)).text).toContain(
      { en: `You have begun to connect: ${en}.`, de: `Du hast begonnen, ein Gerät zu verbinden: ${de}.` }[
        language
      ],
    )
    await throughConnect(partner, maker)
    await house.time.advance(8_000)
    const back = async () => pageOf(house, person, '/connect/return?result=success', language)
    const found = await back()
    expect(found.html).toContain('data-step="waiting"')
    expect(found.text).toContain(
      {
        en: 'The device is in your home : done It reports its first values : under way',
        de: 'Das Gerät gehört zu deinem Zuhause : erledigt Es meldet seine ersten Werte : läuft',
      }[language],
    )
    await house.time.advance(120_000)
    expect((await back()).signs[0]).toMatch({ en: / is connected$/, de: / ist verbunden$/ }[language])
    const overview = await pageOf(house, person, '/', language)
    expect(overview.html).toContain(`href="/${type}/`)
  })
})

describe('the way ends early:', () => {
  const unavailable = {
    en: 'Connecting is not possible just now. Nothing was begun; please try again in a few minutes.',
    de: 'Verbinden ist gerade nicht möglich. Es wurde nichts begonnen; bitte versuch es in ein paar Minuten noch einmal.',
  }
  test.each<[string, Record<string, unknown>]>([
    ['the partner is away', { kind: 'status', status: 503 }],
    ['the partner asks for patience', { kind: 'rate_limit', retry_after_s: 30 }],
    [
      'the page of the partner is one that nobody named',
      {
        kind: 'status',
        status: 200,
        body: {
          id: '497f6eca-6276-4993-bfeb-53cbbbba6f08',
          authentication_url: 'https://connect.example.net?onboarding_session_id=x',
        },
      },
    ],
  ])('%s', async (_, fault) => {
    const homes = (await house.control('GET', '/homes')) as { name: string; user_id: string }[]
    const user = homes.find(({ name }) => name === 'empty')?.user_id
    const told = 'body' in fault ? { ...fault, body: { ...(fault['body'] as object), user } } : fault
    for (const language of languages) {
      await house.fault({ ...told, match: { method: 'POST', path: '/device-onboarding' } })
      const page = await post('start', { type: 'heat-pumps' }, language)
      expect(page.text).toContain(unavailable[language])
      expect(page.html).not.toContain('example.net')
      expect((await pageOf(house, person, '/connect', language)).text).not.toMatch(
        /begun to connect|begonnen, ein/,
      )
      await house.control('DELETE', '/faults')
      await house.time.advance(90_000)
    }
  })

  test('the partner does not take it', async () => {
    await house.fault({
      kind: 'status',
      status: 422,
      body: { detail: [] },
      match: { path: '/device-onboarding' },
    })
    expect((await post('start', { type: 'inverters' })).text).toContain(
      'That did not work. Nothing was begun',
    )
    expect((await post('start', { type: 'inverters' }, 'de')).text).toContain('Es wurde nichts begonnen')
  })

  test('there is no token for a wallbox while the partner is away', async () => {
    await house.fault({ kind: 'status', status: 503, match: { path: '/claim-tokens' } })
    for (const language of languages) {
      expect((await post('claim', {}, language)).text).toContain(unavailable[language])
      await house.time.advance(90_000)
    }
  })

  test('somebody cancels', async () => {
    await connectPage('inverters')
    await expectShown(
      house,
      person,
      {
        en: ['Nothing was connected', 'You can begin again at any time.'],
        de: ['Es wurde nichts verbunden', 'Du kannst jederzeit neu beginnen.'],
      },
      '/connect/return?result=cancel',
    )
  })

  test('nothing was begun', async () => {
    const nothing = {
      en: ['There is nothing to wait for.', 'just begin again'],
      de: ['Es gibt nichts, worauf zu warten wäre.', 'einfach neu beginnen'],
    }
    await expectShown(house, person, nothing, '/connect/return?result=success')
  })

  test('the partner fails while the device is waited for', async () => {
    await throughConnect(await connectPage('heat-pumps'), 'Nibe')
    await house.fault({ kind: 'status', status: 503 })
    await house.time.advance(30_000)
    await expectShown(
      house,
      person,
      {
        en: ['We cannot look just now. Nothing is lost'],
        de: ['Wir können gerade nicht nachsehen. Es geht nichts verloren'],
      },
      '/connect/return?result=success',
    )
    await house.control('DELETE', '/faults')
    await house.time.advance(180_000)
    const { signs, text } = await pageOf(house, person, '/connect/return?result=success', 'de')
    expect(signs[0]).toContain('ist verbunden')
    expect(text).not.toContain('nicht nachsehen')
  })
})
