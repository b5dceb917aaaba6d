import type { HeatPumpReading, Problem } from '@homewatt/contract'
import { connection, type Connection } from './connection.ts'
import { deviceName } from './device-name.ts'
import { readingFreshness, type Freshness } from './freshness.ts'
import { pauseOf, type Pause } from './pause.ts'
import { heatPumpReason, type Reason } from './reasons.ts'
import { offeredTile, tile, type Tile } from './shown.ts'

/** What the heat pump is doing for the household. */
export type HeatPumpStatus = 'not_optimizing' | 'min' | 'eco' | 'comfort' | 'boost' | 'optimizing' | 'unknown'

export type HeatPumpView = {
  type: 'heat-pumps'
  id: string
  name: string | null
  status: HeatPumpStatus
  tiles: Tile[]
  /** The configured ceiling; what runs at the moment is `status`. */
  level: 'Low' | 'Mid' | 'Max' | null
  paused: Pause | null
  freshness: Freshness
  connection: Connection
  /** What it does, why, and what comes next. */
  reason: Reason
}

/**
 * What to show of a heat pump.
 *
 * @param problem why its values are not being renewed, `null` while all is well
 * @param now in the Partner API's time, as `at` of a snapshot says it
 */
export function heatPumpView(device: HeatPumpReading, problem: Problem | null, now: Date): HeatPumpView {
  const view = {
    type: 'heat-pumps' as const,
    id: device.id,
    name: deviceName(device),
    status: statusOf(device),
    tiles: tilesOf(device),
    level: device.optimization_level ?? null,
    paused: pauseOf(device),
    freshness: readingFreshness(device, problem, now),
    connection: connection(device),
  }
  return { ...view, reason: heatPumpReason(device, view, now) }
}

function statusOf({ is_smart_optimization_active, current_mode }: HeatPumpReading): HeatPumpStatus {
  if (is_smart_optimization_active === false) return 'not_optimizing'
  if (is_smart_optimization_active !== true) return 'unknown'
  switch (current_mode) {
    case 'min':
      return 'min'
    case 'low':
      return 'eco'
    case 'mid':
      return 'comfort'
    case 'max':
      return 'boost'
    default:
      return 'optimizing'
  }
}

function tilesOf(device: HeatPumpReading): Tile[] {
  return [
    tile('current_power_consumption_w', 'power', device.current_power_consumption_w),
    tile('dhw_temperature', 'temperature', device.dhw_temperature),
    ...indoorTile(device.indoor_actual_temperature),
    ...offeredTile('indoor_target_temperature', 'temperature', device.indoor_target_temperature),
    tile('outdoor_temperature', 'temperature', device.outdoor_temperature),
    tile('inlet_temperature', 'temperature', device.inlet_temperature),
    ...offeredTile('outlet_temperature', 'temperature', device.outlet_temperature),
    ...offeredTile(
      'indoor_target_temperature_offset',
      'temperature_difference',
      device.indoor_target_temperature_offset,
    ),
  ]
}

/** The one field where `null` says that there is no sensor, and absence that nothing was reported. */
function indoorTile(celsius: number | null | undefined): Tile[] {
  return celsius === null ? [] : [tile('indoor_actual_temperature', 'temperature', celsius ?? null)]
}
