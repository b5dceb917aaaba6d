import { setTimeout as delay } from 'node:timers/promises'
import { deviceTypes } from '@homewatt/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'

/** What the account of one organisation has to bear when five hundred households look at once. */

const USERS = 500
const TOKEN = 'POST /oauth2/token/'
const minutes = (n: number) => n * 60_000
const seconds = (n: number) => n * 1000

let house: House
afterEach(() => house.close())

async function crowd(policy: { ratePerS: number; burst: number; maxInFlight?: number }): Promise<Person[]> {
  house = await openHouse({ homes: USERS, policy })
  const homes = (await house.control('GET', '/homes')) as { name: string }[]
  const people: Person[] = []
  for (const { name } of homes) people.push(await house.signIn(name))
  return people
}

/** All of them begin to look within the same second. */
async function look(people: Person[]) {
  const opening = people.map((person) => person.stream())
  // Until all of them have knocked at the door; the clock of the test stands still.
  await delay(1_500)
  await house.time.advance(minutes(1))
  await Promise.all(opening)
}

/** How many requests were sent in each second. */
function perSecond(fromMs: number, toMs: number): number[] {
  const counts = Array.from({ length: (toMs - fromMs) / 1000 }, () => 0)
  for (const { atMs } of house.sent) {
    const second = Math.floor((atMs - fromMs) / 1000)
    if (second in counts) counts[second] = (counts[second] ?? 0) + 1
  }
  return counts
}

/** The most requests in any second, wherever it begins. */
function mostInASecond(): number {
  const times = house.sent.map(({ atMs }) => atMs)
  let first = 0
  let highest = 0
  for (const [last, atMs] of times.entries()) {
    while (atMs - (times[first] ?? 0) >= 1000) first++
    highest = Math.max(highest, last - first + 1)
  }
  return highest
}

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)

describe.each([
  { ratePerS: 50, burst: 100, what: 'an account that is smaller than what they want' },
  { ratePerS: 200, burst: 400, what: 'an account that is large enough' },
])('five hundred who look from the same second on, on $what', ({ ratePerS, burst }) => {
  test('never above rate and burst, and no peaks', async () => {
    const people = await crowd({ ratePerS, burst })
    const startMs = house.time.monotonicMs()
    await look(people)
    await house.time.advance(minutes(4))
    expect(mostInASecond()).toBeLessThanOrEqual(ratePerS + burst)
    const later = perSecond(startMs + minutes(1), startMs + minutes(5))
    const mean = sum(later) / later.length
    console.log(
      `rate ${ratePerS}/s: at most ${mostInASecond()} in a second; after a minute ${mean.toFixed(1)}/s, peak ${Math.max(...later)}/s`,
    )
    // Nobody is left without: everything is asked for at least every two minutes.
    expect(mean).toBeGreaterThan(USERS / 30)
    expect(Math.max(...later)).toBeLessThanOrEqual(2 * mean)
  }, 120_000)
})

test('an outage of a minute: hardly more attempts than without, and fresh values ten seconds after', async () => {
  const people = await crowd({ ratePerS: 200, burst: 400 })
  await look(people)
  const beforeMs = house.time.monotonicMs()
  await house.time.advance(minutes(1))
  const offered = sum(perSecond(beforeMs, beforeMs + minutes(1)))
  await house.fault({ kind: 'status', status: 503 })
  const downMs = house.time.monotonicMs()
  await house.time.advance(minutes(1))
  const attempts = sum(perSecond(downMs, downMs + minutes(1)))
  const repairedAt = new Date(house.time.wallMs()).toISOString()
  await house.control('DELETE', '/faults')
  await house.time.advance(seconds(10))
  /** Of how many homes each list was answered since. */
  const fresh = async () => {
    const counts: Record<string, number> = {}
    for (const person of people)
      for (const [type, { problem, asked_at }] of Object.entries((await person.home()).groups))
        counts[type] = (counts[type] ?? 0) + Number(problem === null && (asked_at ?? '') >= repairedAt)
    return Object.values(counts)
  }
  const after10s = await fresh()
  await house.time.advance(seconds(40))
  const after50s = await fresh()
  console.log(
    `outage: ${attempts} attempts where ${offered} were offered; fresh lists of each kind after 10 s: ${after10s.join(', ')} of ${USERS}, after 50 s: ${after50s.join(', ')}`,
  )
  expect(attempts).toBeLessThanOrEqual(1.1 * offered)
  expect(Math.min(...after10s)).toBeGreaterThan(0)
  expect(after50s).toEqual(deviceTypes.map(() => USERS))
}, 120_000)

test('a token that ends under a thousand requests is renewed once', async () => {
  const people = (await crowd({ ratePerS: 2_000, burst: 2_000, maxInFlight: 1_000 })).slice(0, 250)
  for (const person of people) await person.home()
  await house.time.advance(seconds(5))
  house.sent.length = 0
  await house.control('DELETE', '/requests')
  await house.fault({ kind: 'token_expire', count: 1 })
  const asking = people.map((person) => person.send('POST', '/api/refresh'))
  await delay(1_500)
  await house.time.advance(seconds(5))
  await Promise.all(asking)
  expect(house.sent.length).toBeGreaterThanOrEqual(1000)
  expect((await house.counts())[TOKEN]).toBe(1)
  for (const person of people)
    for (const { problem } of Object.values((await person.home()).groups)) expect(problem).toBeNull()
}, 60_000)
