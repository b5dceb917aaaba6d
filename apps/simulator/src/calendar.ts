/** Wall clock of a place at a simulated minute. */
export type LocalTime = {
  /** Days since 1970-01-01 by the local calendar. */
  day: number
  /** Minutes since local midnight, 0 to 1439. */
  minute: number
  /** 0 = Monday … 6 = Sunday. */
  weekday: number
}

/** Local wall clock in an IANA zone at `minute` (minutes since the epoch, UTC). */
export function localTime(zone: string, minute: number): LocalTime {
  const local = minute + offsetMin(zone, minute)
  const day = Math.floor(local / 1440)
  return { day, minute: local - day * 1440, weekday: weekdayOf(day) }
}

/** 0 = Monday … 6 = Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number) => (((day + 3) % 7) + 7) % 7

/** Minutes to add to UTC to get the local wall clock of `zone`. */
export function offsetMin(zone: string, minute: number): number {
  // Zones change only at full hours, so one look-up serves an hour; Intl is far too slow for every minute.
  const hour = Math.floor(minute / 60)
  let hours = offsets.get(zone)
  if (!hours) offsets.set(zone, (hours = new Map()))
  let offset = hours.get(hour)
  if (offset === undefined) hours.set(hour, (offset = lookUp(zone, hour)))
  return offset
}

/**
 * The UTC minute at which `day` (local, since 1970-01-01) reaches `minute` of its wall clock in `zone`; of a time that
 * the clock shows twice the first, and for one that it skips the next there is.
 */
export function minuteOfLocal(zone: string, day: number, minute: number): number {
  const wall = day * 1440 + minute
  const before = offsetMin(zone, wall - 1440)
  if (offsetMin(zone, wall - before) === before) return wall - before
  const after = offsetMin(zone, wall + 1440)
  let at = wall - after
  while (offsetMin(zone, at) !== after) at++
  return at
}

export const MINUTE_MS = 60_000
export const QUARTER_MS = 900_000
export const DAY_MS = 86_400_000
export const DAY_MIN = 1440
export const QUARTERS_PER_DAY = 96

const offsets = new Map<string, Map<number, number>>()
const formats = new Map<string, Intl.DateTimeFormat>()

function lookUp(zone: string, hour: number): number {
  let format = formats.get(zone)
  if (!format) {
    const numeric = '2-digit'
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
    })
    formats.set(zone, format)
  }
  const part = Object.fromEntries(
    format.formatToParts(hour * 3_600_000).map((p) => [p.type, Number(p.value)]),
  )
  const wall = Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'] ?? 1,
    part['hour'] ?? 0,
    part['minute'] ?? 0,
  )
  return wall / 60_000 - hour * 60
}
