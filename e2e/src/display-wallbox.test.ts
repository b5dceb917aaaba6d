import { describe, expect, test } from 'vitest'
import { says, valuesIn } from './screen.ts'
import { manyHomes } from './unused-homes.ts'
import { useBrowser, useStack, useUnusedHomes } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: manyHomes })
const browser = useBrowser()
const homes = useUnusedHomes(stack)

describe('what a wallbox does', () => {
  test.each<[string, Record<string, unknown>, english: string, german: string]>([
    ['ready', { plugged_in: false }, 'Ready', 'Bereit'],
    ['plugged in', { plugged_in: true, level: 40, charge_plan: 'wait' }, 'Plugged in', 'Angesteckt'],
    ['charging', { plugged_in: true, level: 40, charge_plan: 'now' }, 'Charging', 'Lädt'],
    ['unavailable', { set: { mode: 'UNAVAILABLE' } }, 'Unavailable', 'Nicht verfügbar'],
    [
      'a mode of tomorrow, plug missing',
      { set: { mode: 'REBOOTING' }, omit: ['is_plugged_in'] },
      'Status unknown',
      'Status unbekannt',
    ],
  ])('%s', async (_, change, english, german) => {
    const { home, path } = await homes.prepare('wallboxes', change)
    const page = await visit(browser, stack, { home, path })
    await says(page, english).first().waitFor()
    await page.getByRole('button', { name: 'Deutsch' }).click()
    await page.getByRole('link', { name: 'Übersicht' }).waitFor()
    await says(page, german).first().waitFor()
  })

  test.each([
    ['Online', { online: true }],
    ['Offline', { online: false }],
    ['Never connected', { set: { connection: 'never_connected' } }],
    ['Connection unknown', { set: { connection: 'carrier pigeon' } }],
  ])('is %s', async (words, change) => {
    const { home, path } = await homes.prepare('wallboxes', change)
    const page = await visit(browser, stack, { home, path })
    await says(page, words).waitFor()
  })
})

test.each([
  ['en', 'You can stop the boost at any time.', 'Charge Now', 'Starting…', 'Stop boost'],
  ['de', 'Du kannst den Boost jederzeit stoppen.', 'Jetzt laden', 'Startet …', 'Boost stoppen'],
] as const)(
  'in %s a boost of a wallbox can be stopped, and it says so before the tap',
  async (language, before, offer, starting, stop) => {
    const { home, path } = await homes.prepare('wallboxes', {
      plugged_in: true,
      level: 40,
      charge_plan: 'wait',
    })
    const page = await visit(browser, stack, { home, path, language })
    await says(page, before).waitFor()
    await page.getByRole('button', { name: offer, exact: true }).click()
    await page.getByRole('button', { name: starting, disabled: true }).waitFor()
    await page.getByRole('button', { name: stop }).click()
    await page.getByRole('button', { name: offer, exact: true, disabled: false }).waitFor()
  },
)

test('readings of a wallbox have their labels and units', async () => {
  const { home, path } = await homes.prepare('wallboxes', {
    set: { charge_rate_w: 930, charge_power_max_w: 11000, charge_target_max: 90 },
  })
  const page = await visit(browser, stack, { home, path })
  expect(await valuesIn(page, 'Readings')).toEqual({
    'Charging power': '930 W',
    'Maximum power': '11.0 kW',
    'Charge limit': '90%',
  })
})
