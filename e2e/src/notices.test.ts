import { expect, test } from 'vitest'
import { inWords, languages, press, type Language, type Said } from './refusal.ts'
import { exactly, refreshUntil } from './screen.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack()
const browser = useBrowser()

const words = {
  lapsed: ['Reconnect needed', 'Verbindung abgelaufen'],
  offer: ['Charge Now', 'Jetzt laden'],
  starting: ['Starting…', 'Startet …'],
  charging: ['Charging', 'Lädt'],
  unread: ['4 new messages', '4 neue Nachrichten'],
} as const satisfies Record<string, Said>

/** Newest first, with what begins the sentence under it: of what began it is also told that it is over. */
const told = (car: string): { title: Said; body: Said }[] => [
  {
    title: [`Charge Now has ended: ${car}`, `„Jetzt laden“ ist beendet: ${car}`],
    body: ['It has 4', 'Stand jetzt: 4'],
  },
  {
    title: [`${car} charges now`, `${car} lädt jetzt`],
    body: ['It started at 40%.', 'Begonnen bei 40 %.'],
  },
  {
    title: [`${car} is connected again`, `${car} ist wieder verbunden`],
    body: ['Nothing more to do.', 'Es ist nichts mehr zu tun.'],
  },
  {
    title: [`${car} has to be reconnected`, `${car} muss neu verbunden werden`],
    body: [
      'The link to the manufacturer has lapsed. Until it is renewed nothing is optimised.',
      'Die Verbindung zum Hersteller ist abgelaufen. Bis sie erneuert ist, wird nichts optimiert.',
    ],
  },
]

const homes: Record<Language, string> = { en: 'car', de: 'full' }

test.each(languages)(
  'in %s the list tells that a car has to be reconnected and that it was, that it charges now and that this has ended, and nothing else',
  async (language) => {
    const home = homes[language]
    const say = (said: Said) => inWords(said, language)
    const car = (await stack.home(home)).devices.find(({ type }) => type === 'electric-vehicles')
    const move = (change: object) => stack.control('POST', `homes/${home}/devices/${car?.id}`, change)
    const noDeadline = { is_charge_policy_enabled: false }
    await move({ plugged_in: true, level: 40, charge_plan: 'wait', settings: noDeadline })
    const path = `/electric-vehicles/${car?.id}`
    const page = await visit(browser, stack, { home, path, language })
    const lapsed = page.getByText(say(words.lapsed))
    const offer = page.getByRole('button', { name: say(words.offer), exact: true, disabled: false })

    // What the gateway knows may be from before.
    await refreshUntil(page, offer, language)
    await move({ authenticated: false })
    await refreshUntil(page, lapsed, language)
    await move({ authenticated: true })
    await refreshUntil(page, page.getByRole('main').filter({ hasNot: lapsed }), language)

    await press(page, say(words.offer))
    await page.getByRole('button', { name: say(words.starting), disabled: true }).waitFor()
    await move({ boost: 'ongoing' })
    await page.getByRole('button', { name: say(words.charging), disabled: true }).waitFor()
    await move({ boost: 'none', charge_plan: 'wait' })
    await refreshUntil(page, offer, language)

    await page.goto(`${stack.url}/notices`)
    await page
      .getByRole('status')
      .filter({ hasText: exactly(say(words.unread)) })
      .waitFor()
    const list = page.getByRole('main').getByRole('listitem')
    const expected = told(car?.name ?? '')
    expect(await list.getByRole('heading').allInnerTexts()).toEqual(expected.map(({ title }) => say(title)))
    for (const [n, { body }] of expected.entries())
      await list
        .nth(n)
        .getByRole('paragraph')
        .filter({ hasText: say(body) })
        .waitFor()
  },
)
