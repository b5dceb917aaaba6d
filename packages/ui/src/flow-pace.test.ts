import { expect, test } from 'vitest'
import { flowPace, flowWeight } from './flow-pace.ts'

test('the largest flow is the fastest and thickest', () => {
  expect([flowPace(1), flowWeight(1)]).toEqual([4, 3])
  expect([flowPace(0.01), flowWeight(0.01)]).toEqual([1, 1])
})

test.each([NaN, Infinity, -1])('a share of %s moves slowest', (share) => {
  expect(flowPace(share)).toBe(1)
})
