import type { InverterReading } from '@homewatt/contract'
import { inverterView } from '@homewatt/display'
import { expect, test } from 'vitest'
import FlowPicture from './FlowPicture.svelte'
import { inverter } from './testing/readings.ts'
import { noon, rendered } from './testing/rendered.ts'

const picture = (over: Partial<InverterReading> = {}) => {
  const { flow, freshness } = inverterView(inverter(over), null, noon)
  return rendered(FlowPicture, { flow, freshness })
}

test('says every node with its direction and never a sign', () => {
  const { text } = picture()
  expect(text).toContain('Solar 6.3 kW')
  expect(text).toContain('To grid 2.5 kW')
  expect(text).toContain('Home 3.0 kW')
  expect(text).toContain('Battery 0.8 kW Charging 85%')
  expect(text).not.toMatch(/[-−]\d/)
})

test('has a table of the same flows', () => {
  expect(picture().html).toMatch(/data-edge="solarToGrid"[\s\S]*?Solar[\s\S]*?Grid[\s\S]*?2\.5/)
})

test('without a battery there is no battery, in picture and table', () => {
  expect(picture({ is_battery_connected: false }).text).not.toContain('Battery')
})

test('what does not add up is named with its size', () => {
  const { text } = picture({ household_consumption_w: 950, current_power_to_grid_w: 2500 })
  expect(text).toMatch(/Unexplained 2\.0\s?kW/)
})

test('only fresh values move', () => {
  const old = new Date(noon.getTime() - 3_600_000).toISOString()
  expect(picture().html).toContain('data-motion="true"')
  expect(picture({ current_state_last_updated_at: old }).html).not.toContain('data-motion="true"')
})

test('a grid that was worked out says so, and one that is unknown shows no number', () => {
  expect(picture({ current_power_to_grid_w: null }).text).toContain('Calculated')
  expect(picture({ current_power_to_grid_w: null, household_consumption_w: null }).text).toContain(
    'Grid – not reported',
  )
})
