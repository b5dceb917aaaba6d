import type { HomeSnapshot } from '@homewatt/contract'
import { deviceName } from './device-name.ts'
import { readingFreshness, type Freshness } from './freshness.ts'
import { finite } from './shown.ts'

/** A consumer inside household use, measured at its own moment. Never added to the house: it is in there. */
export type FlowChild = {
  id: string
  type: 'heat-pumps' | 'electric-vehicles' | 'wallboxes'
  name: string | null
  w: number | null
  freshness: Freshness
}

/**
 * The consumers to draw under the home of an inverter: those of the same building, and where a building is not
 * known, all of a home that has just this one inverter.
 */
export function flowChildren(snapshot: HomeSnapshot, inverterId: string, now: Date): FlowChild[] {
  const { groups } = snapshot
  const inverter = groups.inverters.devices.find(({ id }) => id === inverterId)
  if (!inverter) return []
  const isOnlyInverter = groups.inverters.devices.length === 1
  const belongs = ({ building }: { building: string | null }) =>
    building !== null && inverter.building !== null ? building === inverter.building : isOnlyInverter

  return [
    ...groups['heat-pumps'].devices.filter(belongs).map((device) => ({
      id: device.id,
      type: 'heat-pumps' as const,
      name: deviceName(device),
      w: finite(device.current_power_consumption_w),
      freshness: readingFreshness(device, groups['heat-pumps'].problem, now),
    })),
    ...groups['electric-vehicles'].devices.filter(belongs).map((device) => ({
      id: device.id,
      type: 'electric-vehicles' as const,
      name: deviceName(device),
      w: finite(device.charge_rate_w),
      freshness: readingFreshness(device, groups['electric-vehicles'].problem, now),
    })),
    ...groups.wallboxes.devices.filter(belongs).map((device) => ({
      id: device.id,
      type: 'wallboxes' as const,
      name: deviceName(device),
      w: finite(device.charge_rate_w),
      freshness: readingFreshness(device, groups.wallboxes.problem, now),
    })),
  ]
}
