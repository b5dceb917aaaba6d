import { virtualTime } from '@homewatt/client/virtual-time'
import { expect, test } from 'vitest'
import { createUpstreamClock } from './upstream-clock.ts'

const settle = async () => {}
const start = new Date('2026-06-21T10:00:00Z')

test('before the first answer it is the time of this machine', () => {
  expect(createUpstreamClock(virtualTime({ start, settle })).now()).toBe(start.toISOString())
})

test('a partner whose clock is an hour ahead is an hour ahead, within a second', async () => {
  const time = virtualTime({ start, settle })
  const clock = createUpstreamClock(time)
  for (let n = 0; n < 20; n++) {
    const sentMs = time.monotonicMs()
    await time.advance(80)
    const partnerMs = start.getTime() + 3_600_000 + time.monotonicMs()
    await time.advance(40)
    clock.hear(Math.floor(partnerMs / 1000) * 1000, sentMs, time.monotonicMs())
    await time.advance(1_337)
  }
  expect(Math.abs(clock.nowMs() - (start.getTime() + 3_600_000 + time.monotonicMs()))).toBeLessThan(200)
})

test('a partner whose clock is set is followed with the next answer', () => {
  const clock = createUpstreamClock(virtualTime({ start, settle }))
  clock.hear(start.getTime(), 0, 0)
  clock.hear(start.getTime() + 86_400_000, 0, 0)
  expect(clock.nowMs()).toBe(start.getTime() + 86_400_000 + 500)
})

test('an answer without a date changes nothing', () => {
  const clock = createUpstreamClock(virtualTime({ start, settle }))
  clock.hear(null, 0, 0)
  expect(clock.nowMs()).toBe(start.getTime())
})
