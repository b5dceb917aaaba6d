import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestRemainder } from './largest-remainder.ts'

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)

test.each([
  [[33.3, 33.3, 33.4], 100, 0, [33, 33, 34]],
  [[1 / 3, 1 / 3, 1 / 3], 1, 1, [0.4, 0.3, 0.3]],
  [[0.5, 0.5], 1, 0, [1, 0]],
  [[1.25, 2.25, 0.5], 4, 1, [1.3, 2.2, 0.5]],
  [[0.1, 0.2], 0.3, 1, [0.1, 0.2]],
  [[-0.2, 0.2], 0, 0, [0, 0]],
  [[], 0, 1, []],
])('%j of %s with %i decimals show as %j', (parts, total, decimals, shown) => {
  expect(largestRemainder(parts, total, decimals)).toEqual(shown)
})

test('parts that add up to the total add up to it when shown, and none moves by a unit', () => {
  const parts = fc.array(
    fc.integer({ min: 0, max: 20_000_000 }).map((w) => w / 1000),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(parts, fc.integer({ min: 0, max: 2 }), (values, decimals) => {
      const shown = largestRemainder(values, sum(values), decimals)
      const unit = 10 ** -decimals
      // A half is rounded up, also where binary fractions put it a hair below: the parts have three decimals at most.
      expect(sum(shown)).toBeCloseTo(Math.round(sum(values) / unit + 1e-6) * unit, 6)
      values.forEach((value, i) => expect(Math.abs(value - (shown[i] ?? NaN))).toBeLessThan(unit + 1e-9))
    }),
    { examples: [[[18211.297, 15003.185, 13539.353, 14829.78, 6693.785, 11277.555], 2]] },
  )
})

test('a difference that is not due to rounding is not hidden in the parts', () => {
  expect(largestRemainder([1, 2], 10, 0)).toEqual([1, 2])
})

test('what is no number counts as nothing', () => {
  expect(largestRemainder([NaN, 1.2, Infinity], 1.2, 0)).toEqual([0, 1, 0])
})
