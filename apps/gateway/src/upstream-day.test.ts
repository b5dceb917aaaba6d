import { afterEach, expect, test } from 'vitest'
import { openHouse, seeded, type House, type Person } from './house.test-support.ts'
import type { StreamReader } from './stream-reader.test-support.ts'

/** What the account of one organisation has to bear over hours, on good days and on bad ones. */

/** `LONG=1` for the long run. */
const { DAY_HOURS, OUTAGE_HOURS, PEOPLE } = process.env['LONG']
  ? { DAY_HOURS: 24, OUTAGE_HOURS: 6, PEOPLE: 300 }
  : { DAY_HOURS: 2, OUTAGE_HOURS: 1, PEOPLE: 30 }
const LOOKING = 4
const MINUTE_MS = 60_000

let house: House
afterEach(() => house.close())

async function everybody(homes: number, options: Parameters<typeof openHouse>[0] = {}): Promise<Person[]> {
  house = await openHouse({ homes, policy: { ratePerS: 200, burst: 400 }, ...options })
  const people: Person[] = []
  for (const { name } of (await house.control('GET', '/homes')) as { name: string }[])
    people.push(await house.signIn(name))
  return people
}

/** Streams end after some ten minutes; those who look come back, each at a moment of its own within the first one. */
async function lookFor(people: Person[], minutes: number) {
  const dice = seeded(minutes)
  for (let passed = 0; passed < minutes; passed += 10) {
    const streams: Promise<StreamReader>[] = []
    let waitedMs = 0
    const comings = people.map((person) => ({ person, atMs: dice() * MINUTE_MS }))
    for (const { person, atMs } of comings.sort((a, b) => a.atMs - b.atMs)) {
      await house.time.advance(atMs - waitedMs)
      waitedMs = atMs
      streams.push(person.stream())
    }
    await house.time.advance(10 * MINUTE_MS - waitedMs)
    for (const stream of streams) (await stream).close()
  }
}

/** Requests since a moment by what `bucketOf` makes of when they were sent, ms since 1970. */
function spread(sinceMs: number, buckets: number, bucketOf: (ms: number) => number): number[] {
  const counts = Array.from({ length: buckets }, () => 0)
  const bootMs = house.time.wallMs() - house.time.monotonicMs()
  for (const { atMs } of house.sent) {
    if (bootMs + atMs < sinceMs) continue
    const bucket = bucketOf(bootMs + atMs)
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  return counts
}

const peakToMean = (counts: number[]) =>
  Math.max(...counts) / (counts.reduce((sum, count) => sum + count, 0) / counts.length)

test(`${DAY_HOURS} hours of rounds and of people who look: no minute stands out, no full hour and no second of the minute`, async () => {
  const people = await everybody(40, { history: { keptMonths: 25, roundMs: 15 * MINUTE_MS } })
  await lookFor(people.slice(0, LOOKING), 20)
  const sinceMs = house.time.wallMs()
  await lookFor(people.slice(0, LOOKING), DAY_HOURS * 60)
  const figures = {
    'a minute': spread(sinceMs, DAY_HOURS * 60, (ms) => Math.floor((ms - sinceMs) / MINUTE_MS)),
    'a minute of the hour': spread(sinceMs, 60, (ms) => Math.floor(ms / MINUTE_MS) % 60),
    'a second of the minute': spread(sinceMs, 60, (ms) => Math.floor(ms / 1_000) % 60),
  }
  for (const [what, counts] of Object.entries(figures)) {
    const ratio = peakToMean(counts)
    console.log(
      `${DAY_HOURS} h: ${what} has ${Math.max(...counts)} requests at most, ${ratio.toFixed(2)} × the mean`,
    )
    expect(ratio, what).toBeLessThanOrEqual(2)
  }
}, 3_600_000)

test(`an outage of ${OUTAGE_HOURS} hours at load costs less than the quiet would have, and is over for all two minutes after its end`, async () => {
  const people = await everybody(PEOPLE)
  await lookFor(people, 10)
  const quietMs = house.time.monotonicMs()
  await lookFor(people, 10)
  const perMinute = house.sent.filter(({ atMs }) => atMs >= quietMs).length / 10
  await house.fault({ kind: 'status', status: 503 })
  const downMs = house.time.monotonicMs()
  await lookFor(people, OUTAGE_HOURS * 60)
  const attempts = house.sent.filter(({ atMs }) => atMs >= downMs).map(({ atMs }) => atMs - downMs)
  const offered = perMinute * OUTAGE_HOURS * 60
  const lastHour = attempts.filter((ms) => ms >= (OUTAGE_HOURS - 1) * 60 * MINUTE_MS).length
  console.log(
    `${OUTAGE_HOURS} h without the partner: ${attempts.length} attempts where ${Math.round(offered)} were offered, ${lastHour} in the last hour`,
  )
  expect(attempts.length).toBeLessThanOrEqual(1.1 * offered)
  // One probe every five seconds is the most that there may be once it is known.
  expect(lastHour).toBeLessThanOrEqual(3_600 / 5)
  await house.control('DELETE', '/faults')
  const mendedAt = new Date(house.time.wallMs()).toISOString()
  const mendedMs = house.time.monotonicMs()
  const opening = people.map((person) => person.stream())
  await house.time.advance(2 * MINUTE_MS)
  await Promise.all(opening)
  for (const person of people)
    for (const { problem, asked_at } of Object.values((await person.home()).groups)) {
      expect(problem).toBeNull()
      expect((asked_at ?? '') > mendedAt).toBe(true)
    }
  const soon = house.sent.filter(({ atMs }) => atMs >= mendedMs && atMs < mendedMs + 2 * MINUTE_MS).length
  console.log(`after it: ${soon / 2} requests a minute where ${perMinute.toFixed(1)} are usual`)
  expect(soon / 2).toBeGreaterThanOrEqual(0.5 * perMinute)
  expect(soon / 2).toBeLessThanOrEqual(2 * perMinute)
}, 3_600_000)
