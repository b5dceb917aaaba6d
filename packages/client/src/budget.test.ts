import { expect, test } from 'vitest'
import { createBudget, priorities, type Budget, type Priority } from './budget.ts'
import { policyOf, type Policy } from './policy.ts'
import { virtualTime, type VirtualTime } from './virtual-time.ts'

function setUp(policy: Partial<Policy> = {}): { time: VirtualTime; budget: Budget } {
  const time = virtualTime({ settle: () => new Promise((resolve) => setImmediate(resolve)) })
  return { time, budget: createBudget({ policy: policyOf(policy), time, random: () => 0.5 }) }
}

/** Takes a turn and gives the place back at once; notes who went when. */
function line({ time, budget }: { time: VirtualTime; budget: Budget }) {
  const gone: { name: string; atMs: number }[] = []
  const join = (name: string, priority: Priority = 'visible', user = name) =>
    void budget.take(priority, user).then(
      (release) => {
        gone.push({ name, atMs: time.monotonicMs() })
        release()
      },
      () => {},
    )
  return { gone, join, names: () => gone.map(({ name }) => name) }
}

test('when the budget is short the urgent goes first: write, boost, visible, hidden, recorder, plan', async () => {
  const all = setUp({ ratePerS: 1, burst: 1 })
  const { join, names } = line(all)
  join('first')
  for (const priority of priorities.toReversed()) join(priority, priority)
  await all.time.advance(10_000)
  expect(names()).toEqual(['first', 'command', 'boost', 'visible', 'hidden', 'recorder', 'plan'])
})

test('it tells what may be asked, who waits, and for how long the partner wants peace', async () => {
  const { time, budget } = setUp({ ratePerS: 1, burst: 2 })
  const nobody = Object.fromEntries(priorities.map((priority) => [priority, 0]))
  expect(budget.state()).toEqual({ tokens: 2, share: 1, pauseMs: 0, waiting: nobody })
  for (let n = 0; n < 5; n++) void budget.take('recorder', `${n}`).catch(() => {})
  void budget.take('command').catch(() => {})
  await time.advance(0)
  expect(budget.state()).toMatchObject({ tokens: 0, waiting: { ...nobody, command: 1, recorder: 3 } })
  budget.slowDown(null)
  expect(budget.state()).toMatchObject({ share: 0.5, pauseMs: 5_000 })
  await time.advance(2_000)
  expect(budget.state().pauseMs).toBe(3_000)
})

test('somebody with a hundred requests delays somebody with one by one turn', async () => {
  const all = setUp({ ratePerS: 1, burst: 1 })
  const { join, names } = line(all)
  for (let n = 0; n < 100; n++) join(`many ${n}`, 'visible', 'many')
  join('one')
  await all.time.advance(3_000)
  expect(names()).toEqual(['many 0', 'many 1', 'one', 'many 2'])
})

test('somebody whose requests hang takes a quarter of the places at most', async () => {
  const { time, budget } = setUp({ burst: 1_000 })
  let hanging = 0
  for (let n = 0; n < 100; n++) void budget.take('visible', 'hangs').then(() => hanging++)
  let gone = 0
  for (let n = 0; n < 20; n++) void budget.take('visible', `other ${n}`).then(() => gone++)
  await time.advance(0)
  expect({ hanging, gone }).toEqual({ hanging: 8, gone: 20 })
})

test('never more than 32 are in flight, and every place that is given back is taken', async () => {
  const { time, budget } = setUp({ burst: 1_000 })
  const releases: (() => void)[] = []
  for (let n = 0; n < 50; n++) void budget.take('visible', `${n}`).then((release) => releases.push(release))
  await time.advance(0)
  expect(releases).toHaveLength(32)
  for (const release of releases.splice(0, 10)) release()
  await time.advance(0)
  expect(releases).toHaveLength(32)
})

test('in no second more than the burst and the rate, whatever comes', async () => {
  const all = setUp({ ratePerS: 50, burst: 100 })
  const { join, gone } = line(all)
  for (let n = 0; n < 1_000; n++) join(`${n}`)
  await all.time.advance(30_000)
  const times = gone.map(({ atMs }) => atMs)
  expect(times).toHaveLength(1_000)
  for (const startMs of times)
    expect(times.filter((atMs) => atMs >= startMs && atMs < startMs + 1_000).length).toBeLessThanOrEqual(150)
  expect(times.filter((atMs) => atMs > 5_000 && atMs <= 6_000).length).toBeLessThanOrEqual(51)
})

test('after a pause everybody comes back at the usual rate, not as one burst', async () => {
  const all = setUp({ ratePerS: 10, burst: 100 })
  const { join, gone } = line(all)
  all.budget.slowDown(1_000)
  for (let n = 0; n < 100; n++) join(`${n}`, 'command')
  await all.time.advance(1_100)
  const before = gone.length
  await all.time.advance(1_000)
  expect(before).toBeLessThanOrEqual(1)
  expect(gone.length).toBeLessThanOrEqual(before + 11)
})

test('a 429 that does not say how long halves the rate, pauses 5 s, then twice as long up to 2 min', () => {
  const { time, budget } = setUp()
  const pauses: number[] = []
  const refuse = async () => {
    pauses.push(budget.slowDown(null))
    await time.advance(pauses.at(-1) ?? 0)
  }
  return (async () => {
    for (let n = 0; n < 7; n++) await refuse()
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 120_000, 120_000])
    budget.succeeded()
    expect(budget.slowDown(null)).toBe(5_000)
  })()
})

test('the rate grows back bit by bit', async () => {
  const all = setUp({ ratePerS: 100, burst: 1 })
  const { join, gone } = line(all)
  await all.time.advance(all.budget.slowDown(null))
  const countIn = async (ms: number) => {
    const before = gone.length
    await all.time.advance(ms)
    return gone.length - before
  }
  for (let n = 0; n < 8_000; n++) join(`${n}`)
  const first = await countIn(1_000)
  const later = [
    await countIn(19_000).then(() => countIn(1_000)),
    await countIn(40_000).then(() => countIn(1_000)),
  ]
  expect(first).toBeGreaterThanOrEqual(45)
  expect(first).toBeLessThanOrEqual(60)
  expect(later[0]).toBeGreaterThan(first)
  expect(later[1]).toBeGreaterThanOrEqual(95)
})

test('a pause of the partner is kept by all, up to a fifth longer than asked', () => {
  const { budget } = setUp()
  expect(budget.slowDown(60_000)).toBe(66_000)
})

test('a write that cannot go within five seconds is told when', async () => {
  const { budget } = setUp()
  budget.slowDown(60_000)
  await expect(budget.take('command', 'a')).rejects.toMatchObject({
    name: 'RateLimited',
    retryAfterMs: 66_000,
  })
})
