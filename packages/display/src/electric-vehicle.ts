import type { ElectricVehicleReading, Problem } from '@homewatt/contract'
import {
  areControlsOff,
  armingOf,
  boostButton,
  boostOff,
  deadlineOf,
  type Arming,
  type BoostButton,
  type Deadline,
} from './boost.ts'
import { connection, type Connection } from './connection.ts'
import { deadlineVerdict, type DeadlineVerdict } from './deadline.ts'
import { deviceName } from './device-name.ts'
import { readingFreshness, type Freshness } from './freshness.ts'
import { pauseOf, type Pause } from './pause.ts'
import { vehicleReason, type Reason } from './reasons.ts'
import { finite, offeredTile, tile, type Tile } from './shown.ts'
import { isTimeZone } from './wall-clock.ts'

/** `waiting` reads "Plugged in" with an explanation, `plugged_in` without. */
export type ChargeStatus = 'unplugged' | 'plugged_in' | 'waiting' | 'full' | 'charging' | 'unknown'

export type VehicleView = {
  type: 'electric-vehicles'
  id: string
  name: string | null
  status: ChargeStatus
  /** Percent, 0 to 100. */
  levelPercent: number | null
  tiles: Tile[]
  boost: BoostButton
  arming: Arming
  deadline: Deadline | null
  /** Whether a deadline is active; `null` when not reported. */
  deadlineActive: boolean | null
  /** Whether it will hold that deadline; `null` without an active one. */
  verdict: DeadlineVerdict | null
  /** The manufacturer's cap, percent; `null` when there is none. */
  limitPercent: number | null
  /** The API cannot end a vehicle's boost: only unplugging does. */
  canStopBoost: false
  /** `null` when not reported. */
  optimizing: boolean | null
  paused: Pause | null
  freshness: Freshness
  connection: Connection
  /** What it does, why, and what comes next. */
  reason: Reason
}

/** @param timeZone IANA zone of the home, in which its deadline is meant */
export function vehicleView(
  device: ElectricVehicleReading,
  problem: Problem | null,
  now: Date,
  timeZone: string,
): VehicleView {
  const isOff = areControlsOff(device, problem)
  const view = {
    type: 'electric-vehicles' as const,
    id: device.id,
    name: deviceName(device),
    status: statusOf(device),
    levelPercent: finite(device.battery_level),
    tiles: tilesOf(device),
    boost: isOff ? boostOff : boostButton(device, isFull(device), now),
    arming: isOff ? null : armingOf(device),
    deadline: deadlineOf(device),
    deadlineActive: device.is_charge_policy_enabled,
    verdict: isTimeZone(timeZone) ? deadlineVerdict(device, { timeZone }, now) : null,
    limitPercent: finite(device.charge_target_max),
    canStopBoost: false as const,
    optimizing: device.is_smart_optimization_active,
    paused: pauseOf(device),
    freshness: readingFreshness(device, problem, now),
    connection: connection(device),
  }
  return { ...view, reason: vehicleReason(device, view, now) }
}

function statusOf(device: ElectricVehicleReading): ChargeStatus {
  if (device.is_plugged_in === false) return 'unplugged'
  if (device.is_plugged_in !== true) return 'unknown'
  if (device.is_charging === true) return 'charging'
  if (device.is_charging !== false) return 'plugged_in'
  if (isFull(device)) return 'full'
  return isWaiting(device) ? 'waiting' : 'plugged_in'
}

function isFull({ is_fully_charged, battery_level, charge_target_max }: ElectricVehicleReading): boolean {
  if (is_fully_charged === true) return true
  const level = finite(battery_level)
  return level !== null && level >= (finite(charge_target_max) ?? 100)
}

/** Idle and plugged in is how smart charging looks most of the night, but only while nothing overrides it. */
function isWaiting(device: ElectricVehicleReading): boolean {
  return (
    device.is_smart_optimization_active === true &&
    device.is_pause_power_active !== true &&
    device.boost_state !== 'requested' &&
    device.boost_state !== 'ongoing'
  )
}

function tilesOf(device: ElectricVehicleReading): Tile[] {
  return [
    tile('battery_level', 'percent', device.battery_level),
    tile('charge_rate_w', 'power', device.charge_rate_w),
    ...offeredTile('driving_range', 'range', device.driving_range),
    ...offeredTile('battery_capacity_kwh', 'energy', device.battery_capacity_kwh),
    // null: the manufacturer sets no cap, so there is nothing to report.
    ...offeredTile('charge_target_max', 'percent', device.charge_target_max ?? undefined),
  ]
}
