import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HomeSnapshot } from '@homewatt/contract'
import { afterEach, beforeEach, expect } from 'vitest'
import { disbeliefs, type Disbelief } from './disbelief.ts'
import { faultRow, type Columns } from './fault-row.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, webBuild } from './page.test-support.ts'

/** Answers that cannot be used: what a person sees then, and that nothing of them is. */

let house: House
beforeEach(async () => {
  house = await openHouse({ webBuild, start: new Date('2026-06-21T10:30:00Z') })
})
afterEach(() => house.close())

const minutes = (n: number) => n * 60_000
const LIST = 'GET /api/partners/v2.0/org/{org_id}/users/{user_id}/inverters'

const counts = ({ groups }: HomeSnapshot) => Object.values(groups).map(({ devices }) => devices.length)

/** A home that somebody looks at, spoilt from now on; with what it showed before. */
async function spoilt(fault: Record<string, unknown>): Promise<{ person: Person; before: HomeSnapshot }> {
  const person = await house.signIn('full')
  await person.stream()
  const before = await person.home()
  await house.control('DELETE', '/requests')
  await house.fault(fault)
  await house.time.advance(40_000)
  return { person, before }
}

/** An answer that is dropped as a whole, and for which the log gives this reason. */
const dropped =
  (
    fault: Record<string, unknown>,
    why: string,
    andNever: (spoiltHome: { person: Person; before: HomeSnapshot }) => unknown,
  ) =>
  async ({ row, sees, does, never }: Columns) => {
    const home = await spoilt({ ...fault, match: { type: 'inverters' } })
    await sees(() => expectShown(house, home.person, row.sees))
    await does(() => {
      expect(house.logged()).toContain(`"why":"${why}"`)
      // What never came is counted as an exchange that failed.
      if (disbeliefs.some((what) => what === why)) expect(house.counted[why as Disbelief]).toBeGreaterThan(0)
    })
    await never(async () => {
      const after = await home.person.home()
      expect(counts(after)).toEqual(counts(home.before))
      expect(after.groups.inverters.asked_at).toBe(home.before.groups.inverters.asked_at)
      expect((await house.request('/api/health')).status).toBe(200)
      await andNever(home)
    })
  }

faultRow('F8', async ({ row, sees, does, never }) => {
  const person = await house.signIn('full')
  await person.stream()
  await house.time.advance(5_000)
  const total = async () => ((await house.control('GET', '/requests')) as { total: number }).total
  const isStruck = async () =>
    ((await house.control('GET', '/faults')) as { struck: number }[]).at(-1)?.struck === 1
  const inTwoMinutes = () => new Date(house.time.wallMs() + minutes(2)).toUTCString()
  for (const [asked, leastMs, mostMs] of [
    ['90', 90_000, 108_000],
    [inTwoMinutes, 80_000, minutes(2) * 1.2],
    ['-5', 1_000, 1_200],
    ['99999999999', minutes(15), minutes(18)],
  ] as const) {
    const retryAfter = typeof asked === 'string' ? asked : asked()
    await house.fault({ kind: 'status', status: 429, headers: { 'retry-after': retryAfter }, count: 1 })
    while (!(await isStruck())) await house.time.advance(200)
    if (leastMs > 60_000) await sees(() => expectShown(house, person, row.sees))
    await house.control('DELETE', '/requests')
    if (retryAfter === '90')
      await does(async () => {
        const [vehicle] = (await person.home()).groups['electric-vehicles'].devices
        const refused = await person.send('POST', `/api/devices/electric-vehicles/${vehicle?.id}/boost`)
        expect(refused.status).toBe(503)
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(80)
      })
    await house.time.advance(leastMs - 250)
    await does(async () => expect(await total()).toBe(0))
    // The first one has ended meanwhile, as all do after some ten minutes.
    await person.stream()
    await house.time.advance((mostMs - leastMs) * 1.3 + 35_000)
    await never(async () => expect(await total()).toBeGreaterThan(0))
    await house.time.advance(40_000)
  }
})

