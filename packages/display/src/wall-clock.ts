/** A minute of the calendar on the wall of a place: days since 1970-01-01 there, minutes since midnight. */
export type WallTime = { day: number; minute: number }

const MINUTE_MS = 60_000
/** Since 1972 clocks have changed at full quarters of an hour only (tz database), so an offset holds for one of them. */
const QUARTER_MS = 15 * MINUTE_MS
const DAY_MS = 86_400_000

/** What the clock on the wall shows in an IANA zone at a moment. */
export function wallTime(timeZone: string, atMs: number): WallTime {
  const wallMs = atMs + offsetMs(timeZone, atMs)
  const day = Math.floor(wallMs / DAY_MS)
  return { day, minute: Math.floor((wallMs - day * DAY_MS) / MINUTE_MS) }
}

/**
 * The moment at which the clock on the wall shows a time, ms since 1970. A time that the clock skips is the next
 * minute there is; one that it shows twice is the first of the two.
 */
export function momentOf(timeZone: string, { day, minute }: WallTime): number {
  const wallMs = day * DAY_MS + minute * MINUTE_MS
  // Clocks change by far less than a day, and never twice in two.
  const before = offsetMs(timeZone, wallMs - DAY_MS)
  const after = offsetMs(timeZone, wallMs + DAY_MS)
  if (offsetMs(timeZone, wallMs - before) === before) return wallMs - before
  let atMs = wallMs - after
  while (offsetMs(timeZone, atMs) !== after) atMs += MINUTE_MS
  return atMs
}

/** `HH:MM` as minutes since midnight. */
export const minuteOfDay = (hhmm: string) => Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(3))

/** `YYYY-MM-DD` as days since 1970-01-01. */
export const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY_MS

/** Minutes since midnight, of whichever day, as `HH:MM`. */
export function timeOfMinute(minute: number): string {
  const whole = ((Math.round(minute) % 1440) + 1440) % 1440
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`
}

/** 0 = Monday … 6 = Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number) => (((day + 3) % 7) + 7) % 7

/** Whether there is such an IANA zone. */
export function isTimeZone(name: string): boolean {
  try {
    return zoneOf(name) !== undefined
  } catch {
    return false
  }
}

/** A change of the clock: on the wall, minutes from `fromMinute` up to `toMinute` are skipped or come twice. */
export type ClockChange = { day: number; kind: 'skipped' | 'doubled'; fromMinute: number; toMinute: number }

/** The change of the clock within the next seven days, today among them; `null` when there is none. */
export function clockChange(timeZone: string, now: Date): ClockChange | null {
  const { day: today } = wallTime(timeZone, now.getTime())
  for (let day = today; day < today + 7; day++) {
    const startMs = momentOf(timeZone, { day, minute: 0 })
    const lostMs = startMs + DAY_MS - momentOf(timeZone, { day: day + 1, minute: 0 })
    if (lostMs === 0) continue
    const isTouched = (minute: number) => {
      const atMs = momentOf(timeZone, { day, minute })
      return lostMs > 0
        ? wallTime(timeZone, atMs).minute !== minute
        : wallTime(timeZone, atMs - lostMs).minute === minute
    }
    const touched = Array.from({ length: 1440 }, (_, minute) => minute).filter(isTouched)
    const [fromMinute] = touched
    if (fromMinute === undefined) continue
    const kind = lostMs > 0 ? 'skipped' : 'doubled'
    return { day, kind, fromMinute, toMinute: fromMinute + touched.length }
  }
  return null
}

/** To be added to UTC for the wall clock. */
function offsetMs(timeZone: string, atMs: number): number {
  const { format, offsets } = zoneOf(timeZone)
  const quarterMs = Math.floor(atMs / QUARTER_MS) * QUARTER_MS
  let offset = offsets.get(quarterMs)
  if (offset === undefined) {
    const part = Object.fromEntries(format.formatToParts(quarterMs).map((p) => [p.type, Number(p.value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part as Record<string, number>
    offset = Date.UTC(year, month - 1, day, hour, minute) - quarterMs
    if (offsets.size >= 1024) offsets.clear()
    offsets.set(quarterMs, offset)
  }
  return offset
}

type Zone = { format: Intl.DateTimeFormat; offsets: Map<number, number> }

/** Throws for a zone that nobody knows. */
function zoneOf(timeZone: string): Zone {
  let zone = zones.get(timeZone)
  if (!zone) {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
    zone = { format, offsets: new Map() }
    // Zones can come from a partner's answer, so the cache must not grow with them.
    if (zones.size >= 64) zones.clear()
    zones.set(timeZone, zone)
  }
  return zone
}

const zones = new Map<string, Zone>()
