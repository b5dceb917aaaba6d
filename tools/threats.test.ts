import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const page = readFileSync(join(root, 'docs/threats.md'), 'utf8')
const rows = [...page.matchAll(/^\| ([PT]\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$/gm)].map(
  ([, number = '', , howFar = '', tests = '']) => ({ number, howFar, tests }),
)

test('every promise and every abuse has one row', () => {
  const numbers = [
    ...Array.from({ length: 36 }, (_, n) => `P${n + 1}`),
    ...Array.from({ length: 33 }, (_, n) => `T${n + 1}`),
  ]
  expect(rows.map(({ number }) => number)).toEqual(numbers)
})

test('what is said to be tested names tests, and every test that is named is there', () => {
  for (const { number, howFar, tests } of rows) {
    expect(howFar, number).toMatch(/^(tested|partly: |in the bench only|not tested|does not apply: )/)
    if (!howFar.startsWith('not tested')) expect(tests, number).toMatch(/\.test\.ts\)|bench\/src/)
  }
  const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => resolve(root, 'docs', path))
  expect(links.length).toBeGreaterThan(100)
  expect(links.filter((path) => !existsSync(path))).toEqual([])
})

test.each([
  ['T29: nobody posts or hears messages between windows', /\bpostMessage\b|addEventListener\(\s*'message'/],
  ['T33: nothing is made for spreadsheets', /text\/csv|\.csv\b|spreadsheet/i],
])('%s', (_, pattern) => {
  const shipped = ['apps/web/src', 'apps/gateway/src', 'packages'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(root, folder, String(name)))
      .filter((path) => /\.(ts|js|svelte)$/.test(path) && !/node_modules|\.test(-[a-z]+)?\.ts$/.test(path)),
  )
  expect(shipped.length).toBeGreaterThan(200)
  expect(shipped.filter((path) => pattern.test(readFileSync(path, 'utf8')))).toEqual([])
})
