import { minuteOfLocal } from './calendar.ts'
import type { Channel, Mapping } from './replay.ts'

/** Columns of a recording by the mapping's channel names. NaN: nothing recorded from this row to the next. */
export type Series = {
  /** Beginning of each row's interval. The last row only ends the one before it. */
  timesMs: Float64Array
  channels: Record<string, Float64Array>
}

/** Reads a recording. Broken lines go to `warn` and are left out; a missing column is named and ends it. */
export function readSeries(
  text: string,
  mapping: Mapping,
  warn: (line: string) => void,
): Series | { missing: string } {
  const lines = text.split(/\r?\n/)
  const header = cellsOf(lines[0] ?? '', mapping.separator)
  const wanted = Object.entries(mapping.channels).filter(
    (entry): entry is [string, Channel] => entry[1] !== undefined,
  )
  for (const column of [mapping.time.column, ...wanted.map(([, { column }]) => column)])
    if (!header.includes(column)) return { missing: column }

  const timeAt = header.indexOf(mapping.time.column)
  const columns = wanted.map(([name, channel]) => ({
    name,
    channel,
    at: header.indexOf(channel.column),
    raw: [] as number[],
  }))
  const timesMs: number[] = []
  const broken: string[] = []
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue
    const cells = cellsOf(line, mapping.separator)
    const atMs = timeOf(cells[timeAt] ?? '', mapping.time.zone)
    const values = columns.map(({ at }) => numberOf(cells[at] ?? ''))
    const wrong = columns[values.indexOf(null)]
    let problem: string | null = null
    if (cells.length !== header.length) problem = `${cells.length} cells instead of ${header.length}`
    else if (Number.isNaN(atMs)) problem = `"${cells[timeAt]}" is no time`
    else if (wrong) problem = `"${cells[wrong.at]}" is no number`
    else if (atMs <= (timesMs.at(-1) ?? -Infinity)) problem = 'its time is not after the line before'
    if (problem) {
      broken.push(`line ${index + 1}: ${problem}; the line is left out.`)
      continue
    }
    timesMs.push(atMs)
    for (const [n, column] of columns.entries()) column.raw.push(values[n] ?? Number.NaN)
  }
  for (const line of broken.slice(0, MOST_WARNINGS)) warn(line)
  if (broken.length > MOST_WARNINGS) warn(`${broken.length - MOST_WARNINGS} more broken lines are left out.`)

  const times = Float64Array.from(timesMs)
  const channels = Object.fromEntries(
    columns.map(({ name, channel, raw }) => [name, valuesOf(channel, times, raw, mapping.most_w)]),
  )
  return { timesMs: times, channels }
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
  const factor = channel.sign * (channel.unit.startsWith('k') ? 1000 : 1)
  const stepMs = usualStepMs(timesMs)
  return Float64Array.from(raw, (value, row) => {
    const atMs = timesMs[row] ?? Number.NaN
    const lengthMs = (timesMs[row + 1] ?? atMs + stepMs) - atMs
    // Rows are missing: nobody knows when in the hole it happened, and a meter's catch-up is not power.
    if (lengthMs > stepMs * 1.5) return Number.NaN
    if (channel.kind === 'level') return value * channel.sign
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

function cellsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator)
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (const c of line.replaceAll('""', ESCAPED_QUOTE)) {
    if (c === '"') quoted = !quoted
    else if (c === separator && !quoted) {
      cells.push(cell)
      cell = ''
    } else cell += c === ESCAPED_QUOTE ? '"' : c
  }
  return [...cells, cell]
}

/** Stands for a doubled quote while a line is taken apart. */
const ESCAPED_QUOTE = '\u0000'
