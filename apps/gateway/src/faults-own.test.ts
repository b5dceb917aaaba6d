import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { realTime } from '@homewatt/client'
import type { History, HomeSnapshot } from '@homewatt/contract'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { createBusHub } from './bus-hub.test-support.ts'
import { faultRow } from './fault-row.test-support.ts'
import { openHouse, seeded, type House, type Person } from './house.test-support.ts'
import { createLog } from './log.ts'
import { expectShown, pageOf, postFormInTime, webBuild } from './page.test-support.ts'
import { openPostgres, postgresBin, postgresMissing } from './postgres.test-support.ts'
import { readStream, type StreamReader } from './stream-reader.test-support.ts'
import { openValkey, valkeyMissing } from './valkey.test-support.ts'
import { createValkeyBus } from './valkey-bus.ts'

/** Our own parts: stopping, the store, the bus, the recorders, the clocks. */

let directory: string
const closing: (() => unknown)[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-own-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  rmSync(directory, { recursive: true })
})

const minutes = (n: number) => n * 60_000
const file = () => join(directory, 'store.sqlite')

async function open(options: Parameters<typeof openHouse>[0] = {}): Promise<House> {
  const house = await openHouse({ webBuild, storeFile: file(), ...options })
  closing.push(() => house.close())
  return house
}

async function second(house: House, options?: { aheadMs?: number }) {
  const other = await house.second(file(), options)
  closing.push(() => other.close())
  await house.time.advance(1_000)
  return other
}

async function look(url: string, cookie: string) {
  const reader = await readStream(url, cookie)
  closing.push(() => reader.close())
  await reader.next('snapshot')
  return reader
}

const homeAt = async (url: string, { cookie }: Person) =>
  (await (await fetch(`${url}/api/home`, { headers: { cookie } })).json()) as HomeSnapshot
const historyAt = async (url: string, { cookie }: Person, id: string) => {
  const span = 'from=2026-06-01T00:00:00Z&to=2026-07-01T00:00:00Z'
  const answer = await fetch(`${url}/api/history?${span}&type=inverters&id=${id}`, { headers: { cookie } })
  return { status: answer.status, history: (await answer.json()) as History }
}
/** The partner's clock is told in whole seconds. */
const CLOCK_MS = 1_500
/** Whenever a home says that it was asked for, it was. */
function expectAskedWhenSaid({ time, sent }: House, { groups }: HomeSnapshot) {
  const wallMs = (atMs: number) => time.wallMs() - (time.monotonicMs() - atMs)
  for (const [type, { asked_at }] of Object.entries(groups)) {
    const asked = sent.filter(({ route }) => route.endsWith(`/users/{}/${type}`))
    const offMs = asked.map(({ atMs }) => Math.abs(wallMs(atMs) - Date.parse(asked_at ?? '')))
    expect(Math.min(...offMs), `${type} at ${asked_at}`).toBeLessThan(CLOCK_MS)
  }
}
const levelOf = ({ groups }: HomeSnapshot) => groups['heat-pumps'].devices[0]?.optimization_level
const put = (url: string, { cookie }: Person, id: string, level: string) =>
  fetch(`${url}/api/devices/heat-pumps/${id}`, {
    method: 'PUT',
    headers: { cookie, 'x-homewatt': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ optimization_level: level }),
  })
const endSession = (url: string, { cookie }: Person) =>
  fetch(`${url}/api/session/end`, { method: 'POST', headers: { cookie, 'x-homewatt': '1' } })
/** What was sent to the partner that changes something. */
const writesOf = ({ sent }: House) => sent.flatMap(({ route }) => (/^GET|oauth2/.test(route) ? [] : [route]))
const lists = (house: House) => house.sent.filter(({ route }) => /users\/\{\}\/[a-z-]+$/.test(route)).length

