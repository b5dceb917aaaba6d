import { weekdays, type NoticeEntry, type NoticeKind } from '@homewatt/contract'
import { localTime, minuteOfLocal, weekdayOf } from '../../simulator/src/calendar.ts'
import type { Device } from '../../simulator/src/devices.ts'
import { chargeMin } from '../../simulator/src/homes/car.ts'
import { pausedAt, type ChargingSettings } from '../../simulator/src/homes/settings.ts'
import type { Site } from '../../simulator/src/homes/site.ts'
import type { World } from '../../simulator/src/world.ts'

/**
 * What becomes of cars and their deadlines, as the simulator plays it minute by minute: levels, cables, plans and physics
 * of its own, and nothing of what the gateway makes of them.
 */
export type VehicleTruth = {
  /** Looks at all cars; call it every five minutes. */
  look(nowMs: number): void
  /** What of these messages about deadlines and targets is wrong, or missing, in words; empty when all is well. */
  complaints(told: readonly NoticeEntry[]): string[]
  /** How much there was to tell. */
  counts(): { hopeless: number; rises: number }
}

const LOOK_MIN = 5
/**
 * Homes that nobody looks at are asked for every quarter of an hour and a little, and a car reports every quarter of an
 * hour: so old what is told may be, and so long something must last for everybody to have to know of it.
 */
const LAG_MIN = 40
/** No socket of a home gives more than this, W: whoever needs more than it will not be ready, whatever the car takes. */
const MOST_AT_HOME_W = 22_000
/** Levels are told in whole percents, and charging needs a minute to begin. */
const SURELY_PERCENT = 4

/** A deadline of one car, from when it was first the next one. */
type Deadline = {
  percent: number
  atMin: number
  /** Minutes at which it could be kept, and could not, and so plainly could not that everybody has to know it. */
  calm: number[]
  hopeless: number[]
  plain: number[]
  /** Minutes at which there was less than wanted, and no cable. */
  unplugged: number[]
  /** When it was last the next one. */
  lastMin: number
  /** `null`: it was asked for no more when its time came. */
  wasHeld: boolean | null
}

/** A level that came to its target from below. */
type Rise = { target: number; atMin: number; belowMin: number; aboveMin: number }

type Car = {
  home: string
  device: Device
  site: Site
  deadlines: Deadline[]
  /** The one of them that comes next. */
  next: Deadline | null
  rises: Rise[]
  target: { percent: number; isAbove: boolean; sinceMin: number } | null
}

/** @param names homes to look at */
export function createVehicleTruth(world: World, names: readonly string[], nowMs: number): VehicleTruth {
  const cars = names.flatMap((home): Car[] => {
    const there = world.homeNamed(home, nowMs)
    return (there?.devices ?? []).flatMap((device) => {
      const site = there && device.type === 'electric-vehicles' ? world.siteOf(there, device) : null
      return site ? [{ home, device, site, deadlines: [], next: null, rises: [], target: null }] : []
    })
  })

  return {
    look(nowMs) {
      for (const name of names) world.homeNamed(name, nowMs)
      for (const car of cars) {
        followDeadline(car)
        followTarget(car)
      }
    },
    complaints: (told) => cars.flatMap((car) => complaintsAbout(car, told)),
    counts: () => ({
      hopeless: cars.flatMap(({ deadlines }) => deadlines).filter(mustBeTold).length,
      rises: cars.flatMap(({ rises }) => rises).filter(mustBeHeard).length,
    }),
  }
}

function followDeadline(car: Car) {
  const { site, deadlines } = car
  const { minute } = site
  if (car.next?.atMin === minute) car.next.wasHeld = Math.round(levelOf(site)) >= car.next.percent
  const due = dueOf(car)
  car.next = due && (deadlines.find((one) => one.atMin === due.atMin && one.percent === due.percent) ?? null)
  if (!due) return
  if (!car.next) deadlines.push((car.next = { ...due, ...nothingSeen(), lastMin: minute, wasHeld: null }))
  car.next.lastMin = minute
  car.next[isHopeless(car, due) ? 'hopeless' : 'calm'].push(minute)
  if (isPlain(car, due)) car.next.plain.push(minute)
  if (!site.car.pluggedIn && Math.round(levelOf(site)) < due.percent) car.next.unplugged.push(minute)
}

