import type { ElectricVehicleReading } from '@homewatt/contract'
import { dayAfter, localTime, momentOf } from './local-time.ts'

/** Whether a vehicle will have what it is to have by its next deadline. */
export type DeadlineRisk = {
  /** The deadline, ms since 1970. */
  atMs: number
  /** Percent that it is to have. */
  target: number
  level: number
  verdict: 'reached' | 'enough' | 'tight' | 'not_enough' | 'unknown'
}

/** What most chargers at home give at best: with less power it is even later, so nobody is warned for nothing. */
const BEST_W = 11_000
/** Between enough and not enough is a band, so that a verdict does not flicker. */
const ENOUGH = 0.9
const MINUTE_MS = 60_000

/** `null` without a deadline, or when not enough is known to speak of one. */
export function deadlineRisk(
  vehicle: ElectricVehicleReading,
  nowMs: number,
  timeZone: string,
): DeadlineRisk | null {
  const { charge_deadline_at: at, minimum_charge_limit: target, battery_level: level } = vehicle
  if (vehicle.is_charge_policy_enabled !== true || at === null || target === null || level === null)
    return null
  const atMs = nextMs(at, nowMs, timeZone)
  const known = { atMs, target, level }
  if (level >= target) return { ...known, verdict: 'reached' }
  if (!vehicle.battery_capacity_kwh) return { ...known, verdict: 'unknown' }
  const neededWh = ((target - level) / 100) * vehicle.battery_capacity_kwh * 1000
  const neededMs = (neededWh / BEST_W) * 60 * MINUTE_MS
  const leftMs = atMs - nowMs
  if (neededMs > leftMs) return { ...known, verdict: 'not_enough' }
  return { ...known, verdict: neededMs <= leftMs * ENOUGH ? 'enough' : 'tight' }
}

function nextMs(time: string, nowMs: number, timeZone: string): number {
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const today = localTime(nowMs, timeZone)
  const todayMs = momentOf(today, minutes, timeZone)
  return todayMs > nowMs ? todayMs : momentOf(dayAfter(today, 1), minutes, timeZone)
}
