import type { NoticeSettings } from '@homewatt/contract'
import { minuteOfDay, momentOf, wallTime } from '@homewatt/display'

/** When the quiet hours that it is in end, ms since 1970; `null` when it is not quiet. */
export function quietUntilMs(quiet: NoticeSettings['quiet'], nowMs: number, timeZone: string): number | null {
  if (!quiet) return null
  const { day, minute } = wallTime(timeZone, nowMs)
  const [from, to] = [minuteOfDay(quiet.from), minuteOfDay(quiet.to)]
  const isQuiet = from <= to ? minute >= from && minute < to : minute >= from || minute < to
  if (!isQuiet) return null
  const endMs = momentOf(timeZone, { day, minute: to })
  if (endMs > nowMs) return endMs
  // Clocks went back over the end, and it comes once more.
  if (to > minute) return Math.floor(nowMs / MINUTE_MS) * MINUTE_MS + (to - minute) * MINUTE_MS
  return momentOf(timeZone, { day: day + 1, minute: to })
}

/** When the quiet hours that it is in began, ms since 1970; `null` when it is not quiet. */
export function quietSinceMs(quiet: NoticeSettings['quiet'], nowMs: number, timeZone: string): number | null {
  if (!quiet || quietUntilMs(quiet, nowMs, timeZone) === null) return null
  const { day, minute } = wallTime(timeZone, nowMs)
  const from = minuteOfDay(quiet.from)
  return momentOf(timeZone, { day: minute >= from ? day : day - 1, minute: from })
}

/** Six in the evening before the day that something happens on. */
export function eveningBeforeMs(atMs: number, timeZone: string): number {
  return momentOf(timeZone, { day: wallTime(timeZone, atMs).day - 1, minute: EVENING })
}

const EVENING = 18 * 60
const MINUTE_MS = 60_000

/**
 * When somebody who is away is to be reminded of the end, ms since 1970; `null` when they were, or when the evening before
 * comes before they leave.
 */
export function reminderMsOf(
  { fromMs, untilMs, remindedMs }: { fromMs: number; untilMs: number; remindedMs: number | null },
  timeZone: string,
): number | null {
  const reminderMs = eveningBeforeMs(untilMs, timeZone)
  return remindedMs === untilMs || reminderMs <= fromMs ? null : reminderMs
}
