import { expect, test } from 'vitest'
import { createBreaker, probeAfterMs, type Breaker } from './breaker.ts'
import { virtualTime, type VirtualTime } from './virtual-time.ts'

const LIST = 'GET /org/{}/users/{}/inverters'
const BOOST = 'POST /org/{}/users/{}/electric-vehicles/{}/boost'

function setUp(): { time: VirtualTime; breaker: Breaker } {
  const time = virtualTime({ settle: async () => {} })
  return { time, breaker: createBreaker({ time, random: () => 0.5 }) }
}

/** Calls until one is refused; how many were made. */
function callUntilRefused(breaker: Breaker, most: number, isFailure: (n: number) => boolean): number {
  for (let n = 0; n < most; n++) {
    if (breaker.restMs(LIST) > 0) return n
    breaker.admit(LIST)
    if (isFailure(n)) breaker.failed(LIST, null)
    else breaker.succeeded(LIST)
  }
  return most
}

test('an operation rests when half of at least twenty calls failed', () => {
  expect(callUntilRefused(setUp().breaker, 100, () => true)).toBe(20)
  expect(callUntilRefused(setUp().breaker, 100, (n) => n % 2 === 1)).toBe(20)
  expect(callUntilRefused(setUp().breaker, 100, (n) => n % 5 < 2)).toBe(100)
})

test('nineteen failures, and failures of more than half a minute ago, let everybody through', async () => {
  const { time, breaker } = setUp()
  expect(callUntilRefused(breaker, 19, () => true)).toBe(19)
  await time.advance(31_000)
  expect(callUntilRefused(breaker, 19, () => true)).toBe(19)
})

test('another operation is judged by itself', () => {
  const { breaker } = setUp()
  callUntilRefused(breaker, 100, () => true)
  expect(breaker.restMs(LIST)).toBeGreaterThan(0)
  expect(breaker.restMs(BOOST)).toBe(0)
  expect(breaker.resting()).toEqual([LIST])
})

test('while it rests one call is let through every five seconds, and one that succeeds ends it', async () => {
  const { time, breaker } = setUp()
  callUntilRefused(breaker, 100, () => true)
  await time.advance(5_400)
  expect(() => breaker.admit(LIST)).toThrow(/resting/)
  await time.advance(100)
  breaker.admit(LIST)
  expect(() => breaker.admit(LIST)).toThrow(/resting/)
  breaker.failed(LIST, null)
  await time.advance(5_500)
  breaker.admit(LIST)
  breaker.succeeded(LIST)
  expect(callUntilRefused(breaker, 19, () => true)).toBe(19)
})

test('the longer it lasts the more seldom it is looked at, and no sooner than the partner asked', async () => {
  const soonest = () => 0
  expect([0, 5, 10, 30, 60, 600].map((minutes) => probeAfterMs(minutes * 60_000, soonest) / 1000)).toEqual([
    5, 5, 10, 30, 60, 60,
  ])
  expect(probeAfterMs(0, soonest, 120_000)).toBe(120_000)
  expect(probeAfterMs(0, () => 0.5, 120_000)).toBe(132_000)
  const { time, breaker } = setUp()
  for (let n = 0; n < 20; n++) breaker.failed(LIST, 120_000)
  await time.advance(120_000)
  expect(breaker.restMs(LIST)).toBeGreaterThan(0)
  await time.advance(24_000)
  expect(breaker.restMs(LIST)).toBe(0)
})

test('the moments differ from process to process', () => {
  expect(new Set([0, 0.3, 0.99].map((random) => probeAfterMs(0, () => random))).size).toBe(3)
})
