import type { NoticeSettings } from '@homewatt/contract'
import { dayAfter, localTime, momentOf } from './local-time.ts'

/** When the quiet hours that it is in end, ms since 1970; `null` when it is not quiet. */
export function quietUntilMs(quiet: NoticeSettings['quiet'], nowMs: number, timeZone: string): number | null {
  if (!quiet) return null
  const now = localTime(nowMs, timeZone)
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)]
  const isQuiet =
    from <= to ? now.minutes >= from && now.minutes < to : now.minutes >= from || now.minutes < to
  if (!isQuiet) return null
  for (const days of [0, 1]) {
    const endMs = momentOf(dayAfter(now, days), to, timeZone)
    if (endMs > nowMs) return endMs
  }
  // Clocks went back over the end: it comes once more.
  return momentOf(dayAfter(now, 1), to, timeZone)
}

/** Six in the evening before the day that something happens on. */
export function eveningBeforeMs(atMs: number, timeZone: string): number {
  return momentOf(dayAfter(localTime(atMs, timeZone), -1), EVENING, timeZone)
}

const EVENING = 18 * 60

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
