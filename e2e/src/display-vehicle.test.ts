import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { says, valuesIn } from './screen.ts'
import { manyHomes } from './unused-homes.ts'
import { useBrowser, useStack, useUnusedHomes } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: manyHomes })
const browser = useBrowser()
const homes = useUnusedHomes(stack)

const optimized = { settings: { is_smart_optimization_active: true } }
const waiting = { plugged_in: true, level: 40, charge_plan: 'wait', ...optimized }
const charging = { plugged_in: true, level: 40, charge_plan: 'now' }
const explanation = ['Waiting for the best charging window', 'Wartet auf das beste Ladefenster']

describe('whether a vehicle is plugged in and charges', () => {
  test.each<[string, Record<string, unknown>, english: string, german: string]>([
    ['not plugged in', { plugged_in: false }, 'Unplugged', 'Nicht angesteckt'],
    [
      'not plugged in, and said to charge all the same',
      { plugged_in: false, set: { is_charging: true } },
      'Unplugged',
      'Nicht angesteckt',
    ],
    ['plugged in and waiting', waiting, 'Plugged in', 'Angesteckt'],
    [
      'plugged in without optimisation',
      { ...waiting, settings: { is_smart_optimization_active: false } },
      'Plugged in',
      'Angesteckt',
    ],
    ['plugged in at the limit', { ...waiting, level: 100 }, 'Full', 'Voll'],
    ['plugged in and charging', charging, 'Charging', 'Lädt'],
    ['plug missing', { ...charging, omit: ['is_plugged_in'] }, 'Status unknown', 'Status unbekannt'],
    ['plug null', { ...charging, set: { is_plugged_in: null } }, 'Status unknown', 'Status unbekannt'],
    ['plug nonsense', { ...charging, set: { is_plugged_in: 'yes' } }, 'Status unknown', 'Status unbekannt'],
  ])('%s', async (name, change, english, german) => {
    const { home, path } = await homes.prepare('electric-vehicles', change)
    const page = await visit(browser, stack, { home, path })
    const isExplained = name === 'plugged in and waiting'
    await says(page, english).first().waitFor()
    expect(await says(page, explanation[0] ?? '').count()).toBe(isExplained ? 1 : 0)
    if (english !== 'Unplugged') expect(await page.getByText('Unplugged').count()).toBe(0)

    await page.getByRole('button', { name: 'Deutsch' }).click()
    await page.getByRole('link', { name: 'Übersicht' }).waitFor()
    await says(page, german).first().waitFor()
    expect(await says(page, explanation[1] ?? '').count()).toBe(isExplained ? 1 : 0)
  })
})

