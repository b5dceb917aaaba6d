import type { ElectricVehicleReading } from '@homewatt/contract'
import { readingFreshness } from './freshness.ts'
import { finite } from './shown.ts'
import { isTimeOfDay } from './times.ts'
import { minuteOfDay, momentOf, wallTime } from './wall-clock.ts'

/** Whether a vehicle will be ready; `tight`: it can be, and nobody should rely on it. */
export type Verdict = 'yes' | 'tight' | 'no' | 'unknown'

/**
 * What decides beside the time that is left. `reached`: the level is there. `limit`: the vehicle's own limit lies below
 * the target. `paused`: beyond the deadline. `unplugged`: no cable. `off`: nobody steers the charging. `lapsed`: the
 * link to the manufacturer. `old`: the last report is. `null`: the time alone, or for `unknown` that too little is
 * reported.
 */
export type VerdictCause = 'reached' | 'limit' | 'paused' | 'unplugged' | 'off' | 'lapsed' | 'old'

export type DeadlineVerdict = {
  verdict: Verdict
  cause: VerdictCause | null
  /** Moment of the deadline, ms since 1970, and the level it asks for; `null` when not reported. */
  atMs: number | null
  percent: number | null
  /** Unplugged only: until then it is early enough to plug in; `null` when that cannot be told or has passed. */
  plugInByMs: number | null
}

/** Of what the plug gives, at least this much reaches the battery. */
const LEAST_EFFICIENCY = 0.85
/** What the last percents may cost more than the others: full batteries take less. */
const SLOWNESS = [
  { fromPercent: 0, factor: 1 },
  { fromPercent: 90, factor: 2 },
  { fromPercent: 97, factor: 5 },
]
/** Percents are reported whole: nobody knows whether rounded or cut off. */
const LEVEL_DOUBT_PERCENT = 1
/** Cheap hours are chosen by quarters, and a car takes a moment to begin. */
const RESERVE_MS = 30 * 60_000
/** No socket of a home gives more, W. */
const MOST_AT_HOME_W = 22_000
/** What was measured as the most that a socket gives, may be this much too little. */
const UNSEEN_FACTOR = 1.1

/**
 * Whether a vehicle that stays plugged in will hold what its active deadline asks for. `yes` only when the worst that
 * the facts allow is good enough, `no` only when the best is not: since the last report it may have charged all the
 * time, or not at all. `null` without an active deadline.
 *
 * @param timeZone IANA zone of the home
 */
export function deadlineVerdict(
  device: ElectricVehicleReading,
  { timeZone }: { timeZone: string },
  now: Date,
): DeadlineVerdict | null {
  if (device.is_charge_policy_enabled !== true) return null
  const due = device.next_deadline === undefined ? daily(device, timeZone, now) : planned(device, now)
  if (due === null || due.percent === null) return { ...nothing, ...due, verdict: 'unknown' }
  const { atMs, percent } = due
  return { ...nothing, atMs, percent, ...judged(device, { atMs, percent }, now) }
}

type Due = { atMs: number; percent: number | null }

/** What the weekly plan asks for, as the gateway tells it; `null` while it is not known what comes next. */
function planned({ next_deadline: told }: ElectricVehicleReading, now: Date): Due | null {
  const atMs = Date.parse(told?.at ?? '')
  return told && atMs > now.getTime() ? { atMs, percent: told.percent } : null
}

/** What the vehicle's own fields ask for, every day; `null` without a time. */
function daily(device: ElectricVehicleReading, timeZone: string, now: Date): Due | null {
  const at = device.charge_deadline_at
  if (at === null || !isTimeOfDay(at)) return null
  const { day } = wallTime(timeZone, now.getTime())
  const onDay = (day: number) => momentOf(timeZone, { day, minute: minuteOfDay(at) })
  const todayMs = onDay(day)
  return {
    atMs: todayMs > now.getTime() ? todayMs : onDay(day + 1),
    percent: finite(device.minimum_charge_limit),
  }
}

type Judged = Pick<DeadlineVerdict, 'verdict'> & Partial<DeadlineVerdict>

const nothing = { cause: null, atMs: null, percent: null, plugInByMs: null }