faultRow('I2', async ({ sees, does, never }) => {
  const house = await open()
  const person = await house.signIn('full')
  const { signs } = await pageOf(house, person)
  const other = await house.second(file())
  const endedMs: number[] = []
  const readers: StreamReader[] = []
  for (const home of ['full', 'many', 'solar', 'heat', 'car', 'full', 'many', 'solar', 'heat', 'car']) {
    const { cookie } = await house.signIn(home)
    for (let n = 0; n < 5; n++) {
      const reader = await look(other.url, cookie)
      readers.push(reader)
      void reader.ended.then(() => endedMs.push(house.time.monotonicMs()))
    }
  }
  const fromMs = house.time.monotonicMs()
  const stopped = other.close()
  const health = await fetch(`${other.url}/api/health`).catch(() => null)
  const asked = homeAt(other.url, person).catch(() => null)
  await does(async () => {
    expect(health?.status ?? 503).toBe(503)
    await stopped
    await Promise.all(readers.map(({ ended }) => ended))
    for (const { events } of readers) expect(events[0]?.event).toBe('snapshot')
    await asked
  })
  await never(() => {
    expect(endedMs).toHaveLength(readers.length)
    expect(Math.max(...endedMs) - fromMs).toBeLessThanOrEqual(20_000)
    expect(new Set(endedMs).size).toBeGreaterThan(readers.length / 2)
  })
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
})

faultRow('I3', async ({ row, sees, does, never }) => {
  const house = await open({ history: { keptMonths: 25, roundMs: minutes(15), mostWaiting: 5 } })
  const person = await house.signIn('solar')
  await person.stream()
  const id = await person.deviceId('inverters')
  await house.time.advance(minutes(1))
  const db = new DatabaseSync(file())
  db.exec('BEGIN IMMEDIATE')
  const before = await person.home()
  await house.time.advance(minutes(60))
  // A lock is waited for in real time.
  await expect.poll(() => house.logged()).toContain('recorder_paused')
  await sees(() => expectShown(house, person, row.sees, '/settings/history'))
  await does(async () => {
    expect(house.logged().match(/recorder_paused/g)).toHaveLength(1)
    const { history } = await historyAt(house.url, person, id)
    expect(history).toMatchObject({ is_paused: true, gaps: [] })
    // Nor is anything done that the trail cannot hold.
    const level = { min_battery_charge: 30, max_battery_charge: 90 }
    const refused = await person.send('PUT', `/api/devices/inverters/${id}`, level)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect(writesOf(house)).toEqual([])
    const lockedUntilMs = house.time.wallMs()
    db.exec('ROLLBACK')
    await house.time.advance(minutes(3))
    const { at_ms, gaps } = (await historyAt(house.url, person, id)).history
    expect(at_ms.length).toBeGreaterThan(history.at_ms.length)
    // What was too much to hold is a gap, and all of it lies in the time of the lock.
    expect(gaps).toHaveLength(1)
    expect(gaps[0]?.from_ms).toBeGreaterThan(history.at_ms.at(-1) ?? Infinity)
    expect(gaps[0]?.to_ms).toBeLessThan(lockedUntilMs)
    expect((await person.send('PUT', `/api/devices/inverters/${id}`, level)).status).toBe(200)
    expect(house.logged()).toContain('recorder_resumed')
  })
  await never(async () => {
    const now = await person.home()
    expect(now.groups.inverters.devices[0]?.current_state_last_updated_at).not.toBe(
      before.groups.inverters.devices[0]?.current_state_last_updated_at,
    )
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    db.close()
  })
})