const nothingSeen = () => ({ calm: [], hopeless: [], plain: [], unplugged: [] })

function followTarget(car: Car) {
  const { site, rises, target: was } = car
  const { minute } = site
  // Whoever is not heard of is seen anew.
  if (!isHeard(car.device)) {
    car.target = null
    return
  }
  const settings = car.device.settings as ChargingSettings
  const percent = settings.is_charge_policy_enabled
    ? dueOf(car)?.percent
    : (settings.charge_target_max ?? 100)
  if (percent === undefined) return
  const isAbove = Math.round(levelOf(site)) >= percent
  const isSame = was?.percent === percent
  const last = rises.at(-1)
  if (isSame && was.isAbove === isAbove) {
    if (isAbove && last && last.atMin === was.sinceMin) last.aboveMin = minute - was.sinceMin
    return
  }
  // Whatever holds when it is looked at for the first time, or for another target, came about unseen.
  if (isSame && isAbove)
    rises.push({ target: percent, atMin: minute, belowMin: minute - was.sinceMin, aboveMin: 0 })
  car.target = { percent, isAbove, sinceMin: minute }
}

/** What the household asks for next: by the plan of that weekday, else by the car's own fields. */
function dueOf({ device, site }: Car): { atMin: number; percent: number } | null {
  const settings = device.settings as ChargingSettings
  const { weeklyPolicy: plan } = settings
  if (!settings.is_charge_policy_enabled) return null
  const zone = plan?.timezone ?? site.spec.place.timeZone
  const { day } = localTime(zone, site.minute)
  for (let ahead = 0; ahead <= 7; ahead++) {
    const entry = plan?.[weekdays[weekdayOf(day + ahead)] ?? 'mon']
    const time = entry?.charge_deadline ?? settings.charge_deadline_at
    if (!time) continue
    const [hours = 0, minutes = 0] = time.split(':').map(Number)
    const atMin = minuteOfLocal(zone, day + ahead, hours * 60 + minutes)
    if (atMin > site.minute)
      return { atMin, percent: entry?.charge_percentage ?? settings.minimum_charge_limit }
  }
  return null
}

/** Whether the car cannot hold it any more, were it plugged in this minute and given all that its socket has. */
function isHopeless({ device, site }: Car, { atMin, percent }: { atMin: number; percent: number }): boolean {
  const { car } = site.spec
  const settings = device.settings as ChargingSettings
  if (!car || Math.round(levelOf(site)) >= percent) return false
  if (percent > (settings.charge_target_max ?? 100) || pausedAt(settings, atMin * 60_000)) return true
  return site.minute + chargeMin(car, site.car.storedWh, percent) > atMin
}

/** Whether no car with this battery could, and the gateway hears of it. */
function isPlain({ device, site }: Car, { atMin, percent }: { atMin: number; percent: number }): boolean {
  const { car } = site.spec
  if (!car || !isHeard(device) || !device.settings.is_smart_optimization_active) return false
  const missingWh = ((percent - SURELY_PERCENT - levelOf(site)) / 100) * car.capacityWh
  return missingWh > 0 && site.minute + (missingWh / MOST_AT_HOME_W) * 60 > atMin
}

const isHeard = ({ authenticated, frozen, pins }: Device) =>
  authenticated && !frozen && pins.set.size + pins.omit.size === 0

const levelOf = ({ car, spec }: Site) => (car.storedWh / (spec.car?.capacityWh ?? 1)) * 100

/** It was plain look after look, for long enough. */
function mustBeTold({ plain }: Deadline): boolean {
  const looks = LAG_MIN / LOOK_MIN
  return plain.some((minute, n) => plain[n + looks] === minute + LAG_MIN)
}

const mustBeHeard = ({ belowMin, aboveMin }: Rise) => belowMin >= LAG_MIN && aboveMin >= LAG_MIN

