import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { HomeSnapshot } from '@homewatt/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBusHub, type BusHub } from './bus-hub.test-support.ts'
import { openHouse, seeded, type House } from './house.test-support.ts'
import { readStream } from './stream-reader.test-support.ts'

/** Two gateways over one store, one partner and one bus. */
type Pair = { house: House; hub: BusHub; other: { url: string; close(): Promise<void> } }

const TOKEN = 'POST /oauth2/token/'

let directory: string
const closing: (() => Promise<void> | void)[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-nodes-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  rmSync(directory, { recursive: true })
})

async function openPair(
  options: Parameters<typeof openHouse>[0] = {},
  hub: BusHub = createBusHub(),
): Promise<Pair> {
  const storeFile = join(directory, 'shared.sqlite')
  const house = await openHouse({ hub, storeFile, ...options })
  closing.push(() => house.close())
  const other = await house.second(storeFile)
  closing.push(() => other.close())
  await house.time.advance(1_000)
  return { house, hub, other }
}

const lists = ({ house }: Pair) =>
  house.sent.filter(({ route }) => /users\/\{\}\/[a-z-]+$/.test(route)).length

async function look(url: string, cookie: string) {
  const reader = await readStream(url, cookie)
  closing.push(() => reader.close())
  await reader.next('snapshot')
  return reader
}

const homeAt = async (url: string, cookie: string) =>
  (await (await fetch(`${url}/api/home`, { headers: { cookie } })).json()) as HomeSnapshot

const levelOf = (home: HomeSnapshot) => home.groups['heat-pumps'].devices[0]?.optimization_level

describe('asking once for everybody', () => {
  test('a home that is looked at through two gateways is asked for as often as through one', async () => {
    const pair = await openPair()
    const { house, other } = pair
    const { cookie } = await house.signIn('full')
    await look(house.url, cookie)
    await house.time.advance(60_000)
    const before = lists(pair)
    await house.time.advance(300_000)
    const throughOne = lists(pair) - before
    await look(other.url, cookie)
    await house.time.advance(60_000)
    const together = lists(pair)
    await house.time.advance(300_000)
    expect(throughOne).toBeGreaterThan(30)
    expect(lists(pair) - together).toBeLessThanOrEqual(throughOne * 1.1)
  })

  test('while they cannot hear each other each asks for itself, and nobody sees older values than alone', async () => {
    const pair = await openPair()
    const { house, hub, other } = pair
    const { cookie } = await house.signIn('full')
    await look(house.url, cookie)
    await look(other.url, cookie)
    await house.time.advance(60_000)
    hub.cut()
    for (let minute = 0; minute < 5; minute++) {
      await house.time.advance(60_000)
      for (const url of [house.url, other.url]) {
        const { at, groups } = await homeAt(url, cookie)
        for (const { asked_at } of Object.values(groups))
          expect(Date.parse(at) - Date.parse(asked_at ?? '')).toBeLessThan(40_000)
      }
    }
    hub.mend()
    await house.time.advance(60_000)
    const before = lists(pair)
    await house.time.advance(60_000)
    // Five groups would be ten questions a minute and gateway.
    expect(lists(pair) - before).toBeLessThanOrEqual(11)
  })

  test('the budget of the organisation is divided: together two stay below rate and burst', async () => {
    const pair = await openPair({ homes: 60, policy: { ratePerS: 10, burst: 20 } })
    const { house, other } = pair
    const homes = (await house.control('GET', '/homes')) as { name: string }[]
    const from = house.time.monotonicMs()
    for (const { name } of homes.slice(0, 50)) {
      const { cookie } = await house.signIn(name)
      void homeAt(house.url, cookie).catch(() => null)
      void homeAt(other.url, cookie).catch(() => null)
    }
    await house.time.advance(120_000)
    const times = house.sent.filter(({ route }) => !route.includes('oauth2')).map(({ atMs }) => atMs)
    const since = times.filter((atMs) => atMs >= from)
    expect(since.length).toBeGreaterThan(100)
    for (const start of since)
      expect(since.filter((atMs) => atMs >= start && atMs < start + 1_000).length).toBeLessThanOrEqual(30)
  })
})