faultRow(
  'I4',
  async ({ row, sees, does, never }) => {
    const postgres = await openPostgres()
    closing.push(() => postgres.close())
    const storeFile = await postgres.database()
    const house = await open({ storeFile })
    const other = await house.second(storeFile)
    closing.push(() => other.close())
    const person = await house.signIn('full')
    await person.stream()
    const [heatPump, car] = [await person.deviceId('heat-pumps'), await person.deviceId('electric-vehicles')]
    const { signs } = await pageOf(house, person)
    // Ended at the other gateway in the last moment, which this one has not heard of.
    const gone = await house.signIn('car')
    await endSession(other.url, gone)
    await postgres.kill()
    await house.time.advance(minutes(2))
    const sentBefore = writesOf(house)
    await sees(async () => {
      expect((await pageOf(house, person)).signs).toEqual(signs)
      for (const language of ['en', 'de'] as const) {
        const [notSaved, notStarted] = row.sees?.[language] ?? []
        const level = { group: 'level', optimization_level: 'Low' }
        const settings = await postFormInTime(
          house,
          person,
          `/heat-pumps/${heatPump}/settings`,
          level,
          language,
        )
        expect(settings.text).toContain(notSaved)
        const boost = { type: 'electric-vehicles', id: car }
        const charging = await postFormInTime(
          house,
          person,
          `/electric-vehicles/${car}?/boost`,
          boost,
          language,
        )
        expect(charging.text).toContain(notStarted)
      }
    })
    await does(async () => {
      expect((await person.get('/api/home')).status).toBe(200)
      expect((await historyAt(house.url, person, heatPump)).status).toBe(503)
      const refused = await put(house.url, person, heatPump, 'Low')
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
      expect(await refused.json()).toMatchObject({ error: { code: 'store_unavailable', retry_after_s: 5 } })
      expect(writesOf(house)).toEqual(sentBefore)
      await house.time.advance(minutes(4))
      expect((await person.get('/api/home')).status).toBe(503)
    })
    await never(async () => {
      const stranger = { cookie: person.cookie.replace(/=.*/, `=${'A'.repeat(43)}`) }
      const answer = await fetch(`${house.url}/api/home`, { headers: stranger })
      expect([401, 503]).toContain(answer.status)
      await expect(house.signIn('full')).rejects.toThrow('503')
      expect((await gone.send('POST', `/api/devices/electric-vehicles/${car}/boost`)).status).toBe(503)
      await postgres.start()
      expect((await gone.send('POST', `/api/devices/electric-vehicles/${car}/boost`)).status).toBe(401)
      expect(writesOf(house)).toEqual(sentBefore)
      expect((await put(house.url, await house.signIn('full'), heatPump, 'Low')).status).toBe(200)
    })
  },
  postgresBin === null ? postgresMissing : null,
)

faultRow(
  'I5',
  async ({ sees, does, never }) => {
    const valkey = await openValkey()
    closing.push(() => valkey.close())
    const buses: ReturnType<typeof createValkeyBus>[] = []
    const join = () => {
      const [url, log] = [valkey.url, createLog('silent')]
      const bus = createValkeyBus({ url, time: realTime, random: Math.random, log })
      buses.push(bus)
      return bus
    }
    const allThere = (isThere: boolean) =>
      vi.waitFor(() => expect(buses.map((bus) => bus.isThere())).toEqual(buses.map(() => isThere)), {
        timeout: 15_000,
        interval: 50,
      })
    const house = await open({ hub: { join }, policy: { ratePerS: 20, burst: 20 } })
    const other = await second(house)
    const person = await house.signIn('full')
    await look(house.url, person.cookie)
    await look(other.url, person.cookie)
    const { signs } = await pageOf(house, person)
    await allThere(true)
    const heard: unknown[] = []
    buses[1]?.hear('hint', (message) => heard.push(message))
    buses[0]?.tell('hint', 1)
    await vi.waitFor(() => expect(heard).toEqual([1]))

    valkey.freeze()
    await allThere(false)
    buses[0]?.tell('hint', 'told while it hung')
    const before = lists(house)
    const fromMs = house.time.monotonicMs()
    await house.time.advance(minutes(5))
    await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
    await does(async () => {
      // Four types twice a minute, by each of the two.
      expect(lists(house) - before).toBeGreaterThan(60)
      const since = house.sent.filter(({ atMs }) => atMs >= fromMs)
      for (const { atMs } of since)
        expect(since.filter((one) => one.atMs >= atMs && one.atMs < atMs + 1_000).length).toBeLessThanOrEqual(
          40,
        )
      for (const url of [house.url, other.url]) {
        const { at, groups } = await homeAt(url, person)
        for (const { asked_at } of Object.values(groups))
          expect(Date.parse(at) - Date.parse(asked_at ?? '')).toBeLessThan(40_000)
      }
      valkey.thaw()
      await allThere(true)
    })
    await never(async () => {
      await valkey.kill()
      await allThere(false)
      await valkey.start()
      await allThere(true)
      buses[0]?.tell('hint', 2)
      await vi.waitFor(() => expect(heard).toContain(2))
      expect(heard).toEqual([1, 2])
    })
  },
  valkeyMissing,
)

