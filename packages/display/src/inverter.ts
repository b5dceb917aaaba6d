import type { InverterReading, Problem } from '@homewatt/contract'
import { connection, type Connection } from './connection.ts'
import { deviceName } from './device-name.ts'
import { flowPicture, type FlowPicture } from './flows.ts'
import { readingFreshness, type Freshness } from './freshness.ts'
import { pauseOf, type Pause } from './pause.ts'
import { inverterReason, type Reason } from './reasons.ts'
import { finite, offeredTile, tile, type Tile } from './shown.ts'

export type InverterView = {
  type: 'inverters'
  id: string
  name: string | null
  tiles: Tile[]
  hasBattery: boolean
  /** `null` when not reported. */
  optimizing: boolean | null
  flow: FlowPicture
  paused: Pause | null
  freshness: Freshness
  connection: Connection
  /** What it does, why, and what comes next. */
  reason: Reason
}

/** @param previousFlow the picture shown before this one, so that values around a threshold do not flicker */
export function inverterView(
  device: InverterReading,
  problem: Problem | null,
  now: Date,
  previousFlow?: FlowPicture,
): InverterView {
  const flow = flowPicture(device, previousFlow)
  const hasBattery = flow.nodes.battery !== null
  const view = {
    type: 'inverters' as const,
    id: device.id,
    name: deviceName(device),
    tiles: tilesOf(device, hasBattery),
    hasBattery,
    optimizing: device.is_smart_optimization_active,
    flow,
    paused: pauseOf(device),
    freshness: readingFreshness(device, problem, now),
    connection: connection(device),
  }
  return { ...view, reason: inverterReason(device, view, now) }
}

function tilesOf(device: InverterReading, hasBattery: boolean): Tile[] {
  return [
    tile('solar_surplus_w', 'power', surplusW(device)),
    ...(hasBattery ? batteryTiles(device) : []),
    ...offeredTile('solar_power_rating_kw', 'power', wattsOf(device.solar_power_rating_kw)),
  ]
}

/** As reported; where it is not, production less household use. */
function surplusW(device: InverterReading): number | null {
  const reported = finite(device.solar_surplus_w)
  if (reported !== null) return reported
  const solarW = finite(device.current_solar_production_w)
  const homeW = finite(device.household_consumption_w)
  return solarW === null || homeW === null ? null : solarW - homeW
}

function batteryTiles(device: InverterReading): Tile[] {
  return [
    tile('battery_charge_level_percent', 'percent', device.battery_charge_level_percent),
    ...offeredTile('battery_capacity_kwh', 'energy', device.battery_capacity_kwh),
    ...offeredTile('min_battery_charge', 'percent', device.min_battery_charge),
    ...offeredTile('max_battery_charge', 'percent', device.max_battery_charge),
  ]
}

const wattsOf = (kw: number | null | undefined) => (typeof kw === 'number' ? kw * 1000 : kw)