function complaintsAbout(
  { home, device, site, deadlines, rises }: Car,
  all: readonly NoticeEntry[],
): string[] {
  const wrong: string[] = []
  const told = all
    .filter(({ device_id }) => device_id === device.id)
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const complain = (what: string, minute: number) =>
    wrong.push(`${home} ${device.id.slice(0, 4)}: ${what} at ${new Date(minute * 60_000).toISOString()}`)
  const minuteOf = ({ at }: { at: string }) => Date.parse(at) / 60_000
  const isRecent = (minute: number, toldMin: number) =>
    minute > toldMin - LAG_MIN && minute <= toldMin + LOOK_MIN

  // Risks: each is one of a deadline that could not be kept, or not without a cable, told once, and followed by one end
  // before the next.
  const risks = told.filter(({ kind }) => kind === 'deadline_at_risk')
  const isOf = (deadline: Deadline, { facts }: NoticeEntry) =>
    facts.target === deadline.percent && Date.parse(facts.at ?? '') === deadline.atMin * 60_000
  const of = (deadline: Deadline) => risks.filter((risk) => isOf(deadline, risk))
  for (const risk of risks) {
    const deadline = deadlines.find((one) => of(one).includes(risk))
    const wasSo = (minutes: number[] = []) => minutes.some((minute) => isRecent(minute, minuteOf(risk)))
    if (!wasSo(risk.facts.unplugged ? deadline?.unplugged : deadline?.hopeless))
      complain(`a risk was invented: ${JSON.stringify(risk.facts)}`, minuteOf(risk))
  }
  for (const deadline of deadlines) {
    const count = of(deadline).length
    // A car that is plugged in, and pulled again, is at risk again.
    const mended = told.filter(
      ({ kind, at }) => kind === 'deadline_safe' && Date.parse(at) < deadline.atMin * 60_000,
    )
    const again = of(deadline).slice(1)
    if (again.some(({ at }, n) => !mended.some((end) => end.at > (of(deadline)[n]?.at ?? '') && end.at < at)))
      complain(`a risk was told ${count} times`, deadline.atMin)
    // Whoever asked for something else while a risk was open hears what became of that, and of no second risk.
    const isEnded = told.some((one) => one.kind !== 'deadline_at_risk' && isOf(deadline, one))
    if (count === 0 && !isEnded && mustBeTold(deadline)) complain('a risk was not told', deadline.atMin)
  }
  const ends: readonly NoticeKind[] = ['deadline_safe', 'deadline_missed']
  const turns = told.filter(({ kind }) => kind === 'deadline_at_risk' || ends.includes(kind))
  for (const [n, one] of turns.entries()) {
    const before = turns[n - 1]
    const isEnd = ends.includes(one.kind)
    if (isEnd === (before === undefined || ends.includes(before.kind)))
      complain(`${one.kind} came out of turn`, minuteOf(one))
    const deadline =
      isEnd && before && deadlines.find((candidate) => isOf(candidate, one.facts.at ? one : before))
    if (!deadline) continue
    if (one.kind === 'deadline_missed' && deadline.wasHeld !== false)
      complain('a deadline was not missed', minuteOf(one))
    const isWithdrawn = deadline.lastMin + LOOK_MIN < Math.min(deadline.atMin, minuteOf(one))
    const couldBeKept = isWithdrawn || deadline.calm.some((minute) => isRecent(minute, minuteOf(one)))
    if (one.kind === 'deadline_safe' && !(one.facts.at ? deadline.wasHeld : couldBeKept))
      complain('a deadline was not safe', minuteOf(one))
  }
  const isOver = deadlines.every(
    ({ atMin, hopeless }) => hopeless.length === 0 || atMin + LAG_MIN < site.minute,
  )
  if (turns.at(-1)?.kind === 'deadline_at_risk' && isOver)
    complain('nobody was told what became of a risk', site.minute)

  // Targets: each message is one rise, each rise one message.
  const heard = told.filter(({ kind }) => kind === 'target_reached')
  const left = [...rises]
  for (const one of heard) {
    const at = left.findIndex(
      ({ target, atMin }) => target === one.facts.target && isRecent(atMin, minuteOf(one)),
    )
    if (at < 0) complain('a target was not reached', minuteOf(one))
    else left.splice(at, 1)
  }
  for (const rise of left) if (mustBeHeard(rise)) complain('a target was reached and not told', rise.atMin)
  return wrong
}
