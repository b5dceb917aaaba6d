import {
  weekdays,
  type ElectricVehicleReading,
  type NextDeadline,
  type WeeklyChargePolicy,
} from '@homewatt/contract'
import { finite } from './shown.ts'
import { isTimeOfDay } from './times.ts'
import { isTimeZone, minuteOfDay, momentOf, wallTime, weekdayOf } from './wall-clock.ts'

/** A moment by which a vehicle is to hold `percent`; `null`: the level is not reported. */
export type Occurrence = { atMs: number; percent: number | null; of: 'plan' | 'daily' }

/** When a vehicle is to be ready. */
export type Deadlines = {
  /** The vehicle's own time (`HH:MM`) and level; they count on days without an entry in the plan. */
  daily: { at: string | null; percent: number | null }
  /** The weekly plan, where it is known. */
  plan: WeeklyChargePolicy | null
  /** IANA zone of the home; a plan brings its own. */
  timeZone: string
}

/** The zone that the times of a plan are meant in: its own, unless nobody knows such a zone. */
export const zoneOf = ({ plan, timeZone }: Pick<Deadlines, 'plan' | 'timeZone'>): string =>
  plan && isTimeZone(plan.timezone) ? plan.timezone : timeZone

/**
 * The next `count` times after `now` that a charge deadline falls due, soonest first; fewer when no day has one. A time
 * that the clock skips is the next minute there is, one that it shows twice counts the first time: see `momentOf`.
 */
export function nextDeadlines({ daily, plan, timeZone }: Deadlines, now: Date, count: number): Occurrence[] {
  const zone = zoneOf({ plan, timeZone })
  const nowMs = now.getTime()
  const { day: today } = wallTime(zone, nowMs)
  const found: Occurrence[] = []
  // One deadline a week at least, or none at all; today's may be over.
  for (let day = today; day <= today + 7 * count && found.length < count; day++) {
    const entry = plan?.[weekdays[weekdayOf(day)] ?? 'mon']
    const at = entry?.charge_deadline ?? daily.at
    if (at === null) continue
    const atMs = momentOf(zone, { day, minute: minuteOfDay(at) })
    if (atMs > nowMs)
      found.push(
        entry
          ? { atMs, percent: entry.charge_percentage, of: 'plan' }
          : { atMs, percent: daily.percent, of: 'daily' },
      )
  }
  return found
}

/** The first of them; `null` when no day has one. */
export const nextDeadline = (deadlines: Deadlines, now: Date): Occurrence | null =>
  nextDeadlines(deadlines, now, 1)[0] ?? null

/**
 * What a vehicle is told to be ready for by its weekly plan: the field `next_deadline` of its reading. `undefined` where
 * the plan says on every day what the vehicle's own fields say.
 *
 * @param timeZone IANA zone of the home
 */
export function plannedDeadline(
  vehicle: ElectricVehicleReading,
  plan: WeeklyChargePolicy,
  timeZone: string,
  now: Date,
): NextDeadline | undefined {
  const at = vehicle.charge_deadline_at
  const daily = {
    at: at !== null && isTimeOfDay(at) ? at : null,
    percent: finite(vehicle.minimum_charge_limit),
  }
  const isDaily = weekdays.every((day) => {
    const entry = plan[day]
    return entry === null || (entry.charge_deadline === daily.at && entry.charge_percentage === daily.percent)
  })
  if (isDaily && isSameClock({ daily, plan, timeZone }, now)) return undefined
  const next = nextDeadline({ daily, plan, timeZone }, now)
  return next ? { at: new Date(next.atMs).toISOString(), percent: next.percent } : undefined
}

/** Whether the next deadlines are the same moments by the clock of the plan as by that of the home. */
function isSameClock({ daily, plan, timeZone }: Deadlines, now: Date): boolean {
  const zone = zoneOf({ plan, timeZone })
  if (zone === timeZone) return true
  // Two: whoever was told nothing goes on to the second by itself when the first has passed.
  const moments = (timeZone: string) => nextDeadlines({ daily, plan: null, timeZone }, now, 2)
  const there = moments(zone)
  return moments(timeZone).every(({ atMs }, n) => atMs === there[n]?.atMs)
}