faultRow('F9', async ({ row, sees, does, never }) => {
  const people = []
  for (const home of ['full', 'many', 'solar', 'car']) people.push(await house.signIn(home))
  for (const person of people) await person.stream()
  await house.fault({ kind: 'rate_limit' })
  await house.time.advance(40_000)
  const [person] = people
  if (person) await sees(() => expectShown(house, person, row.sees))
  await house.control('DELETE', '/requests')
  await house.time.advance(minutes(10))
  const { total, log } = (await house.control('GET', '/requests')) as {
    total: number
    log: { at: string }[]
  }
  // Pauses of up to two minutes, and behind each as many as went before the first refusal came back.
  await does(() => expect(total).toBeLessThanOrEqual(10 * 8))
  await never(() => {
    const seconds = new Map<string, number>()
    for (const { at } of log) seconds.set(at.slice(0, 19), (seconds.get(at.slice(0, 19)) ?? 0) + 1)
    expect(Math.max(0, ...seconds.values())).toBeLessThanOrEqual(8)
  })
})

faultRow('F10', async ({ row, sees, does, never }) => {
  const person = await house.signIn('full')
  const before = await person.home()
  await house.fault({ kind: 'status', status: 503, match: { type: 'inverters' } })
  await house.control('DELETE', '/requests')
  await house.time.advance(minutes(1))
  await person.home()
  await house.time.advance(3_000)
  await does(async () => expect((await house.counts())[LIST]).toBe(3))
  await sees(() => expectShown(house, person, row.sees))
  await never(async () => {
    expect((await pageOf(house, person)).status).toBe(200)
    expect(counts(await person.home())).toEqual(counts(before))
  })

  await house.control('DELETE', '/faults')
  await house.time.advance(minutes(1))
  await house.fault({ kind: 'status', status: 503, headers: { 'retry-after': '60' } })
  await person.stream()
  await house.time.advance(minutes(1))
  await house.control('DELETE', '/requests')
  await house.time.advance(55_000)
  await does(async () => expect((await house.counts())[LIST] ?? 0).toBeLessThanOrEqual(1))
})

faultRow('F13', async ({ row, sees, does, never }) => {
  const { person, before } = await spoilt({ kind: 'html', status: 502 })
  await sees(() => expectShown(house, person, row.sees))
  await does(() => expect(house.logged()).toContain('"why":"failing"'))
  await never(async () => {
    expect((await pageOf(house, person)).html).not.toContain('Please sign in')
    expect(house.logged()).not.toContain('sign in')
    expect(counts(await person.home())).toEqual(counts(before))
  })
})

faultRow(
  'F14',
  dropped({ kind: 'html' }, 'media_type', async ({ person }) =>
    expect((await person.home()).groups.inverters.devices).not.toEqual([]),
  ),
)

faultRow('F15', async ({ row, sees, does, never }) => {
  const heard: (string | undefined)[] = []
  const stranger = createServer((request, response) => {
    heard.push(request.headers.authorization)
    response.end('[]')
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const location = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`
  const { person } = await spoilt({ kind: 'redirect', location, match: { type: 'inverters' } })
  await sees(() => expectShown(house, person, row.sees))
  await does(() => expect(house.logged()).toContain('"why":"redirect"'))
  await never(() => expect(heard).toEqual([]))
  await new Promise((resolve) => stranger.close(resolve))
})

faultRow(
  'F22',
  dropped({ kind: 'status', status: 200, body: { data: [] } }, 'bad_shape', async ({ person }) => {
    for (const body of ['null', '"inverters"', '17', '{"0":{}}']) {
      await house.control('DELETE', '/faults')
      await house.fault({ kind: 'status', status: 200, body, match: { type: 'inverters' } })
      await house.time.advance(10_000)
      expect((await person.home()).groups.inverters.problem?.kind).toBe('invalid_answer')
    }
  }),
)

faultRow('F43', async ({ row, sees, does, never }) => {
  const person = await house.signIn('full')
  let stream = await person.stream()
  await house.fault({ kind: 'status', status: 503 })
  await house.time.advance(minutes(16))
  await sees(() => expectShown(house, person, row.sees))
  for (let visit = 0; visit < 12; visit++) {
    await house.time.advance(minutes(10))
    stream.close()
    stream = await person.stream()
  }
  await house.control('DELETE', '/requests')
  const lines = house.logged().length
  await house.time.advance(minutes(10))
  const { total } = (await house.control('GET', '/requests')) as { total: number }
  await does(() => {
    expect(total).toBeGreaterThanOrEqual(8)
    expect(total).toBeLessThanOrEqual(13)
  })
  await never(() => expect(house.logged().slice(lines).split('\n').length).toBeLessThanOrEqual(2))
})
