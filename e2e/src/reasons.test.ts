import type { DeviceType } from '@homewatt/contract'
import { expect, test } from 'vitest'
import { inWords, languages, type Said } from './refusal.ts'
import { refreshUntil } from './screen.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()
const full = useHome(stack, 'full')

const on = { settings: { is_smart_optimization_active: true } }
const waits = { ...on, plugged_in: true, level: 40, charge_plan: 'wait' }
const noDeadline = { is_charge_policy_enabled: false }

function flow(solarW: number, batteryW: number, gridW: number, percent: number) {
  return {
    settings: { ...on.settings, min_battery_charge: 20, max_battery_charge: 95 },
    set: {
      current_solar_production_w: solarW,
      household_consumption_w: solarW + batteryW - gridW,
      battery_charge_discharge_power_w: batteryW,
      current_power_to_grid_w: gridW,
      battery_charge_level_percent: percent,
    },
  }
}

/** One state of each device after the other, and what its card says of it then. */
const states: Record<DeviceType, { change: Record<string, unknown>; said: Said }>[] = [
  {
    inverters: {
      change: flow(3_000, -2_000, 500, 50),
      said: [
        'The battery charges from solar. It goes up to 95% at most.',
        'Die Batterie lädt mit Solarstrom. Sie lädt bis höchstens 95 %.',
      ],
    },
    wallboxes: {
      change: { ...waits, set: noDeadline },
      said: [
        'Plugged in, but not charging; smart optimization chooses the time',
        'Angesteckt, lädt aber nicht; die Optimierung wählt die Zeit',
      ],
    },
    'electric-vehicles': {
      change: { ...waits, set: noDeadline },
      said: ['Waiting for the best charging window', 'Wartet auf das beste Ladefenster'],
    },
    'heat-pumps': {
      change: { ...on, set: { current_mode: 'low' } },
      said: [
        'Runs at a low level, because smart optimization has chosen it. The level changes with the price of power.',
        'Läuft auf einer niedrigen Stufe, weil die Optimierung das so gewählt hat. Die Stufe ändert sich mit dem Strompreis.',
      ],
    },
  },
  {
    inverters: {
      change: flow(0, 0, -800, 20),
      said: ['The battery is resting, at its reserve of 20%', 'Die Batterie ruht, an der Reserve von 20 %'],
    },
    wallboxes: {
      change: { online: false, set: { mode: 'UNAVAILABLE' } },
      said: [
        'Cannot be used at the moment, because the wallbox is offline',
        'Lässt sich im Moment nicht nutzen, weil die Wallbox offline ist',
      ],
    },
    'electric-vehicles': {
      change: { ...on, plugged_in: false, set: noDeadline },
      said: [
        'Not charging, because no cable is plugged in. Once plugged in, smart optimization chooses the time.',
        'Lädt nicht, weil kein Kabel angesteckt ist. Nach dem Anstecken wählt die Optimierung die Zeit.',
      ],
    },
    'heat-pumps': {
      change: { set: { is_pause_power_active: true, pause_power_until: '2026-06-17T18:00:00Z' } },
      said: ['Paused until 20:00. It goes on after that.', 'Pausiert bis 20:00 Uhr. Danach geht es weiter.'],
    },
  },
  {
    inverters: {
      change: flow(0, 800, 0, 50),
      said: [
        'The battery supplies the home. It keeps 20% in reserve.',
        'Die Batterie versorgt das Haus. 20 % bleiben in Reserve.',
      ],
    },
    wallboxes: {
      change: { online: true, authenticated: false },
      said: [
        'Cannot be read or steered, because the link to the manufacturer has lapsed. Once the link is renewed, it goes on.',
        'Lässt sich nicht ablesen oder steuern, weil die Verbindung zum Hersteller abgelaufen ist. Sobald du die Verbindung erneuerst, geht es weiter.',
      ],
    },
    'electric-vehicles': {
      change: { boost: 'ongoing', level: 40, set: noDeadline },
      said: ['Charging, because a boost is on', 'Lädt, weil ein Boost an ist'],
    },
    'heat-pumps': {
      change: { set: { is_smart_optimization_active: null } },
      said: ['What it is doing is not known', 'Was gerade geschieht, ist nicht bekannt'],
    },
  },
]

test('each device says what it does, why and what comes next, in both languages, while its state changes', async () => {
  const pages = await Promise.all(
    languages.map(async (language) => ({
      language,
      page: await visit(browser, stack, { home: 'full', language }),
    })),
  )
  for (const [n, round] of states.entries()) {
    for (const { type, id } of full.devices)
      for (const change of [{ clear: true }, round[type].change])
        await stack.control('POST', `homes/full/devices/${id}`, change)
    for (const { page, language } of pages)
      for (const { type } of full.devices) {
        const card = page.locator(`article[data-type="${type}"]`)
        const reason = (at: number) =>
          card
            .getByRole('paragraph')
            .filter({ hasText: inWords(states[at]?.[type].said ?? ['', ''], language) })
        await refreshUntil(page, reason(n), language)
        for (const other of states.keys()) if (other !== n) expect(await reason(other).count()).toBe(0)
      }
  }
})

test.each(languages)(
  'in %s comfort limits and hot water can be set where the account has them, and are not there where not',
  async (language) => {
    const limits = [
      'minimum_temperature_limit',
      'maximum_temperature_limit',
      'dhw_standard_temperature',
      'minimum_dhw_temperature_limit',
    ]
    const [comfort, hotWater, level] = (
      [
        ['Comfort limits', 'Komfortgrenzen'],
        ['Hot water (°C)', 'Warmwasser (°C)'],
        ['How far optimization may go', 'Wie weit die Optimierung gehen darf'],
      ] as const
    ).map((said) => inWords(said, language)) as [string, string, string]
    const home = language === 'en' ? 'heat' : 'many'
    const pump = (await stack.home(home)).devices.find(({ type }) => type === 'heat-pumps')
    await stack.control('POST', `homes/${home}/devices/${pump?.id}`, {
      omit: [...limits, 'is_hot_water_heating_enabled'],
    })
    const path = `/heat-pumps/${pump?.id}/settings`
    const without = await visit(browser, stack, { home, path, language, live: false })
    await without.getByRole('heading', { name: level }).waitFor()
    expect(await without.getByRole('heading', { name: comfort }).count()).toBe(0)
    expect(await without.getByLabel(hotWater).count()).toBe(0)
    expect(await without.getByRole('main').getByRole('spinbutton').count()).toBe(0)
    // Beside it, a home whose account has them.
    const other = full.devices.find(({ type }) => type === 'heat-pumps')
    const having = await visit(browser, stack, {
      home: 'full',
      path: `/heat-pumps/${other?.id}/settings`,
      language,
      live: false,
    })
    await having.getByRole('heading', { name: comfort }).waitFor()
    await having.getByLabel(hotWater, { exact: true }).waitFor()
    expect(await having.getByRole('main').getByRole('spinbutton').count()).toBe(limits.length)
  },
)
