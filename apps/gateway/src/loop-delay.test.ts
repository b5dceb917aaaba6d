import { expect, test } from 'vitest'
import { createLoopDelay } from './loop-delay.ts'

/** An event loop whose turns take as long as they are told to. */
function loop() {
  let nowMs = 0
  let next: (() => void)[] = []
  return {
    nowMs: () => nowMs,
    afterTurn: (run: () => void) => void next.push(run),
    turn(ms: number) {
      nowMs += ms
      const due = next
      next = []
      for (const run of due) run()
    },
    waiting: () => next.length,
  }
}

test('what waits is told by the turns that whoever came last time had to wait for', () => {
  const { turn, ...loop_ } = loop()
  const delayMs = createLoopDelay(loop_)
  expect(delayMs()).toBe(0)
  turn(10)
  turn(25)
  expect(delayMs()).toBe(35)
  turn(1)
  turn(2)
  expect(delayMs()).toBe(3)
})

test('a turn that has not ended yet counts for as long as it has lasted', () => {
  const { turn, ...loop_ } = loop()
  const delayMs = createLoopDelay(loop_)
  delayMs()
  turn(80)
  expect(delayMs()).toBe(80)
})

test('while nobody asks nothing is measured', () => {
  const { turn, ...loop_ } = loop()
  const delayMs = createLoopDelay(loop_)
  delayMs()
  turn(1)
  turn(1)
  expect(loop_.waiting()).toBe(0)
})
