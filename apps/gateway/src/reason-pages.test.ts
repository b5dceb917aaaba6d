import type { DeviceType } from '@homewatt/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, untilAsked, webBuild } from './page.test-support.ts'

/** What each device says of itself, in both languages, while its state changes under the eyes of its household. */

let house: House
let person: Person
beforeAll(async () => {
  house = await openHouse({ webBuild })
  person = await house.signIn('full')
  await person.stream()
})
afterAll(() => house.close())

/** Moves the device, as a household or a manufacturer would, and waits until the gateway has asked again. */
async function move(type: DeviceType, change: Record<string, unknown>): Promise<string> {
  const id = await person.deviceId(type)
  await house.control('POST', `/homes/full/devices/${id}`, { clear: true })
  await house.control('POST', `/homes/full/devices/${id}`, change)
  await untilAsked(house, person, type)
  // What goes back in time is left out for a while, F32.
  if ('reported_ago_s' in change) await house.time.advance(150_000)
  return `/${type}/${id}`
}

/** It is noon in Berlin, or a little after. */
const until = '2026-06-21T18:00:00Z'
const on = { settings: { is_smart_optimization_active: true, pause_power_until: null } }
const off = { settings: { is_smart_optimization_active: false } }

const states: Record<DeviceType, [change: Record<string, unknown>, en: string, de: string][]> = {
  wallboxes: [
    [
      { ...on, plugged_in: false, set: { is_charge_policy_enabled: false } },
      'Not charging, because no car is plugged in. Once plugged in, smart optimization chooses the time.',
      'Lädt nicht, weil kein Auto angesteckt ist. Nach dem Anstecken wählt die Optimierung die Zeit.',
    ],
    [
      { ...on, plugged_in: true, level: 40, charge_plan: 'wait' },
      'Plugged in, but not charging; smart optimization chooses the time',
      'Angesteckt, lädt aber nicht; die Optimierung wählt die Zeit',
    ],
    [
      { online: false, set: { mode: 'UNAVAILABLE' } },
      'Cannot be used at the moment, because the wallbox is offline',
      'Lässt sich im Moment nicht nutzen, weil die Wallbox offline ist',
    ],
  ],
  'heat-pumps': [
    [
      { ...on, set: { current_mode: 'low' } },
      'Runs at a low level, because smart optimization has chosen it. The level changes with the price of power.',
      'Läuft auf einer niedrigen Stufe, weil die Optimierung das so gewählt hat. Die Stufe ändert sich mit dem Strompreis.',
    ],
    [
      { ...on, set: { current_mode: 'turbo' } },
      'Smart optimization is at work; its level is not known',
      'Die Optimierung arbeitet; ihre Stufe ist nicht bekannt',
    ],
    [
      off,
      'Runs by its own settings, because smart optimization is off',
      'Läuft nach den eigenen Einstellungen, weil die Optimierung aus ist',
    ],
    [
      { set: { is_pause_power_active: true, pause_power_until: until } },
      'Paused until 20:00. It goes on after that.',
      'Pausiert bis 20:00 Uhr. Danach geht es weiter.',
    ],
    [
      { set: { is_smart_optimization_active: null } },
      'What it is doing is not known',
      'Was gerade geschieht, ist nicht bekannt',
    ],
    [
      { ...off, reported_ago_s: 9_000 },
      'Last known: Runs by its own settings, because smart optimization is off',
      'Zuletzt bekannt: Läuft nach den eigenen Einstellungen, weil die Optimierung aus ist',
    ],
    [
      { authenticated: false },
      'Cannot be read or steered, because the link to the manufacturer has lapsed. Once the link is renewed, it goes on.',
      'Lässt sich nicht ablesen oder steuern, weil die Verbindung zum Hersteller abgelaufen ist. Sobald du die Verbindung erneuerst, geht es weiter.',
    ],
  ],
  inverters: [
    [
      flow({ solar: 3_000, home: 500, battery: -2_000, grid: 500, level: 50 }),
      'The battery charges from solar. It goes up to 95% at most.',
      'Die Batterie lädt mit Solarstrom. Sie lädt bis höchstens 95 %.',
    ],
    [
      flow({ solar: 0, home: 800, battery: 800, grid: 0, level: 50 }),
      'The battery supplies the home. It keeps 20% in reserve.',
      'Die Batterie versorgt das Haus. 20 % bleiben in Reserve.',
    ],
    [
      flow({ solar: 0, home: 800, battery: 0, grid: -800, level: 20 }),
      'The battery is resting, at its reserve of 20%',
      'Die Batterie ruht, an der Reserve von 20 %',
    ],
    [
      flow({ solar: 0, home: 800, battery: -1_000, grid: -1_800, level: 50 }),
      'The battery charges from the grid. It goes up to 95% at most.',
      'Die Batterie lädt aus dem Netz. Sie lädt bis höchstens 95 %.',
    ],
  ],
  // Last, for it is the car that the wallbox charges.
  'electric-vehicles': [
    [
      { ...on, plugged_in: true, level: 40, charge_plan: 'wait' },
      'Waiting for the best charging window',
      'Wartet auf das beste Ladefenster',
    ],
    [
      { ...off, plugged_in: true, level: 40, charge_plan: 'wait' },
      'Plugged in, but not charging; smart optimization is off',
      'Angesteckt, lädt aber nicht; die Optimierung ist aus',
    ],
    [
      { boost: 'requested', level: 40 },
      'Waiting for charging to start, because a boost was requested',
      'Wartet darauf, dass das Laden beginnt, weil ein Boost angefordert wurde',
    ],
    [{ boost: 'ongoing', level: 40 }, 'Charging, because a boost is on', 'Lädt, weil ein Boost an ist'],
    [
      { ...on, plugged_in: false, set: { is_charge_policy_enabled: false } },
      'Not charging, because no cable is plugged in. Once plugged in, smart optimization chooses the time.',
      'Lädt nicht, weil kein Kabel angesteckt ist. Nach dem Anstecken wählt die Optimierung die Zeit.',
    ],
    [
      { ...on, plugged_in: true, level: 40, charge_plan: 'now' },
      'Charging; smart optimization chooses the time',
      'Lädt; die Optimierung wählt die Zeit',
    ],
    [{ plugged_in: true, level: 100 }, 'The charge limit is reached', 'Das Ladelimit ist erreicht'],
  ],
}

function flow(w: { solar: number; home: number; battery: number; grid: number; level: number }) {
  return {
    settings: { min_battery_charge: 20, max_battery_charge: 95, is_smart_optimization_active: true },
    set: {
      current_solar_production_w: w.solar,
      household_consumption_w: w.home,
      battery_charge_discharge_power_w: w.battery,
      current_power_to_grid_w: w.grid,
      battery_charge_level_percent: w.level,
    },
  }
}

describe.each(Object.entries(states))(
  'of %s the page and the card of the overview say why:',
  (type, rows) => {
    test.each(rows)('%j: %s', async (change, en, de) => {
      const path = await move(type as DeviceType, change)
      for (const page of [path, '/']) await expectShown(house, person, { en: [en], de: [de] }, page)
      // One sentence, not one of every kind.
      const { text } = await pageOf(house, person, path)
      for (const [other, sentence] of rows)
        if (other !== change && !en.includes(sentence)) expect(text).not.toContain(sentence)
    })
  },
)
