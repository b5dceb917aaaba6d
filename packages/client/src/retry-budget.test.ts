import { expect, test } from 'vitest'
import { createRetryBudget, type RetryBudget } from './retry-budget.ts'
import { virtualTime } from './virtual-time.ts'

const taken = (retries: RetryBudget, most: number) =>
  Array.from({ length: most }, () => retries.take()).filter(Boolean).length

test('a tenth of what succeeded within a minute may be tried again', () => {
  const retries = createRetryBudget(virtualTime({ settle: async () => {} }))
  for (let n = 0; n < 1_000; n++) retries.succeeded()
  expect(taken(retries, 1_000)).toBe(100)
})

test('successes of more than a minute ago allow nothing', async () => {
  const time = virtualTime({ settle: async () => {} })
  const retries = createRetryBudget(time)
  for (let n = 0; n < 1_000; n++) retries.succeeded()
  await time.advance(61_000)
  expect(taken(retries, 1_000)).toBe(10)
})

test('with nothing that succeeds there is one retry a second, whatever happened before', async () => {
  const time = virtualTime({ settle: async () => {} })
  const retries = createRetryBudget(time)
  let all = 0
  for (let second = 0; second < 120; second++) {
    all += taken(retries, 50)
    await time.advance(1_000)
  }
  expect(all).toBe(120)
})