function judged(device: ElectricVehicleReading, due: { atMs: number; percent: number }, now: Date): Judged {
  const { atMs, percent } = due
  const level = finite(device.battery_level)
  const { level: age, clockDiffers } = readingFreshness(device, null, now)
  // A car that was not heard of for long may be anywhere.
  if (age === 'old' || clockDiffers) return { verdict: 'unknown', cause: 'old' }
  if (level === null) return { verdict: 'unknown' }
  // Who drives away comes back with less.
  if (level >= percent)
    return device.is_plugged_in === true
      ? { verdict: 'yes', cause: 'reached' }
      : { verdict: 'unknown', cause: device.is_plugged_in === null ? null : 'reached' }

  const limit = finite(device.charge_target_max)
  if (limit !== null && limit < percent) return { verdict: 'no', cause: 'limit' }
  const pausedMs = pausedUntilMs(device)
  if (pausedMs >= atMs) return { verdict: 'no', cause: 'paused' }
  const seenMs = Date.parse(device.current_state_last_updated_at ?? '')
  const nowMs = now.getTime()
  if (shortestMs(device, level, percent) > atMs - Math.min(nowMs, seenMs)) return { verdict: 'no' }

  if (device.is_authenticated === false) return { verdict: 'unknown', cause: 'lapsed' }
  const needMs = longestMs(device, level, percent)
  // The last moment at which charging must begin for even the worst to be good enough.
  const latestMs = needMs === null ? null : atMs - needMs - RESERVE_MS
  const isLate = latestMs !== null && latestMs < Math.max(nowMs, pausedMs)
  if (device.is_plugged_in === false) {
    if (isLate) return { verdict: 'tight', cause: 'unplugged' }
    return { verdict: 'unknown', cause: 'unplugged', plugInByMs: isSteered(device) ? latestMs : null }
  }
  if (device.is_plugged_in === null || latestMs === null || device.is_fully_charged === true)
    return { verdict: 'unknown' }
  if (!isSteered(device) && device.is_charging !== true && device.boost_state !== 'ongoing')
    return {
      verdict: 'unknown',
      cause: device.is_smart_optimization_active === false ? 'off' : null,
    }
  return { verdict: isLate ? 'tight' : 'yes' }
}

const isSteered = (device: ElectricVehicleReading) => device.is_smart_optimization_active === true

/** `-Infinity`: not paused, or a boost goes before; `Infinity`: until somebody ends it. */
function pausedUntilMs(device: ElectricVehicleReading): number {
  if (device.is_pause_power_active !== true || device.boost_state === 'ongoing') return -Infinity
  const ms = Date.parse(device.pause_power_until ?? '')
  return Number.isNaN(ms) ? Infinity : ms
}

/** The time that charging takes at worst; `null` when it cannot be told. */
function longestMs(device: ElectricVehicleReading, level: number, percent: number): number | null {
  const capacityKwh = finite(device.battery_capacity_kwh)
  const seenW = device.charge_rate_seen?.least_w ?? Infinity
  // What it takes now may be all that this socket gives; near the end it is what the battery takes.
  const isTelling = device.is_charging === true && level < 90
  const rateW = Math.min(seenW, (isTelling ? finite(device.charge_rate_w) : null) ?? Infinity)
  if (capacityKwh === null || !(rateW > 0) || rateW === Infinity) return null
  const from = level - LEVEL_DOUBT_PERCENT
  const percents = SLOWNESS.reduce((sum, { fromPercent, factor }, i) => {
    const to = Math.min(percent, SLOWNESS[i + 1]?.fromPercent ?? 100)
    return sum + factor * Math.max(0, to - Math.max(from, fromPercent))
  }, 0)
  return hoursMs((capacityKwh * 10 * percents) / (rateW * LEAST_EFFICIENCY))
}

/** The time that charging takes at best; 0 when it cannot be told. */
function shortestMs(device: ElectricVehicleReading, level: number, percent: number): number {
  const capacityKwh = finite(device.battery_capacity_kwh)
  if (capacityKwh === null) return 0
  const mostW = device.charge_rate_seen?.most_w ?? null
  const rateW =
    mostW === null ? MOST_AT_HOME_W : Math.max(mostW, finite(device.charge_rate_w) ?? 0) * UNSEEN_FACTOR
  return hoursMs((capacityKwh * 10 * Math.max(0, percent - level - 2 * LEVEL_DOUBT_PERCENT)) / rateW)
}

const hoursMs = (hours: number) => hours * 3_600_000
