import type { Problem, WallboxReading } from '@homewatt/contract'
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
import { deviceName } from './device-name.ts'
import { readingFreshness, type Freshness } from './freshness.ts'
import { pauseOf, type Pause } from './pause.ts'
import { wallboxReason, type Reason } from './reasons.ts'
import { finite, offeredTile, type Tile } from './shown.ts'

export type WallboxStatus = 'ready' | 'plugged_in' | 'charging' | 'unavailable' | 'unknown'

/** Whether the box itself can be reached. */
export type WallboxOnline = 'online' | 'offline' | 'never_connected' | 'unknown'

export type WallboxView = {
  type: 'wallboxes'
  id: string
  name: string | null
  status: WallboxStatus
  online: WallboxOnline
  tiles: Tile[]
  boost: BoostButton
  arming: Arming
  /** A wallbox's boost can be cancelled, unlike a vehicle's. */
  canStopBoost: true
  deadline: Deadline | null
  /** Whether a deadline is active; `null` when not reported. */
  deadlineActive: boolean | null
  /** Percent. */
  limitPercent: number | null
  /** `null` when not reported. */
  optimizing: boolean | null
  paused: Pause | null
  freshness: Freshness
  connection: Connection
  /** What it does, why, and what comes next. */
  reason: Reason
}

/**
 * What to show of a wallbox.
 *
 * @param problem why its values are not being renewed, `null` while all is well
 * @param now in the Partner API's time, as `at` of a snapshot says it
 */
export function wallboxView(device: WallboxReading, problem: Problem | null, now: Date): WallboxView {
  const isOff = areControlsOff(device, problem)
  const view = {
    type: 'wallboxes' as const,
    id: device.id,
    name: deviceName(device),
    status: statusOf(device),
    online: onlineOf(device.connection),
    tiles: tilesOf(device),
    // A wallbox does not know how full the car is.
    boost: isOff ? boostOff : boostButton(device, false, now),
    arming: isOff ? null : armingOf(device),
    canStopBoost: true as const,
    deadline: deadlineOf(device),
    deadlineActive: device.is_charge_policy_enabled,
    limitPercent: finite(device.charge_target_max),
    optimizing: device.is_smart_optimization_active,
    paused: pauseOf(device),
    freshness: readingFreshness(device, problem, now),
    connection: connection(device),
  }
  return { ...view, reason: wallboxReason(device, view, now) }
}

function statusOf(device: WallboxReading): WallboxStatus {
  switch (device.mode) {
    case 'READY':
      return 'ready'
    case 'PLUGGED_IN':
      return 'plugged_in'
    case 'CHARGING':
      return 'charging'
    case 'UNAVAILABLE':
      return 'unavailable'
    case 'UNKNOWN':
      return 'unknown'
    default:
      return derivedStatus(device)
  }
}

/** The partner derives `mode` from these three fields; without `mode` the same can be done here. */
function derivedStatus({ is_authenticated, is_plugged_in, is_charging }: WallboxReading): WallboxStatus {
  if (is_authenticated === false) return 'unavailable'
  if (is_plugged_in === false) return 'ready'
  if (is_plugged_in !== true) return 'unknown'
  return is_charging === true ? 'charging' : 'plugged_in'
}

function onlineOf(connection: WallboxReading['connection']): WallboxOnline {
  switch (connection) {
    case 'online':
    case 'offline':
    case 'never_connected':
      return connection
    default:
      return 'unknown'
  }
}

function tilesOf(device: WallboxReading): Tile[] {
  return [
    ...offeredTile('charge_rate_w', 'power', device.charge_rate_w),
    ...offeredTile('charge_power_max_w', 'power', device.charge_power_max_w),
    ...offeredTile('charge_target_max', 'percent', device.charge_target_max ?? undefined),
  ]
}