describe('the charge button', () => {
  const button = (page: Page, name: string, disabled: boolean) =>
    page.getByRole('main').getByRole('button', { name, exact: true, disabled })

  test('available: Charge Now, and before the tap that it cannot be stopped', async () => {
    const { home, path } = await homes.prepare('electric-vehicles', waiting)
    const page = await visit(browser, stack, { home, path })
    await button(page, 'Charge Now', false).waitFor()
    await says(page, 'A boost cannot be stopped here. Unplug the car to end it.').waitFor()
    await page.getByRole('button', { name: 'Deutsch' }).click()
    await button(page, 'Jetzt laden', false).waitFor()
    await says(
      page,
      'Ein Boost lässt sich hier nicht stoppen. Zieh das Ladekabel ab, um ihn zu beenden.',
    ).waitFor()
  })

  test('requested: Starting…', async () => {
    const { home, path } = await homes.prepare('electric-vehicles', { ...waiting, boost: 'requested' })
    const page = await visit(browser, stack, { home, path })
    await button(page, 'Starting…', true).waitFor()
  })

  test('ongoing: Charging', async () => {
    const { home, path } = await homes.prepare('electric-vehicles', { boost: 'ongoing', level: 40 })
    const page = await visit(browser, stack, { home, path })
    await button(page, 'Charging', true).waitFor()
  })

  test.each<[english: string, german: string, Record<string, unknown>]>([
    [
      'The vehicle is full',
      'Das Auto ist voll',
      { ...waiting, level: 100, set: { boost_state: 'unavailable' } },
    ],
    ['Already charging', 'Lädt bereits', { ...charging, set: { boost_state: 'unavailable' } }],
    ['Not connected', 'Nicht angesteckt', { plugged_in: false, level: 40 }],
    [
      'Not available at the moment',
      'Im Moment nicht möglich',
      { ...waiting, set: { boost_state: 'unavailable' } },
    ],
  ])('unavailable, with the reason: %s', async (english, german, change) => {
    const { home, path } = await homes.prepare('electric-vehicles', change)
    const page = await visit(browser, stack, { home, path })
    await button(page, 'Charge Now', true).waitFor()
    await says(page, english).waitFor()
    await page.getByRole('button', { name: 'Deutsch' }).click()
    await button(page, 'Jetzt laden', true).waitFor()
    // What the car does is said in the same words where it is not plugged in.
    await says(page, german).last().waitFor()
  })

  test.each<[string, Record<string, unknown>]>([
    ['a state of tomorrow', { ...waiting, set: { boost_state: 'paused' } }],
    ['null', { ...waiting, set: { boost_state: null } }],
    ['missing', { ...waiting, omit: ['boost_state'] }],
  ])('unknown (%s): disabled, and no reason is made up', async (_, change) => {
    const { home, path } = await homes.prepare('electric-vehicles', change)
    const page = await visit(browser, stack, { home, path })
    await button(page, 'Charge Now', true).waitFor()
    for (const reason of [/vehicle is full/, /Already charging/, /Not connected/, /Not available/])
      expect(await page.getByText(reason).count()).toBe(0)
  })

  test('depends on boost_state alone, whatever plug and charging say', async () => {
    const { home, path } = await homes.prepare('electric-vehicles', {
      plugged_in: false,
      set: { boost_state: 'available', is_charging: true },
    })
    const page = await visit(browser, stack, { home, path })
    await button(page, 'Charge Now', false).waitFor()
  })

  test('is the same on the overview', async () => {
    const { home } = await homes.prepare('electric-vehicles', waiting)
    const page = await visit(browser, stack, { home })
    const card = page.getByRole('article').filter({ hasText: 'Electric vehicle' })
    await card.getByRole('button', { name: 'Charge Now', exact: true, disabled: false }).waitFor()
    await says(card, 'A boost cannot be stopped here. Unplug the car to end it.').waitFor()
  })
})

test.each([
  ['en', 'Charge Now', 'Charge at next plug-in', 'Charges as soon as you plug in', 'Undo'],
  ['de', 'Jetzt laden', 'Beim nächsten Anstecken laden', 'Lädt, sobald du ansteckst', 'Rückgängig'],
] as const)(
  'in %s, while unplugged, the next plug-in can be armed, shows that it is, and can be undone',
  async (language, now, offer, shown, undo) => {
    const { home, id, path } = await homes.prepare('electric-vehicles', { plugged_in: false })
    const armed = async () =>
      (await stack.control('GET', `homes/${home}/devices/${id}`)) as { boost_for_next_session: boolean }
    const page = await visit(browser, stack, { home, path, language })
    await page.getByRole('button', { name: now, exact: true, disabled: true }).waitFor()

    await page.getByRole('button', { name: offer }).click()
    await says(page, shown).waitFor()
    expect(await armed()).toMatchObject({ boost_for_next_session: true })

    await page.getByRole('button', { name: undo }).click()
    await page.getByRole('button', { name: offer }).waitFor()
    expect(await armed()).toMatchObject({ boost_for_next_session: false })
  },
)

