import type { Mapping } from './replay.ts'

/** A row of a recording, its cells as text. */
export type Row = {
  /** Its line in the file, or its place in the JSON, from 1. */
  line: number
  /** Why it cannot be read, if so. */
  problem: string | null
  cell(column: string): string
}

/** Takes a recording apart into rows, or names the first of `columns` that it does not have. */
export function tableOf(
  text: string,
  mapping: Mapping,
  columns: readonly string[],
): { rows: Row[] } | { missing: string } {
  return mapping.file.endsWith('.json') ? fromJson(text, mapping, columns) : fromCsv(text, mapping, columns)
}

function fromCsv(text: string, { separator }: Mapping, columns: readonly string[]) {
  // Some programs begin their files with a byte order mark.
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const header = cellsOf(lines[0] ?? '', separator)
  const places = new Map(header.map((name, at) => [name, at]))
  const missing = columns.find((name) => !places.has(name))
  if (missing !== undefined) return { missing }
  const rows: Row[] = []
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue
    const cells = cellsOf(line, separator)
    const whole = cells.length === header.length
    rows.push({
      line: index + 1,
      problem: whole ? null : `${cells.length} cells instead of ${header.length}`,
      cell: (name) => cells[places.get(name) ?? -1] ?? '',
    })
  }
  return { rows }
}

/** Columns are dotted paths: to arrays, or from each of the objects that `rows` leads to. */
function fromJson(text: string, mapping: Mapping, columns: readonly string[]) {
  const json: unknown = JSON.parse(text)
  if (mapping.rows !== undefined) {
    const objects = at(json, mapping.rows)
    if (!Array.isArray(objects)) return { missing: mapping.rows }
    const missing = columns.find((name) => objects.every((object) => at(object, name) === undefined))
    if (missing !== undefined) return { missing }
    return { rows: objects.map((object, i) => rowOf(i, (name) => at(object, name))) }
  }
  const arrays = new Map(columns.map((name) => [name, at(json, name)]))
  const missing = columns.find((name) => !Array.isArray(arrays.get(name)))
  if (missing !== undefined) return { missing }
  const length = Math.max(...columns.map((name) => (arrays.get(name) as unknown[]).length))
  const rows = Array.from({ length }, (_, i) => rowOf(i, (name) => (arrays.get(name) as unknown[])[i]))
  return { rows }
}

const rowOf = (index: number, valueOf: (column: string) => unknown): Row => ({
  line: index + 1,
  problem: null,
  cell(column) {
    const value = valueOf(column)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  },
})

function at(json: unknown, path: string): unknown {
  let value = json
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
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
