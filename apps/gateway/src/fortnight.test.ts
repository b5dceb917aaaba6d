import type { DeviceType, NoticeKind } from '@homewatt/contract'
import { NoticeList, topicOf } from '@homewatt/contract'
import { formatter, displayWords, noticesEn, noticeText } from '@homewatt/display'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'

/** `LONG=1` for a fortnight. */
const DAYS = process.env['LONG'] ? 14 : 2
const minutes = (n: number) => n * 60_000
const hours = (n: number) => n * 3_600_000
const names = ['full', 'solar', 'solar-only', 'heat', 'car', 'reconnect', 'empty', 'many']

type Seen = { home: string; kind: NoticeKind }
/** Four looks of five minutes: longer than a round through the homes takes. */
const LASTING = 4

/** `looks`: for how many looks it was so; `rose`: for how many it was below before, `null` when nobody saw it rise. */
type Truth = { target: number; isAbove: boolean; looks: number; rose: number | null }

test(
  `over ${DAYS} days of all named homes every event is told once, and none is invented`,
  { timeout: DAYS * 60_000 },
  async () => {
    const house = await openHouse({
      history: { keptMonths: 25, roundMs: minutes(15) },
      sessionLife: { idleMs: hours(10_000), absoluteMs: hours(10_000) },
    })
    try {
      const people = new Map<string, Person>()
      for (const name of names) people.set(name, await house.signIn(name))
      for (const person of people.values()) await person.home()
      await house.time.advance(minutes(40))
      const happened: Seen[] = []
      const vehicles = await trackVehicles(house)
      for (let day = 0; day < DAYS; day++) await oneDay(house, people, happened, vehicles, day)

      const told: Seen[] = []
      for (const [home, person] of people) told.push(...(await allOf(house, person, home)))
      const isOurs = ({ kind }: Seen) => ['connection', 'data', 'boost'].includes(topicOf[kind])
      expect(counted(told.filter(isOurs))).toEqual(counted(happened))
      const [least, most] = [counted(vehicles.lasting), counted(vehicles.reached)]
      const charged = counted(told.filter(({ kind }) => kind === 'target_reached'))
      for (const key of new Set([...Object.keys(most), ...Object.keys(charged)])) {
        expect(charged[key] ?? 0, key).toBeGreaterThanOrEqual(least[key] ?? 0)
        expect(charged[key] ?? 0, key).toBeLessThanOrEqual(most[key] ?? 0)
      }
      process.stdout.write(table(told))
    } finally {
      await house.close()
    }
  },
)

/** A day on which something happens to some, as somebody looks at nothing but what the gateway tells. */
async function oneDay(
  house: House,
  people: Map<string, Person>,
  happened: Seen[],
  vehicles: Vehicles,
  day: number,
) {
  const device = (home: string, type: DeviceType, state: object) =>
    house.control('POST', `/homes/${home}/devices/${type}`, state)
  const note = (home: string, ...kinds: NoticeKind[]) =>
    happened.push(...kinds.map((kind) => ({ home, kind })))
  const wait = (hours_: number) => vehicles.advance(hours(hours_))

  await device('full', 'inverters', { authenticated: false })
  note('full', 'disconnected')
  await wait(1)
  await device('full', 'inverters', { authenticated: true })
  note('full', 'repaired')
  await wait(1)
  await device('heat', 'heat-pumps', { actions: ['update_firmware'] })
  note('heat', 'action_needed')
  await wait(2)
  await device('heat', 'heat-pumps', { actions: [] })
  note('heat', 'repaired')
  await device('solar', 'inverters', { freeze: true })
  note('solar', 'data_old')
  await wait(5)
  await device('solar', 'inverters', { freeze: false })
  note('solar', 'data_back')
  await wait(2)
  if (day === 0) {
    // Its link had lapsed long before anybody came.
    await device('reconnect', 'electric-vehicles', { authenticated: true })
    note('reconnect', 'repaired')
  }
  // A boost that somebody asks for, seen through to its end.
  await device('car', 'electric-vehicles', { plugged_in: true, level: 40, charge_plan: 'wait' })
  await vehicles.advance(minutes(20))
  const person = people.get('car')
  const id = (await person?.deviceId('electric-vehicles')) ?? ''
  const stream = await person?.stream()
  await person?.send('POST', `/api/devices/electric-vehicles/${id}/boost`)
  await vehicles.advance(minutes(10))
  note('car', 'boost_started')
  await device('car', 'electric-vehicles', { plugged_in: false })
  await vehicles.advance(minutes(10))
  note('car', 'boost_finished')
  stream?.close()
  await device('car', 'electric-vehicles', { clear: true })
  await wait(13)
  await vehicles.advance(minutes(20))
}

