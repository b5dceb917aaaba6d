import { afterAll, beforeAll, test } from 'vitest'
import { dripSlowly } from '../../../bench/src/crowd-abuse.ts'
import { openStreams } from '../../../bench/src/crowd-streams.ts'
import { openConnection, requestOf } from '../../../bench/src/raw-client.ts'
import { openCrowdHouse, type CrowdHouse } from './crowd-house.test-support.ts'

const STREAMS = 2_000
/** Each of whose people may have twelve streams. */
const HOMES = 200
const SLOW = 300

let house: CrowdHouse
let host: string
beforeAll(async () => {
  house = await openCrowdHouse(HOMES)
  host = `localhost:${house.port}`
}, 60_000)
afterAll(() => house.close())

test.concurrent(
  `${STREAMS} streams weigh 30 KB each at most, all hear of a change, and none is left when they are gone`,
  async ({ expect }) => {
    // What is made once is made.
    const first = openStreams(house.port, host, house.cookies, STREAMS / 2, 1_000)
    await expect.poll(() => first.watching(), { timeout: 20_000 }).toBe(STREAMS / 2)
    first.close()
    await expect.poll(() => house.streams(), { timeout: 20_000 }).toBe(0)
    await house.advance(15_000)
    const before = await house.memory()

    const crowd = openStreams(house.port, host, house.cookies, STREAMS, 1_000)
    await expect.poll(() => crowd.watching(), { timeout: 30_000 }).toBe(STREAMS)
    expect(await house.streams()).toBe(STREAMS)
    const during = await house.memory()
    expect(((during.rssMb - before.rssMb) * 1024) / STREAMS).toBeLessThan(30)
    expect(((during.heapMb - before.heapMb) * 1024) / STREAMS).toBeLessThan(30)

    crowd.heard()
    await house.change()
    await expect.poll(() => crowd.hearers(), { timeout: 20_000 }).toBe(STREAMS)
    expect(crowd.broken()).toBe(0)

    crowd.close()
    await expect.poll(() => house.streams(), { timeout: 20_000 }).toBe(0)
    // Homes are kept up to date for a moment longer, in case somebody only reloads.
    await house.advance(30_000)
    expect((await house.memory()).heapMb - before.heapMb).toBeLessThan(5)
  },
  90_000,
)

test.concurrent(
  `${SLOW} clients that never finish a header are cut off, and whoever asks properly is answered meanwhile`,
  async ({ expect }) => {
    const slow = dripSlowly(house.port, SLOW)
    const connection = openConnection(house.port)
    const asked = requestOf('GET', '/api/home', { host, cookie: house.cookies[0] ?? '' })
    while (slow.cut() < SLOW) {
      expect(await connection.ask(asked)).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    connection.close()
    slow.end()
  },
  60_000,
)
