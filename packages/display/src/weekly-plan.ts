import { weekdays, type WeeklyChargePolicy } from '@homewatt/contract'
import { minuteOfDay, momentOf, wallTime, weekdayOf } from './wall-clock.ts'

/** A moment by which a vehicle is to hold `percent`; `null`: the level is not reported. */
export type Occurrence = { atMs: number; percent: number | null }

/**
 * The next time after `now` that a charge deadline falls due: the weekly plan's, where one is known, and on days
 * without an entry the vehicle's own (`HH:MM`). `null` when no day has one.
 *
 * @param timeZone IANA zone of the home; a plan brings its own
 */
export function nextDeadline(
  {
    daily,
    plan,
    timeZone,
  }: {
    daily: { at: string | null; percent: number | null }
    plan: WeeklyChargePolicy | null
    timeZone: string
  },
  now: Date,
): Occurrence | null {
  const zone = plan?.timezone ?? timeZone
  const nowMs = now.getTime()
  const { day: today } = wallTime(zone, nowMs)
  // Today's may be over, and so may be today's of next week's entry alone.
  for (let day = today; day <= today + 7; day++) {
    const entry = plan?.[weekdays[weekdayOf(day)] ?? 'mon']
    const at = entry?.charge_deadline ?? daily.at
    if (at === null) continue
    const atMs = momentOf(zone, { day, minute: minuteOfDay(at) })
    if (atMs > nowMs) return { atMs, percent: entry ? entry.charge_percentage : daily.percent }
  }
  return null
}
