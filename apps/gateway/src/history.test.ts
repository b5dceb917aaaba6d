import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { History, type HomeChange } from '@homewatt/contract'
import * as v from 'valibot'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { openStore } from './store.ts'

const minutes = (n: number) => n * 60_000
const hours = (n: number) => n * 3_600_000
const rounds = { keptMonths: 25, roundMs: minutes(15) }

let directory: string
let houses: House[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  houses = []
})
afterEach(async () => {
  for (const house of houses) await house.close()
  rmSync(directory, { recursive: true })
})

const storeFile = () => join(directory, 'store.sqlite')

async function open(options: Parameters<typeof openHouse>[0] = {}): Promise<House> {
  const house = await openHouse({ storeFile: storeFile(), history: rounds, ...options })
  houses.push(house)
  return house
}

async function close(house: House) {
  houses.splice(houses.indexOf(house), 1)
  await house.close()
}

const span = 'from=2026-06-01T00:00:00Z&to=2026-07-01T00:00:00Z'

async function historyOf(person: Person, type: string, id: string): Promise<History> {
  const answer = await person.get(`/api/history?${span}&type=${type}&id=${id}`)
  expect(answer.status).toBe(200)
  return v.parse(History, await answer.json())
}

const put = (house: House, person: Person, path: string, body: unknown) =>
  house.request(path, {
    method: 'PUT',
    headers: { cookie: person.cookie, 'x-homewatt': '1', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const updateIn = ({ groups }: HomeChange) => groups.inverters?.devices[0]?.current_state_last_updated_at

test('every report of a watched home is kept once, as it was shown', async () => {
  const house = await open({ history: { keptMonths: 25, roundMs: hours(100) } })
  const person = await house.signIn('full')
  const shown = new Set<string>()
  // Streams are begun anew now and then, as browsers do.
  for (let n = 0; n < 17; n++) {
    const stream = await person.stream()
    await house.time.advance(minutes(7))
    for (const { event, data } of stream.events)
      if (event !== 'beat') shown.add(updateIn(JSON.parse(data)) ?? '')
    stream.close()
  }
  shown.delete('')
  const [inverter] = (await person.home()).groups.inverters.devices
  const history = await historyOf(person, 'inverters', inverter?.id ?? '')
  expect(history.at_ms.length).toBeGreaterThan(5)
  expect(history.at_ms).toEqual([...shown].map((at) => Date.parse(at)))
  expect(history.values['current_solar_production_w']?.at(-1)).toBe(inverter?.current_solar_production_w)
  expect(history.values['battery_charge_level_percent']?.at(-1)).toBe(inverter?.battery_charge_level_percent)
  expect(history.gaps).toEqual([])
  expect(history.next).toBeNull()
})

test('unknown stays unknown, and is not zero', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  await person.stream()
  await house.control('POST', '/homes/solar/devices/inverters', {
    set: { current_solar_production_w: null, household_consumption_w: 'a lot' },
  })
  await house.time.advance(minutes(2))
  const history = await historyOf(person, 'inverters', await person.deviceId('inverters'))
  expect(history.values['current_solar_production_w']?.at(-1)).toBeNull()
  expect(history.values['household_consumption_w']?.at(-1)).toBeNull()
  expect(history.values['battery_charge_level_percent']?.at(-1)).toBeTypeOf('number')
})

test('an outage is a gap: nothing is made up for it', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  await person.stream()
  const id = await person.deviceId('inverters')
  await house.time.advance(hours(1))
  await house.killPartner()
  await house.time.advance(hours(2))
  await house.revivePartner()
  await house.time.advance(hours(1))
  const { at_ms } = await historyOf(person, 'inverters', id)
  const widestMs = Math.max(...at_ms.slice(1).map((at, n) => at - (at_ms[n] ?? at)))
  expect(widestMs).toBeGreaterThan(hours(1.5))
})

test('history goes on over a restart, and nothing is in it twice', async () => {
  const first = await open()
  const before = await first.signIn('solar')
  await before.stream()
  const id = await before.deviceId('inverters')
  await first.time.advance(hours(1))
  const kept = await historyOf(before, 'inverters', id)
  await close(first)
  // The second house lives through the same hour again, and on.
  const second = await open()
  const person = await second.signIn('solar')
  await person.stream()
  await second.time.advance(hours(2))
  const { at_ms } = await historyOf(person, 'inverters', id)
  expect(at_ms).toEqual([...new Set(at_ms)].toSorted((a, b) => a - b))
  expect(at_ms).toEqual(expect.arrayContaining(kept.at_ms))
  expect(at_ms.length).toBeGreaterThan(kept.at_ms.length)
})

test('the homes of all who ever signed in are kept up while nobody looks, and no others', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  const id = await person.deviceId('inverters')
  await house.control('DELETE', '/requests')
  await house.time.advance(hours(3))
  const { at_ms } = await historyOf(person, 'inverters', id)
  // A round takes a quarter of an hour at least, and the first begins within a minute.
  expect(at_ms.length).toBeGreaterThanOrEqual(9)
  const counts = await house.counts()
  const lists = Object.entries(counts).filter(([route]) => route.endsWith('/inverters'))
  expect(lists.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(14)
  // Types that the home has none of are hardly asked for.
  const pumps = Object.entries(counts).filter(([route]) => route.endsWith('/heat-pumps'))
  expect(pumps).toEqual([])
})

test('when the budget is short, those who look go first, and the rounds take longer', async () => {
  const house = await open({
    history: { keptMonths: 25, roundMs: minutes(1) },
    policy: { ratePerS: 0.2, burst: 30 },
  })
  for (const name of ['solar', 'solar-only', 'heat', 'car', 'reconnect', 'many']) await house.signIn(name)
  const person = await house.signIn('full')
  await person.stream()
  await house.time.advance(minutes(9))
  await house.control('DELETE', '/requests')
  await person.stream()
  await house.time.advance(minutes(9))
  const { groups, at } = await person.home()
  for (const { asked_at } of Object.values(groups))
    expect(Date.parse(at) - Date.parse(asked_at ?? '')).toBeLessThan(60_000)
  const asked = Object.values(await house.counts()).reduce((sum, count) => sum + count, 0)
  expect(asked).toBeLessThanOrEqual(9 * 60 * 0.2 + 2)
})

test('who comes while a round waits for its turn does not wait with it', async () => {
  const house = await open({
    history: { keptMonths: 25, roundMs: minutes(1) },
    policy: { ratePerS: 0.13, burst: 10 },
  })
  const [person, neighbour] = [await house.signIn('many'), await house.signIn('full')]
  await neighbour.stream()
  await house.time.advance(minutes(7))
  await neighbour.stream()
  await person.stream()
  await house.time.advance(minutes(2))
  const { groups, at } = await person.home()
  for (const { asked_at } of Object.values(groups))
    expect(Date.parse(at) - Date.parse(asked_at ?? '')).toBeLessThan(100_000)
})

test('while the partner is in trouble the rounds leave it alone', async () => {
  const house = await open()
  await (await house.signIn('full')).home()
  await house.fault({ kind: 'status', status: 503 })
  await house.time.advance(hours(1))
  await house.control('DELETE', '/requests')
  await house.time.advance(hours(3))
  const asked = Object.values(await house.counts()).reduce((sum, count) => sum + count, 0)
  expect(asked).toBeLessThan(60)
})

test('the history of somebody else’s device is answered like that of no device', async () => {
  const house = await open()
  const neighbour = await house.signIn('full')
  const foreign = await neighbour.deviceId('inverters')
  await house.time.advance(2_000)
  const person = await house.signIn('solar')
  const ask = async (type: string, id: string) => {
    const answer = await person.get(`/api/history?${span}&type=${type}&id=${id}`)
    return [answer.status, await answer.text()]
  }
  const nothing = await ask('inverters', '00000000-0000-4000-8000-000000000000')
  expect(nothing[0]).toBe(404)
  expect(await ask('inverters', foreign)).toEqual(nothing)
  expect(await ask('wallboxes', await person.deviceId('inverters'))).toEqual(nothing)
  expect(await ask('toasters', 'x')).toEqual(nothing)
})

test.each([
  ['nothing', ''],
  ['times without a zone', 'from=2026-06-01T00:00:00&to=2026-06-02T00:00:00'],
  ['an end before the beginning', 'from=2026-06-02T00:00:00Z&to=2026-06-01T00:00:00Z'],
])('a span of %s is refused by name', async (_, query) => {
  const house = await open()
  const person = await house.signIn('solar')
  const answer = await person.get(
    `/api/history?${query}&type=inverters&id=${await person.deviceId('inverters')}`,
  )
  expect(answer.status).toBe(422)
})

test('a user deletes the history, and only the own', async () => {
  const house = await open()
  const [person, neighbour] = [await house.signIn('solar'), await house.signIn('full')]
  const [own, foreign] = [await person.deviceId('inverters'), await neighbour.deviceId('inverters')]
  await house.time.advance(minutes(1))
  expect((await historyOf(person, 'inverters', own)).at_ms).toHaveLength(1)
  expect((await person.send('DELETE', '/api/history')).status).toBe(204)
  expect((await historyOf(person, 'inverters', own)).at_ms).toEqual([])
  expect((await historyOf(neighbour, 'inverters', foreign)).at_ms).toHaveLength(1)
})

test('a user who does not want a history has none from then on', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  const id = await person.deviceId('inverters')
  await house.time.advance(minutes(1))
  expect(await (await person.get('/api/history/settings')).json()).toEqual({
    is_kept: true,
    is_paused: false,
  })
  expect((await put(house, person, '/api/history/settings', { is_kept: false })).status).toBe(200)
  await house.time.advance(hours(1))
  expect((await historyOf(person, 'inverters', id)).at_ms).toHaveLength(1)
  await put(house, person, '/api/history/settings', { is_kept: true })
  await house.time.advance(hours(1))
  expect((await historyOf(person, 'inverters', id)).at_ms.length).toBeGreaterThan(1)
  expect((await put(house, person, '/api/history/settings', { is_kept: 'yes' })).status).toBe(422)
})