describe('fields of a vehicle', () => {
  test('each has its label and its unit', async () => {
    const { home, path } = await homes.prepare('electric-vehicles', {
      ...charging,
      set: {
        battery_level: 63.4,
        charge_rate_w: 7360,
        driving_range: 251.4,
        battery_capacity_kwh: 77,
        charge_target_max: 80,
        is_charge_policy_enabled: true,
        charge_deadline_at: '06:45',
        minimum_charge_limit: 75,
        is_smart_optimization_active: true,
        current_state_last_updated_at: '2026-05-01T10:00:00Z',
      },
    })
    const page = await visit(browser, stack, { home, path })
    expect(await valuesIn(page, 'Readings')).toEqual({
      'Battery level': '63%',
      'Charging power': '7.4 kW',
      Range: '251 km',
      'Battery capacity': '77.0 kWh',
      'Charge limit': '80%',
    })
    expect(await valuesIn(page, 'Charging')).toEqual({
      'Charge deadline': 'At least 75% by 06:45. Whether it will be ready cannot be told',
      'Smart optimization': 'Optimizing',
    })
    await page.getByText(/^Synced from the manufacturer:\s+1 May(?: 2026)?, 12:00$/).waitFor()
  })

  test('without a deadline it says so, and what a vehicle does not have is not there', async () => {
    const { home, path } = await homes.prepare('electric-vehicles', {
      ...waiting,
      set: { is_charge_policy_enabled: false, charge_target_max: null, is_smart_optimization_active: false },
      omit: ['driving_range', 'battery_capacity_kwh', 'is_fully_charged'],
    })
    const page = await visit(browser, stack, { home, path })
    expect(Object.keys(await valuesIn(page, 'Readings'))).toEqual(['Battery level', 'Charging power'])
    expect(await valuesIn(page, 'Charging')).toEqual({
      'Charge deadline': 'No deadline',
      'Smart optimization': 'Not optimizing',
    })
  })

  test('fully charged by its own account it is full, whatever its level', async () => {
    const { home, path } = await homes.prepare('electric-vehicles', {
      ...waiting,
      set: { is_fully_charged: true, battery_level: 79 },
    })
    const page = await visit(browser, stack, { home, path })
    await says(page, 'Full').waitFor()
  })
})

describe('whether a vehicle will be ready by its deadline', () => {
  // It is half past two in the afternoon there.
  const due = { is_charge_policy_enabled: true, charge_deadline_at: '19:00', minimum_charge_limit: 80 }
  const asked = { ...waiting, set: { battery_capacity_kwh: 50, charge_target_max: null } }
  test.each<[string, Record<string, unknown>, english: string, german: string]>([
    [
      'there already',
      { ...asked, level: 85, settings: { ...due, ...optimized.settings } },
      'The level is reached',
      'Der Ladestand ist erreicht',
    ],
    [
      'charging, with hours to spare',
      {
        ...charging,
        level: 60,
        set: { ...asked.set, charge_rate_w: 11_000, is_charging: true },
        settings: { ...due, ...optimized.settings },
      },
      'On course to be ready in time',
      'Wird voraussichtlich rechtzeitig fertig',
    ],
    [
      'charging too slowly for anybody to rely on it',
      {
        ...charging,
        level: 60,
        set: { ...asked.set, charge_rate_w: 2_300, is_charging: true },
        settings: { ...due, ...optimized.settings },
      },
      'May not be ready in time',
      'Wird vielleicht nicht rechtzeitig fertig',
    ],
    [
      'with a limit below it',
      {
        ...asked,
        set: { ...asked.set, charge_target_max: 70 },
        settings: { ...due, ...optimized.settings },
      },
      'Will not be ready: the limit set at the manufacturer is lower',
      'Wird nicht fertig: Die Obergrenze beim Hersteller ist niedriger',
    ],
    [
      'of unknown size',
      {
        ...asked,
        set: { ...asked.set, battery_capacity_kwh: null },
        settings: { ...due, ...optimized.settings },
      },
      'Whether it will be ready cannot be told',
      'Ob es fertig wird, lässt sich nicht sagen',
    ],
  ])('%s', async (_, change, english, german) => {
    const { home } = await homes.prepare('electric-vehicles', change)
    const page = await visit(browser, stack, { home })
    await says(page, english).first().waitFor()
    await page.getByRole('button', { name: 'Deutsch' }).click()
    await says(page, german).first().waitFor()
  })
})
