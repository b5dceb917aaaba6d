/** A day of the calendar of one zone. */
export type Day = { year: number; month: number; day: number }

/** The calendar day and the minutes since midnight, as a clock on the wall shows them. */
export function localTime(atMs: number, timeZone: string): Day & { minutes: number } {
  const parts = formatOf(timeZone)
    .formatToParts(atMs)
    .map(({ type, value }) => [type, Number(value)])
  const {
    year = 0,
    month = 1,
    day = 1,
    hour = 0,
    minute = 0,
  } = Object.fromEntries(parts) as Record<string, number>
  return { year, month, day, minutes: hour * 60 + minute }
}

/**
 * When a clock on the wall shows this, ms since 1970. A time that is skipped when clocks go forward is the first
 * minute after the gap; of a time that comes twice it is the first.
 */
export function momentOf({ year, month, day }: Day, minutes: number, timeZone: string): number {
  const wallMs = Date.UTC(year, month - 1, day) + minutes * 60_000
  const candidates = [-DAY_MS, DAY_MS]
    .map((asideMs) => wallMs - offsetMs(wallMs + asideMs, timeZone))
    .sort((a, b) => a - b)
  const fitting = candidates.find((ms) => ms + offsetMs(ms, timeZone) === wallMs)
  if (fitting !== undefined) return fitting
  // Skipped: both candidates are an hour or so beside the gap. The gap ends where the offset changes.
  let [before = wallMs, after = wallMs] = candidates
  while (after - before > 60_000) {
    const middle = before + Math.floor((after - before) / 120_000) * 60_000
    if (offsetMs(middle, timeZone) === offsetMs(before, timeZone)) before = middle
    else after = middle
  }
  return after
}

/** @param by days later; before when it is negative */
export function dayAfter({ year, month, day }: Day, by: number): Day {
  const date = new Date(Date.UTC(year, month - 1, day + by))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

const DAY_MS = 24 * 60 * 60_000

/** What clocks in the zone are before UTC. */
function offsetMs(atMs: number, timeZone: string): number {
  const { year, month, day, minutes } = localTime(atMs, timeZone)
  return Date.UTC(year, month - 1, day) + minutes * 60_000 - Math.floor(atMs / 60_000) * 60_000
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format)
    formats.set(
      timeZone,
      (format = new Intl.DateTimeFormat('en-CA', {
        timeZone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      })),
    )
  return format
}