test('what is older than the tenant keeps is deleted', async () => {
  const house = await open({ history: { keptMonths: 2, roundMs: null } })
  const userId = 'user-1'
  const device = { owner: { tenant: 'default', userId }, type: 'inverters' as const, deviceId: 'device-1' }
  const store = await openStore(storeFile())
  await store.readings.put(
    ['2026-03-31T23:59:59Z', '2026-04-01T00:00:00Z'].map((at) => ({
      ...device,
      atMs: Date.parse(at),
      measured: [],
    })),
  )
  await house.time.advance(minutes(2))
  const kept = await store.readings.of(device, 0, Date.parse('2027-01-01'), 10)
  await store.close()
  expect(kept.map(({ atMs }) => new Date(atMs).toISOString())).toEqual(['2026-04-01T00:00:00.000Z'])
})

test('a locked database touches nobody who looks at live values, and history catches up', async () => {
  const house = await open()
  const person = await house.signIn('solar')
  await person.stream()
  const id = await person.deviceId('inverters')
  await house.time.advance(minutes(1))
  const db = new DatabaseSync(storeFile())
  db.exec('BEGIN IMMEDIATE')
  const before = await person.home()
  await house.time.advance(hours(1))
  const during = await person.home()
  expect(during.groups.inverters.devices[0]?.current_state_last_updated_at).not.toBe(
    before.groups.inverters.devices[0]?.current_state_last_updated_at,
  )
  // A lock is waited for in real time.
  await expect.poll(() => house.logged()).toContain('recorder_paused')
  expect(await historyOf(person, 'inverters', id)).toMatchObject({ is_paused: true, gaps: [] })
  expect((await historyOf(person, 'inverters', id)).at_ms).toHaveLength(1)
  db.exec('ROLLBACK')
  db.close()
  await house.time.advance(minutes(2))
  expect((await historyOf(person, 'inverters', id)).at_ms.length).toBeGreaterThan(3)
  expect((await historyOf(person, 'inverters', id)).is_paused).toBe(false)
  expect(house.logged().match(/recorder_paused/g)).toHaveLength(1)
  expect(house.logged()).toContain('recorder_resumed')
})

