import type { ElectricVehicleReading } from '@homewatt/contract'
import { heatPumpView, inverterView, vehicleView, wallboxView } from '@homewatt/display'
import { describe, expect, test } from 'vitest'
import ArmControl from './ArmControl.svelte'
import ChargeControl from './ChargeControl.svelte'
import ConnectionNotice from './ConnectionNotice.svelte'
import { formKey } from './context.ts'
import HeatPumpCard from './HeatPumpCard.svelte'
import InverterCard from './InverterCard.svelte'
import Readings from './Readings.svelte'
import { heatPump, inverter, vehicle, wallbox } from './testing/readings.ts'
import { noon, rendered } from './testing/rendered.ts'
import VehicleCard from './VehicleCard.svelte'
import WallboxCard from './WallboxCard.svelte'

const vehicleOf = (over: Partial<ElectricVehicleReading>) =>
  vehicleView(vehicle(over), null, noon, 'Europe/Berlin')
const secondsAgo = (s: number) => new Date(noon.getTime() - s * 1000).toISOString()

describe('Charge Now', () => {
  const button = (over: Partial<ElectricVehicleReading>) => rendered(ChargeControl, { view: vehicleOf(over) })

  test('can be pressed while available, and says before the tap that it cannot be stopped', () => {
    const { html, text } = button({ boost_state: 'available' })
    expect(html).not.toMatch(/<button[^>]* disabled/)
    expect(text).toBe('Charge Now A boost cannot be stopped here. Unplug the car to end it.')
  })

  test('starting shows for how long, and what is usual', () => {
    const { html, text } = button({ boost_state: 'requested', boost_state_since: secondsAgo(42) })
    expect(html).toMatch(/<button[^>]* disabled/)
    expect(text).toMatch(/^Starting… This usually takes up to a minute · for 0:42/)
    expect(html).toMatch(/role="status">\s*Charge Now: Starting…/)
  })

  test.each<[string, Partial<ElectricVehicleReading>, string]>([
    ['full', { is_charging: false, battery_level: 80 }, 'The vehicle is full'],
    ['charging', { is_charging: true }, 'Already charging'],
    ['unplugged', { is_plugged_in: false, is_charging: false }, 'Not connected'],
  ])('unavailable names the reason: %s', (_case, over, reason) => {
    expect(button({ boost_state: 'unavailable', ...over }).text).toBe(`Charge Now ${reason}`)
  })

  test('a refusal is said in words', () => {
    const view = vehicleOf({ boost_state: 'available' })
    const refused = { key: formKey('boost', view.id), good: false, text: 'The vehicle is full.' }
    expect(rendered(ChargeControl, { view }, refused).html).toMatch(
      /role="status"[^>]*>\s*<p[^>]*>The vehicle is full\./,
    )
  })

  test('a wallbox can be stopped', () => {
    const view = wallboxView(wallbox({ boost_state: 'ongoing' }), null, noon)
    expect(rendered(ChargeControl, { view }).html).toMatch(/action="\?\/cancelBoost"[\s\S]*Stop boost/)
  })
})

describe('the next plug-in', () => {
  const unplugged = { is_plugged_in: false, is_charging: false, boost_state: 'unavailable' } as const

  test('can be armed while unplugged', () => {
    expect(rendered(ArmControl, { view: vehicleOf(unplugged) }).text).toContain('Charge at next plug-in')
  })

  test('armed, it can be undone', () => {
    const { html, text } = rendered(ArmControl, {
      view: vehicleOf({ ...unplugged, boost_for_next_session: true }),
    })
    expect(text).toContain('Charges as soon as you plug in')
    expect(html).toMatch(/action="\?\/cancelBoost"[\s\S]*Undo/)
  })

  test('is not offered while plugged in', () => {
    expect(rendered(ArmControl, { view: vehicleOf({ boost_state: 'available' }) }).text).toBe('')
  })
})

describe('the four blanks', () => {
  const tiles = (over: Parameters<typeof heatPump>[0]) => {
    const { tiles, freshness } = heatPumpView(heatPump(over), null, noon)
    return rendered(Readings, { tiles, level: freshness.level }).text
  }

  test('nothing drawn is 0 W', () => {
    expect(tiles({ current_power_consumption_w: 0 })).toMatch(/^Power draw 0 ?W/)
  })

  test('not reported is a dash for the eye and words for the ear', () => {
    expect(tiles({ current_power_consumption_w: null })).toContain('Power draw – not reported')
  })

  test('no sensor is no tile', () => {
    expect(tiles({ indoor_actual_temperature: null })).not.toContain('Indoors')
  })
})

test('an old reading says whose silence it is', () => {
  const view = heatPumpView(heatPump({ current_state_last_updated_at: secondsAgo(3 * 3600) }), null, noon)
  const { html, text } = rendered(HeatPumpCard, { view })
  expect(html).toMatch(/<article[^>]*data-level="old"/)
  expect(text).toContain('No new data from the manufacturer since 11:00')
})

test('a card says once what its device does, why, and what comes next', () => {
  const pausedUntil = { is_pause_power_active: true, pause_power_until: '2026-06-21T14:00:00Z' }
  expect(rendered(HeatPumpCard, { view: heatPumpView(heatPump(pausedUntil), null, noon) }).text).toContain(
    'Paused until 16:00. It goes on after that.',
  )
  const { text } = rendered(VehicleCard, {
    view: vehicleOf({
      is_plugged_in: false,
      is_charging: false,
      is_charge_policy_enabled: true,
      charge_deadline_at: '07:00',
      minimum_charge_limit: 75,
    }),
  })
  expect(text).toContain('Not charging, because no cable is plugged in')
  expect(text.split('At least 75% by 07:00')).toHaveLength(2)
})

test('a card has no button for charging where people may not do that', () => {
  const view = vehicleOf({ is_plugged_in: true })
  expect(rendered(VehicleCard, { view }).html).toContain('<button')
  expect(rendered(VehicleCard, { view }, null, ['boost']).html).not.toMatch(/<button|<form/)
})

test('a lapsed link offers one button, or help where there is none to press', () => {
  const device = { type: 'heat-pumps', id: 'a', name: null } as const
  const can = rendered(ConnectionNotice, {
    ...device,
    connection: { kind: 'reconnect', canStart: true, n: 2 },
  })
  expect(can.html).toMatch(/name="n" value="2"[\s\S]*Reconnect<\/button>|name="n" value="2"[\s\S]*Reconnect/)
  const cannot = rendered(ConnectionNotice, {
    ...device,
    connection: { kind: 'reconnect', canStart: false, n: null },
  })
  expect(cannot.html).not.toContain('<button')
  expect(cannot.text).toContain('Contact Support')
})

test('no card brings inline styles, which the content security policy would refuse', () => {
  const cards = [
    rendered(HeatPumpCard, { view: heatPumpView(heatPump(), null, noon) }),
    rendered(VehicleCard, { view: vehicleOf({}) }),
    rendered(InverterCard, { view: inverterView(inverter(), null, noon) }),
    rendered(WallboxCard, { view: wallboxView(wallbox(), null, noon) }),
  ]
  for (const { html } of cards) expect(html).not.toMatch(/\sstyle=/)
})
