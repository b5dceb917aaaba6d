import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { learnInterval } from './interval.ts'

const start = Date.parse('2026-06-21T00:00:00Z')
const afterGaps = (...gapsMin: number[]) => {
  let at = start
  return [0, ...gapsMin].map((gap) => new Date((at += gap * 60_000)).toISOString())
}

test.each([
  ['nothing', []],
  ['one update', afterGaps()],
  ['one gap', afterGaps(5)],
  ['the same update over and over', afterGaps(5, 0, 0, 0)],
])('%s teaches nothing', (_, history) => {
  expect(learnInterval(history)).toBeNull()
})

describe('a rhythm', () => {
  test('is learned from two gaps', () => {
    expect(learnInterval(afterGaps(5, 5))).toBe(300)
  })

  test('survives an outage', () => {
    expect(learnInterval(afterGaps(5, 5, 600, 5, 5))).toBe(300)
  })

  test('survives a quick update', () => {
    expect(learnInterval(afterGaps(15, 15, 1, 15, 15))).toBe(900)
  })

  test('survives unreadable and repeated times and one that goes back', () => {
    const [a = '', b = '', c = '', d = ''] = afterGaps(10, 10, 10)
    expect(learnInterval([a, 'soon', b, b, a, c, d])).toBe(600)
  })

  test('that changes is learned anew after eight updates', () => {
    const fifteens = Array.from({ length: 20 }, () => 15)
    const fives = Array.from({ length: 8 }, () => 5)
    expect(learnInterval(afterGaps(...fifteens, ...fives))).toBe(300)
  })

  test('is never taken to be below a minute or above two hours', () => {
    expect(learnInterval(afterGaps(0.1, 0.1, 0.1))).toBe(60)
    expect(learnInterval(afterGaps(2000, 2000, 2000))).toBe(7200)
  })
})

test('any history gives null or whole seconds between one minute and two hours', () => {
  const times = fc.oneof(fc.date({ noInvalidDate: true }).map(String), fc.string())
  fc.assert(
    fc.property(fc.array(times), (history) => {
      const s = learnInterval(history)
      return s === null || (Number.isInteger(s) && s >= 60 && s <= 7200)
    }),
  )
})
