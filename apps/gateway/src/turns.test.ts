import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

/** An event loop that ends its turn when it is told to, and work that takes a millisecond of it. */
function loop() {
  let nowMs = 0
  let next: (() => void)[] = []
  const turns = createTurns({ nowMs: () => nowMs, afterTurn: (run) => void next.push(run) })
  const begun: string[] = []
  return {
    begun,
    waitMs: () => turns.waitMs(),
    arrive(name: string) {
      const work = () => {
        begun.push(name)
        nowMs += 1
      }
      const turn = turns.mine()
      if (turn) void turn.then(work)
      else work()
    },
    pass: (ms: number) => (nowMs += ms),
    async turn() {
      const due = next
      next = []
      for (const run of due) run()
      for (let n = 0; n < 20; n++) await null
    },
  }
}

test('who comes alone begins at once', () => {
  const { arrive, begun } = loop()
  arrive('a')
  expect(begun).toEqual(['a'])
})

test('who comes with many others begins with a few of them, a turn later with a few more, in the order they came', async () => {
  const { arrive, begun, turn } = loop()
  for (const name of 'abcdef') arrive(name)
  expect(begun).toEqual(['a', 'b'])
  await turn()
  expect(begun.slice(0, 3)).toEqual(['a', 'b', 'c'])
  expect(begun.length).toBeLessThan(6)
  // Whoever comes now does not overtake.
  arrive('g')
  for (let n = 0; n < 5; n++) await turn()
  expect(begun.join('')).toBe('abcdefg')
  await turn()
  arrive('h')
  expect(begun.at(-1)).toBe('h')
})

test('the wait is that of whoever is next, and nothing when nobody waits', async () => {
  const { arrive, turn, pass, waitMs } = loop()
  for (const name of 'abc') arrive(name)
  pass(40)
  expect(waitMs()).toBe(40)
  await turn()
  expect(waitMs()).toBe(0)
})
