import { describe, expect, test } from 'vitest'
import { answer, languages, press, type Said } from './refusal.ts'
import { says } from './screen.ts'
import { useRefusals } from './use-refusals.ts'

/** What is said when a lapsed link cannot be renewed, and when nobody knows how. */

const { stack, homes, fault, heal, inLanguage } = useRefusals({ env: { SUPPORT_NAME: 'Sunny Energy' } })

describe.each(languages)('in %s', (language) => {
  const { page, say, open, tryLater } = inLanguage(language)

  test('reconnecting: what cannot be started leads nowhere and says so, and can be tried again', async () => {
    const unavailable = say([
      'This cannot be started right now. Please try again in a few minutes.',
      'Das lässt sich gerade nicht starten. Bitte in ein paar Minuten noch einmal versuchen.',
    ])
    const reconnect = say(['Reconnect', 'Neu verbinden'])
    const { home, id, path } = await homes.prepare('electric-vehicles', { authenticated: false })
    await open({ home, path, live: true })
    for (const [kind, match, said] of [
      // Done by somebody else meanwhile, and not what the partner wants to be sent.
      [answer(404), { path: '/resolve' }, unavailable],
      [answer(422), { path: '/resolve' }, unavailable],
      // Its secret has run out, although it was read a moment ago.
      [{ kind: 'secret_expire' }, { method: 'GET', path: id }, unavailable],
      // It leads to somebody whom nobody knows.
      [
        { kind: 'status', status: 200, body: { redirect_url: 'https://elsewhere.example/' } },
        { path: '/resolve' },
        unavailable,
      ],
      [answer(503), { method: 'GET', path: id }, tryLater],
    ] as const) {
      // The device is read by itself, too, and not only at the tap.
      await fault(kind, match, 99)
      await press(page, reconnect)
      await says(page.getByRole('status'), said).waitFor()
      await heal()
      await page.getByRole('button', { name: reconnect, disabled: false }).waitFor()
      expect(new URL(page.url()).pathname).toBe(path)
    }
    expect(await stack.control('GET', `homes/${home}/devices/${id}`)).toMatchObject({
      is_authenticated: false,
    })
  })

  test.each<[string, Record<string, unknown>, Said]>([
    [
      'a lapsed link without an action',
      { set: { is_authenticated: false } },
      [
        'The link to the manufacturer has lapsed. Support can help you renew it.',
        'Die Verbindung zum Hersteller ist abgelaufen. Der Support hilft dir, sie zu erneuern.',
      ],
    ],
    [
      'an action of an unknown kind',
      { actions: ['update_firmware'] },
      ['This device needs your attention', 'Dieses Gerät braucht deine Aufmerksamkeit'],
    ],
    [
      'an action that is not told',
      { set: { action_needed: true, actions: [] } },
      ['This device needs your attention', 'Dieses Gerät braucht deine Aufmerksamkeit'],
    ],
  ])('%s is said honestly, with whom to ask and no invented way', async (_, change, said) => {
    const { home, path } = await homes.prepare('heat-pumps', change)
    await open({ home, path })
    await says(page, say(said)).waitFor()
    await page.getByText(say(['Contact Sunny Energy', 'Sunny Energy kontaktieren'])).waitFor()
    const ways = new RegExp(say(['Reconnect|Resolve', 'Neu verbinden|Erledigen']))
    expect(await page.getByRole('main').getByRole('button', { name: ways }).count()).toBe(0)
  })
})