faultRow('I6', async ({ sees, does, never }) => {
  const random = seeded(11)
  let house: House | null = null
  const hub = createBusHub((arrive) => {
    if (random() < 0.4) return
    const later = () => (house ? house.time.after(random() * 25_000, arrive) : setImmediate(arrive))
    later()
    if (random() < 0.4) later()
  })
  house = await open({ hub })
  const other = await second(house)
  const person = await house.signIn('full')
  await look(house.url, person.cookie)
  await look(other.url, person.cookie)
  const id = await person.deviceId('heat-pumps')
  const { signs } = await pageOf(house, person)
  await never(async () => {
    for (const level of ['Low', 'Max', 'Mid', 'Low', 'Max', 'Mid', 'Low', 'Max']) {
      expect((await put(house.url, person, id, level)).status).toBe(200)
      for (let n = 0; n < 4; n++) {
        expect(levelOf(await homeAt(house.url, person))).toBe(level)
        for (const { url } of [house, other]) expectAskedWhenSaid(house, await homeAt(url, person))
        await house.time.advance(random() * 6_000)
      }
    }
  })
  await does(async () => {
    hub.cut()
    expect((await put(house.url, person, id, 'Low')).status).toBe(200)
    await house.time.advance(40_000)
    expect(levelOf(await homeAt(other.url, person))).toBe('Low')
    hub.mend()
  })
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
})

faultRow('I7', async ({ sees, does, never }) => {
  const hub = createBusHub()
  const house = await open({ hub, history: { keptMonths: 25, roundMs: minutes(1) } })
  const other = await second(house)
  // Each believes that it is the one who records.
  hub.cut()
  const person = await house.signIn('solar')
  const id = await person.deviceId('inverters')
  await look(house.url, person.cookie)
  await look(other.url, person.cookie)
  const { signs } = await pageOf(house, person)
  await house.time.advance(minutes(60))
  const [one, two] = [await historyAt(house.url, person, id), await historyAt(other.url, person, id)]
  await does(() => {
    expect(one.history.at_ms.length).toBeGreaterThan(3)
    expect(two.history).toEqual(one.history)
  })
  await never(() => {
    const { at_ms } = one.history
    expect(new Set(at_ms).size).toBe(at_ms.length)
  })
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
})

faultRow('I9', async ({ sees, does, never }) => {
  const house = await open()
  const person = await house.signIn('full')
  await person.stream()
  await house.time.advance(minutes(2))
  const { signs } = await pageOf(house, person)
  const perMinute = async () => {
    await house.control('DELETE', '/requests')
    await house.time.advance(minutes(1))
    return house.counts()
  }
  const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, n) => sum + n, 0)
  const calm = total(await perMinute())
  for (const ms of [minutes(60), -minutes(60), minutes(24 * 60), -minutes(24 * 60)]) {
    house.jump(ms)
    const counts = await perMinute()
    await does(() => expect(total(counts)).toBeLessThanOrEqual(calm + 2))
    await never(async () => {
      expect(counts['POST /oauth2/token/'] ?? 0).toBe(0)
      expect((await person.get('/api/home')).status).toBe(200)
    })
    await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
  }
})

faultRow('I11', async ({ sees, does, never }) => {
  const house = await open({ hub: createBusHub() })
  const other = await second(house, { aheadMs: 30_000 })
  const person = await house.signIn('full')
  await look(house.url, person.cookie)
  await look(other.url, person.cookie)
  const id = await person.deviceId('heat-pumps')
  const { signs } = await pageOf(house, person)
  for (const [url, level] of [
    [house.url, 'Low'],
    [other.url, 'Max'],
    [house.url, 'Mid'],
    [other.url, 'Low'],
  ] as const) {
    expect((await put(url, person, id, level)).status).toBe(200)
    await never(async () => {
      for (let second = 0; second < 10; second++) {
        expect(levelOf(await homeAt(url, person))).toBe(level)
        await house.time.advance(1_000)
      }
    })
    await does(async () => {
      for (const each of [house.url, other.url]) expect(levelOf(await homeAt(each, person))).toBe(level)
    })
  }
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(signs))
})
