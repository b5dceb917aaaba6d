import { samples, type Capability, type DeviceType, type Reading } from '@homewatt/contract'
import { expect, test } from 'vitest'
import { settingsOffer } from './device-settings.ts'

const battery = {
  ...samples.inverters,
  is_battery_connected: true,
  min_battery_charge: 20,
  max_battery_charge: 90,
}
const pump = { ...samples['heat-pumps'], minimum_temperature_limit: 18, maximum_temperature_limit: 24 }
const devices: Record<DeviceType, Reading> = {
  'heat-pumps': pump as unknown as Reading,
  'electric-vehicles': samples['electric-vehicles'] as unknown as Reading,
  inverters: battery as unknown as Reading,
  wallboxes: samples.wallboxes as unknown as Reading,
}

/** The parts of a device's page of settings, in the order in which they stand there. */
function parts(type: DeviceType, switchedOff: Capability[]): string[] {
  const { groups, hasPlan, hasMode } = settingsOffer(type, devices[type], switchedOff)
  return [...groups.map(([group]) => group), ...(hasPlan ? ['plan'] : []), ...(hasMode ? ['mode'] : [])]
}

test.each<[DeviceType, string[]]>([
  ['heat-pumps', ['optimization', 'level', 'comfort']],
  ['electric-vehicles', ['deadline', 'optimization', 'plan', 'mode']],
  ['inverters', ['battery', 'optimization', 'plant']],
  ['wallboxes', ['deadline', 'optimization', 'mode']],
])('with everything on, %s have all of their parts', (type, all) => {
  expect(parts(type, [])).toEqual(all)
})

test.each<[Capability, DeviceType, string[]]>([
  ['optimization', 'heat-pumps', ['comfort']],
  ['comfort', 'heat-pumps', ['optimization', 'level']],
  ['readyBy', 'electric-vehicles', ['optimization', 'plan', 'mode']],
  ['weeklyPlan', 'electric-vehicles', ['deadline', 'optimization', 'mode']],
  ['chargingMode', 'electric-vehicles', ['deadline', 'optimization', 'plan']],
  ['chargingMode', 'wallboxes', ['deadline', 'optimization']],
  ['batteryLimits', 'inverters', ['optimization', 'plant']],
  ['plant', 'inverters', ['battery', 'optimization']],
  ['boost', 'wallboxes', ['deadline', 'optimization', 'mode']],
])('without %s, %s have the others', (capability, type, others) => {
  expect(parts(type, [capability])).toEqual(others)
})

test('of which nothing is left, there is no page', () => {
  const left = (switchedOff: Capability[]) =>
    !settingsOffer('wallboxes', devices.wallboxes, switchedOff).isNothing
  expect(left(['readyBy', 'optimization'])).toBe(true)
  expect(left(['readyBy', 'optimization', 'chargingMode'])).toBe(false)
})