type Vehicles = { reached: Seen[]; lasting: Seen[]; advance(ms: number): Promise<void> }

/**
 * What becomes of the cars, as the simulator has it, looked at every five minutes. `lasting` is what was long one way
 * and then long the other: homes that nobody looks at are asked for every quarter of an hour, and what comes and goes in between
 * nobody can know of.
 */
async function trackVehicles(house: House): Promise<Vehicles> {
  const homes = (await house.control('GET', '/homes')) as {
    name: string
    devices: { type: DeviceType; id: string }[]
  }[]
  const cars = homes
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, devices }) =>
      devices.filter(({ type }) => type === 'electric-vehicles').map(({ id }) => ({ home: name, id })),
    )
  const reached: Seen[] = []
  const lasting: Seen[] = []
  const before = new Map<string, Truth>()

  async function look() {
    for (const { home, id } of cars) {
      const wire = (await house.control('GET', `/homes/${home}/devices/${id}`)) as Record<string, unknown>
      const level = Number(wire['battery_level'])
      const target = Number(
        wire['is_charge_policy_enabled'] === true
          ? wire['minimum_charge_limit']
          : (wire['charge_target_max'] ?? 100),
      )
      const was = before.get(id)
      const isAbove = level >= target
      const isSame = was?.target === target && was.isAbove === isAbove
      const looks: number = isSame ? was.looks + 1 : 0
      // Whatever holds when it is looked at for the first time, or for another target, came about unseen.
      const rose = isSame ? was.rose : isAbove && was?.target === target ? was.looks : null
      const seen: Seen = { home, kind: 'target_reached' }
      if (!isSame && rose !== null) reached.push(seen)
      if (looks === LASTING && rose !== null && rose >= LASTING && isAbove) lasting.push(seen)
      before.set(id, { target, isAbove, looks, rose })
    }
  }

  await look()
  return {
    reached,
    lasting,
    async advance(ms) {
      for (let passed = 0; passed < ms; passed += minutes(5)) {
        await house.time.advance(minutes(5))
        await look()
      }
    },
  }
}

async function allOf(house: House, person: Person, home: string): Promise<Seen[]> {
  const seen: Seen[] = []
  let before: string | null = null
  do {
    const query: string = before === null ? '' : `?before=${encodeURIComponent(before)}`
    const list: NoticeList = v.parse(NoticeList, await (await person.get(`/api/notices${query}`)).json())
    for (const { kind } of list.notices) seen.push({ home, kind })
    before = list.next
  } while (before !== null)
  return seen
}

function counted(all: readonly Seen[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { home, kind } of all) counts[`${home} ${kind}`] = (counts[`${home} ${kind}`] ?? 0) + 1
  return counts
}

/** Every kind of event with its words, and how often it came. */
function table(told: readonly Seen[]): string {
  const facts = { name: 'Volkswagen ID.3', level: 62, target: 80, at: '2026-06-22T05:00:00Z', count: 2 }
  const format = formatter('en', 'Europe/Berlin')
  const now = new Date('2026-06-21T20:00:00Z')
  const lines = (Object.keys(topicOf) as NoticeKind[]).map((kind) => {
    const text = noticeText({ kind, type: null, facts }, noticesEn, displayWords.en.device, format, now)
    const count = told.filter((one) => one.kind === kind).length
    return `${kind.padEnd(18)} ${String(count).padStart(4)}  ${text.title} – ${text.body}`
  })
  return `${lines.join('\n')}\n`
}
