import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { faultRows, type FaultRow } from './fault-rows.test-support.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Where tests of rows may be. */
const FOLDERS = ['apps/gateway/src', 'packages/client/src', 'e2e/src']

/** What the matrix is written to. */
export const matrixFile = join(root, 'docs/faults.md')

/** Which rows have a test, and in which file: `faultRow('F1', …)`. */
export function testedRows(): Map<string, string[]> {
  const tested = new Map<string, string[]>()
  for (const folder of FOLDERS)
    for (const name of readdirSync(join(root, folder))) {
      if (!name.endsWith('.test.ts')) continue
      const path = join(root, folder, name)
      for (const [, id = ''] of readFileSync(path, 'utf8').matchAll(/^ *faultRow\(\s*'(\w+)'/gm))
        tested.set(id, [...(tested.get(id) ?? []), relative(root, path)])
    }
  return tested
}

/** The matrix as a page of the documentation: what the table says, and the test that proves each row. */
export function faultMatrix(): string {
  const tested = testedRows()
  const rows = Object.entries<FaultRow>(faultRows)
  const everybodys = rows.flatMap(([id, { reach }]) => (reach === 'all' ? [id] : []))
  const holding = rows.filter(([id]) => tested.has(id)).length
  return `# What can go wrong, and what happens then

Made by \`npm run faults\`, which runs the test of every row and writes this page only when all of them pass.
${holding} of ${rows.length} rows are tested, each in all three columns: what a person reads on the page (in the words of the
page, in both languages), what the gateway does, and what must never happen. In every row the process stays up, and another
person who was there before notices nothing of it. Only in ${everybodys.join(', ')} the trouble is everybody's: there the other
keeps the last values.

## Faults of the Partner API

${table(
  rows.filter(([id]) => id.startsWith('F')),
  tested,
)}

## Faults of our own parts

${table(
  rows.filter(([id]) => id.startsWith('I')),
  tested,
)}
`
}

function table(rows: [string, FaultRow][], tested: ReadonlyMap<string, string[]>): string {
  const lines = rows.map(([id, { fault, sees, does, never }]) => {
    const words = sees ? [...sees.en.map(quoted), ...sees.de.map(quoted)].join('<br>') : 'nothing'
    const tests = tested.get(id)?.map((path) => `[holds](../${path})`) ?? ['not tested yet']
    return `| ${[id, fault, words, does, never, tests.join(', ')].join(' | ')} |`
  })
  return [
    '| | What goes wrong | A person reads | The gateway | Never | Test |',
    '|---|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}

const quoted = (phrase: string) => `“${phrase}”`
