import {
  NoticeList,
  topicOf,
  usualNoticeSettings,
  weekdays,
  type NoticeEntry,
  type NoticeKind,
} from '@homewatt/contract'
import { formatter, displayWords, noticesEn, noticeText } from '@homewatt/display'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { localTime, weekdayOf } from '../../simulator/src/calendar.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import type { Mailer } from './mailer.ts'
import { quietUntilMs } from './quiet-hours.ts'
import { createVehicleTruth } from './vehicle-truth.test-support.ts'

/** `LONG=1` for a fortnight. */
const DAYS = process.env['LONG'] ? 14 : 2
const minutes = (n: number) => n * 60_000
const hours = (n: number) => n * 3_600_000
const names = ['full', 'solar', 'solar-only', 'heat', 'car', 'reconnect', 'empty', 'many']

type Seen = { home: string; kind: NoticeKind }
type Told = NoticeEntry & { home: string }
type Days = {
  house: House
  people: ReadonlyMap<string, Person>
  happened: Seen[]
  live(ms: number): Promise<void>
}

test(
  `over ${DAYS} days of all named homes every event is told once, and none is invented`,
  { timeout: DAYS * 60_000 },
  async () => {
    const sent: Sent[] = []
    const house = await openHouse({
      history: { keptMonths: 25, roundMs: minutes(15) },
      sessionLife: { idleMs: hours(10_000), absoluteMs: hours(10_000) },
      outlets: { mailer: postbox(sent, () => house.time.wallMs()), vapid: null, pushOrigins: [] },
    })
    try {
      const people = new Map<string, Person>()
      for (const name of names) people.set(name, await house.signIn(name))
      for (const person of people.values()) await person.home()
      for (const [name, person] of people) await wantMail(person, `${name}@example.com`, sent)
      sent.length = 0
      await house.time.advance(minutes(40))
      const happened: Seen[] = []
      const truth = createVehicleTruth(house.world, names, house.time.wallMs())
      async function live(ms: number) {
        for (let passed = 0; passed < ms; passed += minutes(5)) {
          await house.time.advance(minutes(5))
          truth.look(house.time.wallMs())
        }
      }
      truth.look(house.time.wallMs())
      for (let day = 0; day < DAYS; day++) await oneDay({ house, people, happened, live }, day)

      const told: Told[] = []
      for (const [home, person] of people) told.push(...(await allOf(person, home)))
      const isOurs = ({ kind }: Seen) => ['connection', 'data', 'boost', 'away'].includes(topicOf[kind])
      expect(counted(told.filter(isOurs))).toEqual(counted(happened))
      expect(truth.complaints(told)).toEqual([])
      const { hopeless, rises } = truth.counts()
      const risks = told.filter(({ kind }) => kind === 'deadline_at_risk')
      const unplugged = risks.filter(({ facts }) => facts.unplugged)
      // And it is not for want of things to tell that nothing was missed.
      expect(hopeless).toBeGreaterThanOrEqual(2 * DAYS)
      expect(rises).toBeGreaterThanOrEqual(DAYS)
      expect(unplugged.length).toBeGreaterThanOrEqual(DAYS)
      process.stdout.write(
        `${hopeless} deadlines that plainly could not be kept, ${rises} targets reached, as the simulator has it; ${unplugged.length} of ${risks.length} risks were told for want of a cable\n`,
      )
      process.stdout.write(table(told))
      const { quiet } = usualNoticeSettings
      const isQuiet = ({ atMs }: Sent) => quietUntilMs(quiet, atMs, 'Europe/Berlin') !== null
      expect(sent.filter(isQuiet)).toEqual([])
      // There was enough to keep back: what happened at night comes in the morning.
      const atNight = told.filter(({ at }) => quietUntilMs(quiet, Date.parse(at), 'Europe/Berlin') !== null)
      expect(atNight.length).toBeGreaterThanOrEqual(DAYS)
      expect(sent.length).toBeGreaterThanOrEqual(5 * DAYS)
      process.stdout.write(
        `${sent.length} mails, none of them between ${quiet?.from} and ${quiet?.to}, when ${atNight.length} events happened\n`,
      )
    } finally {
      await house.close()
    }
  },
)

type Sent = { to: string; text: string; atMs: number }

/** Takes every mail as it leaves, with the time of day that it is in the house. */
const postbox = (sent: Sent[], nowMs: () => number): Mailer => ({
  async send({ to, text }) {
    sent.push({ to, text, atMs: nowMs() })
    return 'sent'
  },
  close() {},
})

async function wantMail(person: Person, address: string, sent: readonly Sent[]) {
  await person.send('PUT', '/api/notices/email', { address })
  const code = /\b(\d{6})\b/.exec(sent.findLast(({ to }) => to === address)?.text ?? '')?.[1]
  const answer = await person.send('POST', '/api/notices/email/confirm', { code })
  expect(await answer.json()).toEqual({ outcome: 'confirmed' })
}

