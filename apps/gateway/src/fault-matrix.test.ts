import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { faultMatrix, matrixFile, testedRows } from './fault-matrix.test-support.ts'
import { faultRows, type FaultRow } from './fault-rows.test-support.ts'

const rows = Object.entries<FaultRow>(faultRows)

test('there are 43 faults of the Partner API and 12 of our own parts', () => {
  const numbered = (letter: string, count: number) =>
    Array.from({ length: count }, (_, n) => `${letter}${n + 1}`)
  expect(rows.map(([id]) => id)).toEqual([...numbered('F', 43), ...numbered('I', 12)])
})

test('every row has exactly one test, and every test has a row', () => {
  const tested = testedRows()
  expect([...tested.keys()].filter((id) => !(id in faultRows))).toEqual([])
  expect([...tested].filter(([, files]) => files.length > 1)).toEqual([])
  expect(rows.map(([id]) => id).filter((id) => !tested.has(id))).toEqual([])
})

test('docs/faults.md says what the table and the tests say; npm run faults writes it', () => {
  expect(readFileSync(matrixFile, 'utf8')).toBe(faultMatrix())
})
