import { describe, expect, test } from 'vitest'
import { says, valuesIn } from './screen.ts'
import { manyHomes } from './unused-homes.ts'
import { useBrowser, useStack, useUnusedHomes } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: manyHomes })
const browser = useBrowser()
const homes = useUnusedHomes(stack)

const on = (current_mode: unknown) => ({ set: { is_smart_optimization_active: true, current_mode } })

describe('what a heat pump does', () => {
  test.each([
    [
      'optimisation off, whatever the mode',
      { set: { is_smart_optimization_active: false, current_mode: 'max' } },
      'Not optimizing',
      'Optimierung aus',
    ],
    [
      'optimisation off, mode missing',
      { set: { is_smart_optimization_active: false }, omit: ['current_mode'] },
      'Not optimizing',
      'Optimierung aus',
    ],
    ['min', on('min'), 'Min', 'Min'],
    ['low', on('low'), 'ECO', 'ECO'],
    ['mid', on('mid'), 'Comfort', 'Komfort'],
    ['max', on('max'), 'Boost', 'Boost'],
    ['a mode of tomorrow', on('turbo'), 'Optimizing', 'Optimierung aktiv'],
    ['mode null', on(null), 'Optimizing', 'Optimierung aktiv'],
    [
      'mode missing',
      { set: { is_smart_optimization_active: true }, omit: ['current_mode'] },
      'Optimizing',
      'Optimierung aktiv',
    ],
    [
      'optimisation null',
      { set: { is_smart_optimization_active: null, current_mode: 'max' } },
      'Status unknown',
      'Status unbekannt',
    ],
    [
      'optimisation no truth value',
      { set: { is_smart_optimization_active: 'perhaps', current_mode: 'low' } },
      'Status unknown',
      'Status unbekannt',
    ],
    [
      'optimisation missing',
      { set: { current_mode: 'mid' }, omit: ['is_smart_optimization_active'] },
      'Status unknown',
      'Status unbekannt',
    ],
  ])('%s', async (_, change, english, german) => {
    const { home, path } = await homes.prepare('heat-pumps', change)
    const page = await visit(browser, stack, { home, path })
    await says(page, english).waitFor()

    await page.getByRole('button', { name: 'Deutsch' }).click()
    await page.getByRole('link', { name: 'Übersicht' }).waitFor()
    await says(page, german).waitFor()
  })

  test('is told in the same words on the overview', async () => {
    const { home } = await homes.prepare('heat-pumps', on('low'))
    const page = await visit(browser, stack, { home })
    await says(page.getByRole('article'), 'ECO').waitFor()
  })
})

describe('readings of a heat pump', () => {
  test('each has its label and its unit', async () => {
    const { home, path } = await homes.prepare('heat-pumps', {
      set: {
        current_power_consumption_w: 1240,
        dhw_temperature: 48.25,
        indoor_actual_temperature: 21.4,
        indoor_target_temperature: 21,
        outdoor_temperature: -3.5,
        inlet_temperature: 31,
        outlet_temperature: 36.2,
        indoor_target_temperature_offset: 1.5,
        optimization_level: 'Mid',
        current_state_last_updated_at: '2026-01-15T06:30:00Z',
      },
    })
    const page = await visit(browser, stack, { home, path })
    expect(await valuesIn(page, 'Readings')).toEqual({
      'Power draw': '1.2 kW',
      'Hot water': '48.3 °C',
      Indoors: '21.4 °C',
      'Indoor target': '21 °C',
      Outdoors: '−3.5 °C',
      Inlet: '31 °C',
      Outlet: '36.2 °C',
      'Target offset': '+1.5 K',
    })
    expect(await valuesIn(page, 'Heat level')).toEqual({ 'Optimization level': 'Mid' })
    // 7:30 in the home's own zone.
    await page.getByText(/^Synced from the manufacturer:\s+15 January(?: 2026)?, 07:30$/).waitFor()
  })

  test('without a room sensor there is no room tile, neither 0 nor a dash', async () => {
    const { home, path } = await homes.prepare('heat-pumps', {
      set: { indoor_actual_temperature: null },
      omit: ['outlet_temperature', 'indoor_target_temperature', 'indoor_target_temperature_offset'],
    })
    const page = await visit(browser, stack, { home, path })
    expect(Object.keys(await valuesIn(page, 'Readings'))).toEqual([
      'Power draw',
      'Hot water',
      'Outdoors',
      'Inlet',
    ])
  })
})
