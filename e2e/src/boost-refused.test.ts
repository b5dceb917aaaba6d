import { describe, expect, test } from 'vitest'
import { refreshUntil, says } from './screen.ts'
import { useBrowser, useStack, useUnusedHomes } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--homes', '60'] })
const browser = useBrowser()
const homes = useUnusedHomes(stack)

const chargeable = { plugged_in: true, level: 40, charge_plan: 'wait' }

const words = {
  en: {
    button: 'Charge Now',
    already_charging: 'The vehicle is already charging.',
    fully_charged: 'The vehicle is full.',
    no_active_session: 'No charging session is running. Unplug the car, plug it in again and try once more.',
    internal_error: 'Charging could not be started. Please try again in a few minutes.',
    failed: 'That did not work. Please try again in a moment.',
  },
  de: {
    button: 'Jetzt laden',
    already_charging: 'Das Auto lädt bereits.',
    fully_charged: 'Das Auto ist voll.',
    no_active_session:
      'Es läuft kein Ladevorgang. Zieh das Ladekabel ab, steck es wieder an und versuch es noch einmal.',
    internal_error: 'Das Laden konnte nicht gestartet werden. Versuch es in ein paar Minuten noch einmal.',
    failed: 'Das hat nicht geklappt. Bitte gleich noch einmal versuchen.',
  },
} as const

describe.each(['en', 'de'] as const)('in %s a boost that is refused says why', (language) => {
  const word = words[language]

  test.each(['already_charging', 'fully_charged', 'no_active_session', 'internal_error'] as const)(
    '%s',
    async (reason) => {
      const { home, path } = await homes.prepare('electric-vehicles', chargeable)
      await stack.control('POST', 'faults', { kind: 'boost_refuse', reason, match: { home } })
      const page = await visit(browser, stack, { home, path, language })
      await page.getByRole('button', { name: word.button, exact: true }).click()
      await says(page.getByRole('status'), word[reason]).waitFor()
      await page.getByRole('button', { name: word.button, exact: true, disabled: false }).waitFor()
    },
  )

  test('a partner that fails is no start either', async () => {
    const { home, path } = await homes.prepare('electric-vehicles', chargeable)
    await stack.control('POST', 'faults', {
      kind: 'status',
      status: 400,
      body: {},
      match: { home, method: 'POST', path: '/boost' },
    })
    const page = await visit(browser, stack, { home, path, language })
    await page.getByRole('button', { name: word.button, exact: true }).click()
    await says(page.getByRole('status'), word.failed).waitFor()
  })
})

test('an answer that got lost is read back, and the boost is not sent again', async () => {
  const { home, path, id } = await homes.prepare('electric-vehicles', chargeable)
  await stack.control('POST', 'faults', { kind: 'boost_lost', match: { home }, count: 1 })
  const page = await visit(browser, stack, { home, path })
  await page.getByRole('button', { name: 'Charge Now', exact: true }).click()
  await page.getByRole('button', { name: 'Starting…', disabled: true }).waitFor()
  const { log } = (await stack.control('GET', 'requests')) as { log: { method: string; path: string }[] }
  const boosts = log.filter(({ method, path }) => method === 'POST' && path.endsWith(`${id}/boost`))
  expect(boosts).toHaveLength(1)
})

test('a boost that comes to nothing goes back to Charge Now', async () => {
  const { home, path } = await homes.prepare('electric-vehicles', chargeable)
  await stack.control('POST', 'faults', { kind: 'boost_fail', after_s: 60, match: { home } })
  const page = await visit(browser, stack, { home, path })
  await page.getByRole('button', { name: 'Charge Now', exact: true }).click()
  await page.getByRole('button', { name: 'Starting…', disabled: true }).waitFor()
  await stack.control('POST', 'advance', { seconds: 90 })
  await page.getByRole('button', { name: 'Charge Now', exact: true, disabled: false }).waitFor()
})

test.each([
  [
    'en',
    'Charge Now',
    'Starting…',
    'This usually takes up to a minute',
    'No answer yet. Charging may still start.',
  ],
  [
    'de',
    'Jetzt laden',
    'Startet …',
    'Das dauert meist bis zu einer Minute',
    'Noch keine Antwort. Das Laden kann noch beginnen.',
  ],
] as const)(
  'in %s, what takes long says so, and in the end that there is no answer',
  async (language, offer, starting, slow, silent) => {
    const { home, path } = await homes.prepare('electric-vehicles', chargeable)
    await stack.control('POST', 'faults', { kind: 'boost_slow', after_s: 3_600, match: { home } })
    const page = await visit(browser, stack, { home, path, language })
    await page.getByRole('button', { name: offer, exact: true }).click()
    await page.getByRole('button', { name: starting, disabled: true }).waitFor()
    await stack.control('POST', 'advance', { seconds: 40 })
    await refreshUntil(page, page.getByText(slow), language)
    await stack.control('POST', 'advance', { seconds: 300 })
    await refreshUntil(page, page.getByText(silent), language)
  },
)
