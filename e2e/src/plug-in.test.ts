import { expect, test } from 'vitest'
import { inWords, languages, type Language, type Said } from './refusal.ts'
import { plain, refreshUntil } from './screen.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

// A quarter past nine in the evening: the last moment to plug in is in the night, and nobody has gone to bed.
const stack = useStack({ simulatorArgs: ['--start', '2026-06-17T19:15:00Z'] })
const browser = useBrowser()

const words = {
  charging: ['Charging', 'Lädt'],
  plugInBy: [/ Plug in by tomorrow, 0\d:\d\d$/, / Anstecken bis morgen, 0\d:\d\d Uhr$/],
  risk: [
    'may not be ready by tomorrow, 07:00',
    'ist vielleicht nicht rechtzeitig geladen (morgen, 07:00 Uhr)',
  ],
  advice: [
    /^It has 4\d% and should have 80%\. It is not plugged in: plug it in by tomorrow, 0\d:\d\d\.$/,
    /^Stand: 4\d %, Ziel: 80 %\. Es ist nicht angesteckt: steck es bis morgen, 0\d:\d\d Uhr an\.$/,
  ],
  ready: ['On course to be ready in time', 'Wird voraussichtlich rechtzeitig fertig'],
  safe: ['is on time after all', 'wird doch rechtzeitig fertig'],
} as const
const homes: Record<Language, string> = { en: 'car', de: 'full' }

test.each(languages)(
  'in %s who has not plugged in hears of it in the evening, and that all is well once the cable is there',
  async (language) => {
    const home = homes[language]
    const say = (said: Said) => inWords(said, language)
    const says = ([english, german]: readonly [RegExp, RegExp]) => (language === 'en' ? english : german)
    const car = (await stack.home(home)).devices.find(({ type }) => type === 'electric-vehicles')
    const move = (change: object) => stack.control('POST', `homes/${home}/devices/${car?.id}`, change)
    const settings = {
      is_charge_policy_enabled: true,
      charge_deadline_at: '07:00',
      minimum_charge_limit: 80,
      weeklyPolicy: null,
    }
    // It was seen to charge, so it is known how long that takes.
    await move({ plugged_in: true, level: 40, charge_plan: 'now', settings })
    const page = await visit(browser, stack, { home, path: `/electric-vehicles/${car?.id}`, language })
    const main = page.getByRole('main')
    await refreshUntil(page, main.getByText(say(words.charging), { exact: true }), language)
    await move({ plugged_in: false })
    await refreshUntil(page, main.getByText(says(words.plugInBy)), language)

    const list = main.getByRole('listitem')
    const told = async () => {
      await page.goto(`${stack.url}/notices`)
      const [latest] = await list.all()
      const [title = '', body = ''] = await Promise.all([
        latest?.getByRole('heading').innerText(),
        latest?.getByRole('paragraph').first().innerText(),
      ])
      return { title: plain(title), body: plain(body) }
    }
    const risk = await told()
    expect(risk.title).toBe(`${car?.name} ${say(words.risk)}`)
    expect(risk.body).toMatch(says(words.advice))

    await move({ plugged_in: true, charge_plan: 'wait' })
    await page.goto(`${stack.url}/electric-vehicles/${car?.id}`)
    await refreshUntil(page, main.getByText(say(words.ready)), language)
    expect((await told()).title).toBe(`${car?.name} ${say(words.safe)}`)
  },
)
