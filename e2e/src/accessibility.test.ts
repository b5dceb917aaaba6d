import { beforeAll, describe, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { desktop, phone } from './browser.ts'
import type { ControlHome } from './stack.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()
let homes: ControlHome[]
beforeAll(async () => {
  homes = await stack.homes()
  await stack.control('POST', 'homes/many/devices/electric-vehicles', {
    plugged_in: true,
    level: 40,
    charge_plan: 'wait',
  })
  await stack.control('POST', 'homes/heat/devices/heat-pumps', {
    actions: ['reauthenticate'],
    reported_ago_s: 9_000,
    set: { dhw_temperature: null },
  })
  await stack.control('POST', 'homes/solar/devices/inverters', {
    set: {
      current_solar_production_w: 6250,
      household_consumption_w: 950,
      battery_charge_discharge_power_w: -755,
      current_power_to_grid_w: 2500,
    },
  })
  await stack.control('POST', 'homes/car/devices/electric-vehicles', {
    boost: 'requested',
    level: 40,
    charge_plan: 'wait',
  })
  await stack.control('POST', 'faults', {
    kind: 'status',
    status: 503,
    match: { home: 'solar-only' },
  })
})

const pathOf = (name: string, type: string) => {
  const device = homes.find((home) => home.name === name)?.devices.find((one) => one.type === type)
  return `/${type}/${device?.id}`
}

describe.each(['en', 'de'] as const)(
  'in %s axe finds nothing, in both themes, on phone and desktop, on',
  (language) => {
    test.each<[string, string | null, () => string]>([
      ['the overview', 'full', () => '/'],
      ['the overview of a large home', 'many', () => '/'],
      ['the overview with a lapsed link', 'reconnect', () => '/'],
      ['the overview with flows that do not balance', 'solar', () => '/'],
      ['the overview with old values and an action', 'heat', () => '/'],
      ['the overview while nothing is loaded', 'solar-only', () => '/'],
      ['the overview without devices', 'empty', () => '/'],
      ['a heat pump', 'full', () => pathOf('full', 'heat-pumps')],
      ['an old heat pump', 'heat', () => pathOf('heat', 'heat-pumps')],
      ['an unplugged or waiting vehicle', 'full', () => pathOf('full', 'electric-vehicles')],
      ['a vehicle that can be charged', 'many', () => pathOf('many', 'electric-vehicles')],
      ['a starting vehicle', 'car', () => pathOf('car', 'electric-vehicles')],
      ['a lapsed vehicle', 'reconnect', () => pathOf('reconnect', 'electric-vehicles')],
      ['an inverter', 'solar', () => pathOf('solar', 'inverters')],
      ['a wallbox', 'full', () => pathOf('full', 'wallboxes')],
      ['the return from the manufacturer', 'reconnect', () => '/actions/return'],
      ['the demo homes', 'full', () => '/demo'],
      ['the sign-in page', null, () => '/sign-in'],
      ['a page that is not there', 'full', () => '/nowhere'],
    ])('%s', async (_, home, path) => {
      const live = !['/demo', '/sign-in', '/nowhere'].includes(path())
      const page = await visit(browser, stack, { home, path: path(), language, live })
      for (const { viewport } of [phone, desktop]) {
        await page.setViewportSize(viewport)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          expect(await axeViolations(page), `${viewport.width} px, ${colorScheme}`).toEqual([])
        }
      }
      // Nothing sticks out sideways on the smallest phone either.
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    })
  },
)