describe('the token of the organisation', () => {
  test('when it ends for two at once under four hundred questions each asks for one once, and nobody is signed out', async () => {
    const pair = await openPair({ homes: 100, policy: { ratePerS: 4_000, burst: 4_000, maxInFlight: 2_000 } })
    const { house, other } = pair
    const homes = (await house.control('GET', '/homes')) as { name: string }[]
    const people: { url: string; cookie: string }[] = []
    for (const [n, { name }] of homes.entries())
      people.push({ url: n % 2 === 0 ? house.url : other.url, cookie: (await house.signIn(name)).cookie })
    const refresh = async () => {
      const asking = people.map(({ url, cookie }) =>
        fetch(`${url}/api/refresh`, { method: 'POST', headers: { cookie, 'x-homewatt': '1' } }),
      )
      // Until all of them have knocked at the door; the clock of the test stands still.
      await delay(500)
      await house.time.advance(5_000)
      return Promise.all(asking)
    }
    await refresh()
    await house.fault({ kind: 'token_expire', count: 1 })
    await house.control('DELETE', '/requests')
    house.sent.length = 0
    const answers = await refresh()
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    expect(lists(pair)).toBeGreaterThanOrEqual(400)
    expect((await house.counts())[TOKEN]).toBe(2)
    for (const { url, cookie } of people)
      for (const { problem } of Object.values((await homeAt(url, cookie)).groups)) expect(problem).toBeNull()
    // A credential that is refused: after 30 s, 1 min, 2 min, 4 min, then every 5 min, each for itself.
    await house.fault({ kind: 'status', status: 401, body: { error: 'invalid_client' } })
    await refresh()
    await house.control('DELETE', '/requests')
    for (let minute = 0; minute < 10; minute++) {
      await house.time.advance(60_000)
      for (const { url, cookie } of people.slice(0, 20))
        expect(Object.keys((await homeAt(url, cookie)).groups)).not.toEqual([])
    }
    expect((await house.counts())[TOKEN]).toBeLessThanOrEqual(2 * 5)
  }, 60_000)
})

describe('a session that is over', () => {
  test('is over at the other gateway at once: its streams end, and its next request is refused', async () => {
    const { house, other } = await openPair()
    const { cookie, send } = await house.signIn('full')
    const reader = await look(other.url, cookie)
    expect((await send('POST', '/api/session/end')).status).toBe(200)
    await house.time.advance(100)
    await reader.ended
    const answer = await fetch(`${other.url}/api/home`, { headers: { cookie } })
    expect(answer.status).toBe(401)
  })
})

describe('what is written through one gateway', () => {
  test('shows through the other within seconds, and no answer from before takes it back', async () => {
    const { house, other } = await openPair()
    const { cookie, send, deviceId } = await house.signIn('full')
    await look(house.url, cookie)
    await look(other.url, cookie)
    const id = await deviceId('heat-pumps')
    const path = `/api/devices/heat-pumps/${id}`
    for (const level of ['Low', 'Max', 'Mid'] as const) {
      const answer = await send('PUT', path, { optimization_level: level })
      expect(answer.status).toBe(200)
      for (let second = 0; second < 8; second++) {
        expect(levelOf(await homeAt(house.url, cookie))).toBe(level)
        await house.time.advance(1_000)
      }
      expect(levelOf(await homeAt(other.url, cookie))).toBe(level)
    }
  })

  test('with hints lost, twice, late and in another order, nothing goes back where it was written: 40 writes', async () => {
    const random = seeded(7)
    let house: House | null = null
    const hub = createBusHub((arrive) => {
      if (random() < 0.25) return
      const after = () => (house ? house.time.after(random() * 20_000, arrive) : setImmediate(arrive))
      after()
      if (random() < 0.25) after()
    })
    const pair = await openPair({}, hub)
    house = pair.house
    const { cookie, deviceId } = await house.signIn('full')
    await look(house.url, cookie)
    await look(pair.other.url, cookie)
    const id = await deviceId('heat-pumps')
    const levels = ['Low', 'Mid', 'Max'] as const
    for (let write = 0; write < 40; write++) {
      const url = random() < 0.5 ? house.url : pair.other.url
      const level = levels[Math.floor(random() * 3)]
      const put = await fetch(`${url}/api/devices/heat-pumps/${id}`, {
        method: 'PUT',
        headers: { cookie, 'x-homewatt': '1', 'content-type': 'application/json' },
        body: JSON.stringify({ optimization_level: level }),
      })
      expect(put.status).toBe(200)
      for (let step = 0; step < 5; step++) {
        expect([write, step, levelOf(await homeAt(url, cookie))]).toEqual([write, step, level])
        await house.time.advance(random() * 4_000)
      }
    }
    await house.time.advance(60_000)
    expect(levelOf(await homeAt(house.url, cookie))).toBe(levelOf(await homeAt(pair.other.url, cookie)))
  })
})

describe('rounds through all homes', () => {
  test('are made by one gateway, and by the other once that is gone', async () => {
    const pair = await openPair({ history: { keptMonths: 25, roundMs: 60_000 } })
    const { house, other, hub } = pair
    await house.signIn('full')
    await house.time.advance(120_000)
    const before = lists(pair)
    await house.time.advance(300_000)
    const each = lists(pair) - before
    expect(each).toBeGreaterThan(8)
    hub.cut()
    await house.time.advance(60_000)
    const cut = lists(pair)
    await house.time.advance(300_000)
    expect(lists(pair) - cut).toBeGreaterThan(each * 1.5)
    hub.mend()
    await other.close()
    closing.pop()
    await house.time.advance(60_000)
    const left = lists(pair)
    await house.time.advance(300_000)
    expect(lists(pair) - left).toBeGreaterThan(each * 0.7)
  })
})