/** A day on which something happens to some, as somebody looks at nothing but what the gateway tells. */
async function oneDay({ house, people, happened, live }: Days, day: number) {
  const device = (home: string, type: string, state: object) =>
    house.control('POST', `/homes/${home}/devices/${type}`, state)
  const note = (home: string, ...kinds: NoticeKind[]) =>
    happened.push(...kinds.map((kind) => ({ home, kind })))
  const wait = (hours_: number) => live(hours(hours_))
  const cars = (await people.get('many')?.home())?.groups['electric-vehicles'].devices ?? []
  const [late, rescued, early] = cars.map(({ id }) => id)

  // Three who want to be ready in the afternoon: one cannot, one cannot and then can, one is already.
  const levels = [
    [late, 20],
    [rescued, 20],
    [early, 78],
  ] as const
  for (const [id, level] of levels)
    await device('many', id ?? '', { plugged_in: true, level, charge_plan: 'wait' })
  await device('full', 'inverters', { authenticated: false })
  note('full', 'disconnected')
  await wait(1)
  const dueMs = house.time.wallMs() + hours(3.5)
  for (const [id] of levels) await planned(people.get('many'), id ?? '', dueMs, 76)
  await device('full', 'inverters', { authenticated: true })
  note('full', 'repaired')
  await wait(1)
  await device('heat', 'heat-pumps', { actions: ['update_firmware'] })
  note('heat', 'action_needed')
  await wait(2)
  await device('many', rescued ?? '', { plugged_in: true, level: 77 })
  await device('heat', 'heat-pumps', { actions: [] })
  note('heat', 'repaired')
  await device('solar', 'inverters', { freeze: true })
  note('solar', 'data_old')
  await wait(5)
  for (const [id] of levels) await device('many', id ?? '', { charge_plan: 'auto' })
  await device('solar', 'inverters', { freeze: false })
  note('solar', 'data_back')
  await wait(2)
  if (day % 2 === 0) {
    // Over the next evening, on which they are reminded.
    const until = new Date(house.time.wallMs() + hours(26)).toISOString()
    await people.get('solar-only')?.send('PUT', '/api/away', { from: null, until })
    note('solar-only', 'away_begun', 'away_reminder', 'away_ended')
  }
  if (day === 0) {
    // Its link had lapsed long before anybody came.
    await device('reconnect', 'electric-vehicles', { authenticated: true })
    note('reconnect', 'repaired')
  }
  // Two boosts that somebody asks for: one that comes to nothing, and one that is seen through to its end.
  await device('car', 'electric-vehicles', { plugged_in: true, level: 40, charge_plan: 'wait' })
  await live(minutes(20))
  const person = people.get('car')
  const id = (await person?.deviceId('electric-vehicles')) ?? ''
  const boost = () => person?.send('POST', `/api/devices/electric-vehicles/${id}/boost`)
  const stream = await person?.stream()
  await house.fault({ kind: 'boost_fail', after_s: 60, match: { home: 'car' } })
  await boost()
  await live(minutes(10))
  note('car', 'boost_failed')
  await house.control('DELETE', '/faults')
  await boost()
  await live(minutes(10))
  note('car', 'boost_started')
  await device('car', 'electric-vehicles', { plugged_in: false })
  await live(minutes(10))
  note('car', 'boost_finished')
  stream?.close()
  await device('car', 'electric-vehicles', { clear: true })
  await wait(13)
  await live(minutes(20))
}

/** Writes a weekly plan that asks for a level on that day alone. */
async function planned(person: Person | undefined, id: string, atMs: number, percent: number) {
  const { day, minute } = localTime('Europe/Berlin', atMs / 60_000)
  const two = (n: number) => String(n).padStart(2, '0')
  const time = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
  const days = weekdays.map((name, n) => [
    name,
    n === weekdayOf(day) ? { charge_percentage: percent, charge_deadline: time } : null,
  ])
  const plan = { ...Object.fromEntries(days), timezone: 'Europe/Berlin' }
  const answer = await person?.send('PUT', `/api/devices/electric-vehicles/${id}/charge-policy`, plan)
  expect(await answer?.json()).toEqual({ outcome: 'saved' })
}

async function allOf(person: Person, home: string): Promise<Told[]> {
  const seen: Told[] = []
  let before: string | null = null
  do {
    const query: string = before === null ? '' : `?before=${encodeURIComponent(before)}`
    const list: NoticeList = v.parse(NoticeList, await (await person.get(`/api/notices${query}`)).json())
    for (const notice of list.notices) seen.push({ home, ...notice })
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
    const text = noticeText({ kind, type: null, facts }, noticesEn, displayWords.en.device, format, now, [])
    const count = told.filter((one) => one.kind === kind).length
    return `${kind.padEnd(18)} ${String(count).padStart(4)}  ${text.title} – ${text.body}`
  })
  return `${lines.join('\n')}\n`
}
