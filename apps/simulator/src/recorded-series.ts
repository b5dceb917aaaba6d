import { minuteOfLocal } from './calendar.ts'
import type { Channel, Mapping } from './replay.ts'
import { tableOf, type Row } from './table.ts'

/** Columns of a recording by the mapping's channel names. NaN: nothing recorded from this row to the next. */
export type Series = {
  /** Beginning of each row's interval. The last row only ends the one before it. */
  timesMs: Float64Array
  channels: Record<string, Float64Array>
}

/**
 * Reads a recording. Broken lines go to `warn` and are left out; a missing column is named and ends it. Throws
 * `SyntaxError` for JSON that is none.
 */
export function readSeries(
  text: string,
  mapping: Mapping,
  warn: (line: string) => void,
): Series | { missing: string } {
  const { time } = mapping
  const wanted = Object.entries(mapping.channels).filter(
    (entry): entry is [string, Channel] => entry[1] !== undefined,
  )
  const stamps = 'column' in time ? [time.column] : typeof time.step_s === 'string' ? [time.step_s] : []
  const names = wanted.flatMap(([, { column, plus, less }]) => [column, ...plus, ...less])
  const table = tableOf(text, mapping, [...stamps, ...names])
  if ('missing' in table) return table

  const columns = wanted.map(([name, channel]) => ({ name, channel, raw: [] as number[] }))
  const timesMs: number[] = []
  const broken: string[] = []
  const clock = clockOf(time)
  for (const row of table.rows) {
    const { atMs, said } = clock(row)
    const values = columns.map(({ channel }) => sumOf(row, channel))
    const wrong = values.find((value): value is string => typeof value === 'string')
    let problem = row.problem
    if (problem === null && Number.isNaN(atMs)) problem = `"${said}" is no time`
    else if (problem === null && wrong !== undefined) problem = `"${wrong}" is no number`
    else if (problem === null && atMs <= (timesMs.at(-1) ?? -Infinity))
      problem = 'its time is not after the line before'
    if (problem !== null) {
      broken.push(`line ${row.line}: ${problem}; the line is left out.`)
      continue
    }
    timesMs.push(atMs)
    for (const [n, { raw }] of columns.entries()) raw.push(Number(values[n] ?? Number.NaN))
  }
  for (const line of broken.slice(0, MOST_WARNINGS)) warn(line)
  if (broken.length > MOST_WARNINGS) warn(`${broken.length - MOST_WARNINGS} more broken lines are left out.`)

  const times = Float64Array.from(timesMs)
  const channels = Object.fromEntries(
    columns.map(({ name, channel, raw }) => [name, valuesOf(channel, times, raw, mapping.most_w)]),
  )
  return { timesMs: times, channels }
}

/** Tells the time of row after row: by their stamps, or by counting steps from a start. */
function clockOf(time: Mapping['time']): (row: Row) => { atMs: number; said: string } {
  if ('column' in time)
    return (row) => {
      const said = row.cell(time.column)
      return { atMs: timeOf(time.wall_clock ? withoutOffset(said) : said, time.zone), said }
    }
  let nextMs = timeOf(time.start, time.zone)
  return (row) => {
    const atMs = nextMs
    const said = typeof time.step_s === 'string' ? row.cell(time.step_s) : String(time.step_s)
    nextMs = atMs + Number(said) * 1000
    return { atMs, said }
  }
}

const withoutOffset = (stamp: string) => stamp.trim().replace(/\s*(Z|[+-]\d\d:?\d\d)$/, '')

/** A channel of a row: its column, more columns added and taken off. The text of the first that is no number. */
function sumOf(row: Row, { column, plus, less }: Channel): number | string {
  let sum = 0
  for (const [names, sign] of [
    [[column, ...plus], 1],
    [less, -1],
  ] as const)
    for (const name of names) {
      const text = row.cell(name)
      const value = numberOf(text)
      if (value === null) return text
      sum += sign * value
    }
  return sum
}

const MOST_WARNINGS = 20

/** NaN for an empty cell, `null` for what is no number. */
function numberOf(cell: string): number | null {
  if (cell.trim() === '') return Number.NaN
  const value = Number(cell)
  return Number.isFinite(value) ? value : null
}

/** Power (W), level (%) or temperature (°C) from each row to the next. */
function valuesOf(channel: Channel, timesMs: Float64Array, raw: number[], mostW: number): Float64Array {
  const factor = channel.sign * channel.factor * (channel.unit.startsWith('k') ? 1000 : 1)
  const stepMs = usualStepMs(timesMs)
  return Float64Array.from(raw, (value, row) => {
    const atMs = timesMs[row] ?? Number.NaN
    const lengthMs = (timesMs[row + 1] ?? atMs + stepMs) - atMs
    // Rows are missing: nobody knows when in the hole it happened, and a meter's catch-up is not power.
    if (lengthMs > stepMs * 1.5) return Number.NaN
    if (channel.kind === 'level') return value * channel.sign * channel.factor
    if (channel.kind === 'power') return believable(value * factor, mostW)
    const energy = channel.kind === 'energy' ? value : (raw[row + 1] ?? Number.NaN) - value
    const backwards = channel.kind === 'cumulative' && energy < 0
    return backwards ? Number.NaN : believable((energy * factor * 3_600_000) / lengthMs, mostW)
  })
}

const believable = (w: number, mostW: number) => (Math.abs(w) <= mostW ? w : Number.NaN)

/** The median of the first steps. */
function usualStepMs(timesMs: Float64Array): number {
  const first = timesMs.subarray(0, 200)
  const steps = Array.from(first.subarray(1), (atMs, i) => atMs - (first[i] ?? 0)).sort((a, b) => a - b)
  return steps[steps.length >> 1] ?? 3_600_000
}

/** ISO 8601 with zone, or `YYYY-MM-DD HH:MM[:SS]` on the wall clock of `zone`. NaN when it is neither. */
function timeOf(text: string, zone: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(:\d\d(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(
    text.trim(),
  )
  if (!match) return Number.NaN
  const [, date, hours, minutes, seconds = '', offset] = match
  if (offset)
    return Date.parse(
      `${date}T${hours}:${minutes}${seconds || ':00'}${offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`,
    )
  return (
    minuteOfLocal(zone, Date.parse(`${date}T00:00:00Z`) / 86_400_000, Number(hours) * 60 + Number(minutes)) *
    60_000
  )
}
