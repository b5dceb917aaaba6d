import type { SavingsResolution, SeriesResolution } from '@homewatt/contract'
import { localTime, MINUTE_MS, minuteOfLocal, weekdayOf } from './calendar.ts'

/** A span of time; `endMs` is not in it. */
export type Period = { startMs: number; endMs: number }

export type Resolution = SavingsResolution | SeriesResolution

/**
 * Cuts a span into steps of the local calendar of a zone: days have 23, 24 or 25 hours, weeks begin on Mondays.
 * The first and the last step are cut off at the ends of the span, so that the parts are the whole.
 */
export function periodsOf(resolution: Resolution, zone: string, span: Period): Period[] {
  const periods: Period[] = []
  let startMs = span.startMs
  while (startMs < span.endMs) {
    const endMs = Math.min(span.endMs, nextMs(resolution, zone, startMs))
    periods.push({ startMs, endMs })
    startMs = endMs
  }
  return periods
}

/** The next boundary of the calendar after a moment. */
function nextMs(resolution: Resolution, zone: string, ms: number): number {
  const minute = Math.floor(ms / MINUTE_MS)
  if (resolution === '15MIN') return (Math.floor(minute / 15) + 1) * 15 * MINUTE_MS
  if (resolution === '1HOUR') return (Math.floor(minute / 60) + 1) * 60 * MINUTE_MS
  const { day } = localTime(zone, minute)
  return minuteOfLocal(zone, nextDay(resolution, day), 0) * MINUTE_MS
}

function nextDay(resolution: Resolution, day: number): number {
  if (resolution === '1DAY') return day + 1
  if (resolution === '1WEEK') return day + 7 - weekdayOf(day)
  const date = new Date(day * 86_400_000)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  const next =
    resolution === '1YEAR'
      ? Date.UTC(year + 1, 0)
      : resolution === '1QUARTER'
        ? Date.UTC(year, month - (month % 3) + 3)
        : Date.UTC(year, month + 1)
  return next / 86_400_000
}
