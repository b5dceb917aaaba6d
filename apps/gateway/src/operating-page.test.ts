import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** What whoever runs it reads about log events and metrics is what the code has, and all of it. */

const here = fileURLToPath(new URL('.', import.meta.url))
const page = readFileSync(join(here, '../../../docs/operating.md'), 'utf8')

const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/\.test(-support)?\.ts$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(here, name), 'utf8') }))

/** What each pattern finds, by its groups. */
const found = (text: string, ...patterns: RegExp[]) =>
  [
    ...new Set(patterns.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, ...names]) => names))),
  ].toSorted()

/** Names in the first column of the tables whose first heading is this. */
function rowsOf(heading: string): string[] {
  const tables = page.split('\n\n').filter((block) => block.startsWith(`| ${heading} |`))
  const cells = tables.flatMap((table) => table.split('\n').slice(2)).map((row) => row.split('|')[1] ?? '')
  return found(cells.join(' '), /`(\w+)`/g)
}

test('every metric has a row, and every row a metric', () => {
  const metrics = found(files.map(({ text }) => text).join('\n'), /'(homewatt_[a-z_]+)'/g)
  expect(metrics.length).toBeGreaterThan(15)
  expect(rowsOf('metric')).toEqual(metrics)
})

test('every log event has a row, and every row an event', () => {
  const events = files.map(({ name, text }) =>
    // Doubts are said in one place; what `say` does elsewhere is for people at home.
    name === 'doubts.ts' ? text.replaceAll("say('", "event: '") : text,
  )
  const named = found(events.join('\n'), /\bevent: '(\w+)'(?! \|)/g, /\bevent: .* \? '(\w+)' : '(\w+)'/g)
  expect(named.length).toBeGreaterThan(25)
  expect(rowsOf('log event')).toEqual(named)
})