const canMount = mounts()

test.skipIf(!canMount)(
  `a full disk touches nobody who looks at live values, and history resumes${canMount ? '' : ' (may not mount a small disk here)'}`,
  async () => {
    const disk = join(directory, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
    try {
      const history = { keptMonths: 25, roundMs: minutes(15), mostWaiting: 20 }
      const house = await open({ storeFile: join(disk, 'store.sqlite'), history })
      const person = await house.signIn('full')
      await person.stream()
      const id = await person.deviceId('inverters')
      await house.time.advance(minutes(1))
      fill(join(disk, 'ballast'))
      await house.time.advance(hours(8))
      // The stream above has long been rotated away: who looks asks anew, and has it within one round.
      await person.home()
      await house.time.advance(minutes(1))
      const { groups, at } = await person.home()
      const inverter = groups.inverters.devices[0]
      expect(Date.parse(at) - Date.parse(inverter?.current_state_last_updated_at ?? '')).toBeLessThan(
        minutes(16),
      )
      expect(house.logged()).toContain('recorder_paused')
      const { at_ms: whileFull } = await historyOf(person, 'inverters', id)
      const fullUntilMs = house.time.wallMs()
      rmSync(join(disk, 'ballast'))
      await house.time.advance(minutes(5))
      const { at_ms, gaps } = await historyOf(person, 'inverters', id)
      expect(at_ms.length).toBeGreaterThan(whileFull.length)
      // Eight hours are more than may wait here: the oldest of it is a gap, and said to be one.
      expect(gaps).toHaveLength(1)
      expect(gaps[0]?.from_ms).toBeGreaterThan(whileFull.at(-1) ?? Infinity)
      expect(gaps[0]?.to_ms).toBeLessThan(fullUntilMs)
      expect(at_ms.at(-1)).toBeGreaterThanOrEqual(Date.parse(inverter?.current_state_last_updated_at ?? ''))
      await close(house)
      const db = new DatabaseSync(join(disk, 'store.sqlite'))
      expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
      db.close()
    } finally {
      // Nothing may hold the disk, or what went wrong above is told as a disk that is busy.
      for (const house of [...houses]) await close(house)
      execFileSync('umount', [disk])
    }
  },
)

function mounts(): boolean {
  const disk = mkdtempSync(join(tmpdir(), 'homewatt-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' })
    execFileSync('umount', [disk])
    return true
  } catch {
    return false
  } finally {
    rmSync(disk, { recursive: true })
  }
}

/** Writes until nothing more fits. */
function fill(file: string) {
  for (const bytes of [65_536, 4_096, 512]) {
    for (;;) {
      try {
        writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' })
      } catch {
        break
      }
    }
  }
}
