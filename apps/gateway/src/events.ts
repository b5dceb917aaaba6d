import {
  usualNoticeSettings,
  type DeviceType,
  type ElectricVehicleReading,
  type NoticeFacts,
  type NoticeKind,
  type Reading,
} from '@homewatt/contract'
import { deadlineVerdict, DEFAULT_INTERVAL_S, type DeadlineVerdict } from '@homewatt/display'
import type { Notice } from './notice-rows.ts'
import { quietSinceMs } from './quiet-hours.ts'

/**
 * What is remembered of a device between two looks. It holds what the last look saw and since when, so comparing needs
 * nothing else, and whoever looks next, after a restart or on another node, goes on from there.
 */
export type DeviceMemory = {
  type: DeviceType
  /** Upstream ms of the answer that changed something here last. What was answered before it is too old to count. */
  seenMs: number
  link: { state: 'ok' | 'lapsed' | 'action'; sinceMs: number }
  /** `updatedMs`: the report that was the last when it went silent. */
  data: { isOld: boolean; sinceMs: number; updatedMs: number }
  /** `lastMs`: when it was last seen so, kept while a start is waited for. */
  boost: { state: 'none' | 'requested' | 'ongoing'; sinceMs: number; lastMs: number } | null
  /** The deadline that it is at risk of missing, ms, and percent that it is to have by then. */
  risk: { deadlineMs: number; sinceMs: number; target: number } | null
  /** Percent that is to be reached, while it is not. */
  below: number | null
}

/** By device id. */
export type HomeMemory = Readonly<Record<string, DeviceMemory>>

/** What was answered about the devices of one type, and when by the Partner API's clock. */
export type Look = { type: DeviceType; devices: readonly Reading[]; atMs: number; timeZone: string }

/** A hiccup of an hour is nothing to be told of, however fast a device usually reports. */
const SOONEST_OLD_MS = 60 * 60_000
/** So long before it is too late somebody is told to plug in: homes that nobody watches are looked at now and then. */
const AHEAD_MS = 60 * 60_000
/** For a car that takes long it is too late all day; sooner than this before its deadline it may well be on the road. */
const SOONEST_MS = 12 * 60 * 60_000
/** Between two looks further apart a boost may have begun and ended unseen. */
const UNSEEN_MS = 3 * 60_000

/**
 * Compares what is with what was. Whatever is seen for the first time is no event, but for a deadline that is at risk;
 * what is unknown changes nothing, and the result depends on nothing but the arguments.
 */
export function findEvents(memory: HomeMemory, look: Look): { events: Notice[]; memory: HomeMemory } {
  const events: Notice[] = []
  const next: Record<string, DeviceMemory> = { ...memory }
  for (const reading of look.devices) {
    const known = memory[reading.id]
    if (known && look.atMs < known.seenMs) continue
    next[reading.id] = compared(known ?? firstSight(reading, look), reading, look, events)
  }
  const isSame = Object.keys(next).every((id) => next[id] === memory[id])
  return { events, memory: isSame ? memory : next }
}

function firstSight(reading: Reading, { type, atMs, timeZone }: Look): DeviceMemory {
  const updatedMs = updatedMsOf(reading)
  return {
    type,
    seenMs: atMs,
    link: { state: linkOf(reading) ?? 'ok', sinceMs: atMs },
    data: { isOld: isOld(reading, atMs, atMs), sinceMs: atMs, updatedMs },
    boost:
      'boost_state' in reading ? { state: boostOf(reading) ?? 'none', sinceMs: atMs, lastMs: atMs } : null,
    // A deadline that is at risk already is told at once: there may be time to do something.
    risk: null,
    below: belowOf(reading, atMs, timeZone),
  }
}

function compared(known: DeviceMemory, reading: Reading, look: Look, events: Notice[]): DeviceMemory {
  const say = (kind: NoticeKind, cause: string, sinceMs: number, facts: NoticeFacts = {}) =>
    events.push({
      kind,
      cause: `${cause}/${reading.id}`,
      occurrence: new Date(sinceMs).toISOString(),
      atMs: look.atMs,
      type: look.type,
      deviceId: reading.id,
      facts,
    })
  const parts = {
    link: link(known, reading, look, say),
    data: data(known, reading, look, say),
    boost: boost(known, reading, look, say),
    ...charge(known, reading, look, say),
  }
  const isSame = (Object.keys(parts) as (keyof typeof parts)[]).every((name) => parts[name] === known[name])
  return isSame ? known : { ...known, ...parts, seenMs: look.atMs }
}

type Say = (kind: NoticeKind, cause: string, sinceMs: number, facts?: NoticeFacts) => void

function link({ link: was }: DeviceMemory, reading: Reading, { atMs }: Look, say: Say): DeviceMemory['link'] {
  const state = linkOf(reading)
  if (state === null || state === was.state) return was
  if (state === 'ok') say('repaired', 'connection', was.sinceMs)
  // The trouble goes on under another name: what was told is still true.
  else if (was.state === 'ok' || state === 'lapsed')
    say(state === 'lapsed' ? 'disconnected' : 'action_needed', 'connection', atMs)
  return { state, sinceMs: state === 'ok' || was.state === 'ok' || state === 'lapsed' ? atMs : was.sinceMs }
}

/** `null`: the partner did not say. */
function linkOf(reading: Reading): DeviceMemory['link']['state'] | null {
  if (reading.is_authenticated === false) return 'lapsed'
  if (reading.action_needed === true) return 'action'
  return reading.is_authenticated === null || reading.action_needed === null ? null : 'ok'
}

function data(
  { data: was, link: { sinceMs: linkMs } }: DeviceMemory,
  reading: Reading,
  { atMs }: Look,
  say: Say,
): DeviceMemory['data'] {
  const updatedMs = updatedMsOf(reading)
  if (was.isOld) {
    // Only a new report ends the silence; another reckoning of the same does not.
    if (updatedMs <= was.updatedMs || isOld(reading, atMs, -Infinity)) return was
    say('data_back', 'data', was.sinceMs)
    return { isOld: false, sinceMs: atMs, updatedMs }
  }
  // A lapsed link makes a device silent too, and is told by itself.
  if (linkOf(reading) !== 'ok' || !isOld(reading, atMs, linkMs)) return was
  say('data_old', 'data', atMs, { at: isoOf(updatedMs) })
  return { isOld: true, sinceMs: atMs, updatedMs }
}

/** @param sinceMs silence before this does not count, as after a link was repaired */
function isOld(reading: Reading, atMs: number, sinceMs: number): boolean {
  const updatedMs = updatedMsOf(reading)
  // What never reported has not fallen silent.
  if (updatedMs === 0) return false
  const usualMs = (reading.expected_interval_s ?? DEFAULT_INTERVAL_S) * 1000
  return atMs - Math.max(updatedMs, sinceMs) > Math.max(SOONEST_OLD_MS, 3 * usualMs)
}

function boost(
  { boost: was }: DeviceMemory,
  reading: Reading,
  { atMs }: Look,
  say: Say,
): DeviceMemory['boost'] {
  if (!was || !('boost_state' in reading)) return was
  const state = boostOf(reading)
  if (state === null) return was
  if (state === was.state)
    return state === 'requested' && was.lastMs !== atMs ? { ...was, lastMs: atMs } : was
  const level = 'battery_level' in reading ? reading.battery_level : null
  if (state === 'ongoing') {
    say('boost_started', 'boost', atMs, { level })
    return { state, sinceMs: atMs, lastMs: atMs }
  }
  if (was.state === 'ongoing')
    say('boost_finished', 'boost', was.sinceMs, { level, unplugged: reading.is_plugged_in === false })
  // A start that nobody watched may have come and gone: then nothing is known that could be told.
  else if (was.state === 'requested' && state === 'none' && atMs - was.lastMs <= UNSEEN_MS)
    say('boost_failed', 'boost', was.sinceMs, { level })
  return { state, sinceMs: atMs, lastMs: atMs }
}

function boostOf({ boost_state }: { boost_state: string | null }): 'none' | 'requested' | 'ongoing' | null {
  if (boost_state === null) return null
  return boost_state === 'requested' || boost_state === 'ongoing' ? boost_state : 'none'
}

/** Deadlines and targets of vehicles. */
function charge(
  known: DeviceMemory,
  reading: Reading,
  { atMs, timeZone }: Look,
  say: Say,
): Pick<DeviceMemory, 'risk' | 'below'> {
  if (!isVehicle(reading)) return { risk: known.risk, below: known.below }
  const due = deadlineVerdict(reading, { timeZone }, new Date(atMs))
  const level = reading.battery_level
  // Who has switched it off, or is away, was promised nothing.
  const isPromised = reading.is_smart_optimization_active !== false
  let { risk } = known
  if (risk && risk.deadlineMs <= atMs) {
    const { target, deadlineMs, sinceMs } = risk
    // Without a deadline any more there is nothing that could have been missed.
    if (due && level !== null)
      say(level >= target ? 'deadline_safe' : 'deadline_missed', 'deadline', sinceMs, {
        level,
        target,
        at: isoOf(deadlineMs),
      })
    risk = null
  } else if (risk && (!due || due.verdict === 'yes' || due.cause === 'reached')) {
    say('deadline_safe', 'deadline', risk.sinceMs, { level, target: due?.percent ?? null })
    risk = null
  } else if (risk && isDated(due)) {
    // Asked for something else meanwhile, the household knows; what became of it is what became of the new wish.
    const { atMs: deadlineMs, percent: target } = due
    const isSame = risk.deadlineMs === deadlineMs && risk.target === target
    risk = isSame ? risk : { deadlineMs, sinceMs: risk.sinceMs, target }
  } else if (!risk && isPromised && isDated(due) && isAtRisk(due, atMs, timeZone)) {
    const { atMs: deadlineMs, percent: target, plugInByMs } = due
    say('deadline_at_risk', 'deadline', atMs, {
      level,
      target,
      at: isoOf(deadlineMs),
      ...(reading.is_plugged_in === false
        ? { unplugged: true, plug_in_by: plugInByMs === null ? null : isoOf(plugInByMs) }
        : {}),
    })
    risk = { deadlineMs, sinceMs: atMs, target }
  }
  // What was below before a long silence may have been reached at any time in it.
  if (isOld(reading, atMs, -Infinity)) return { risk, below: null }
  const target = targetOf(reading, due)
  if (level === null || target === null) return { risk, below: known.below }
  // A target that was put lower is not one that was reached. Where it was charged, and whether it has left since, is all
  // the same.
  if (known.below === target && level >= target) say('target_reached', 'target', atMs, { level, target })
  return { risk, below: level < target ? target : null }
}

type Dated = DeadlineVerdict & { atMs: number; percent: number }

const isDated = (due: DeadlineVerdict | null): due is Dated =>
  due !== null && due.atMs !== null && due.percent !== null

/**
 * Whether the household has to hear of its deadline: it cannot be kept any more, or only if somebody plugs in soon, and
 * soon means before the night where the last moment for it is in the night.
 */
function isAtRisk({ verdict, cause, atMs, plugInByMs }: Dated, nowMs: number, timeZone: string): boolean {
  if (verdict === 'no') return true
  if (cause !== 'unplugged') return false
  if (verdict !== 'tight' && plugInByMs === null) return false
  const latestMs = Math.max(plugInByMs ?? -Infinity, atMs - SOONEST_MS)
  const awakeMs = quietSinceMs(usualNoticeSettings.quiet, latestMs, timeZone) ?? latestMs
  return nowMs >= awakeMs - AHEAD_MS
}

const isoOf = (ms: number) => new Date(ms).toISOString()

function belowOf(reading: Reading, atMs: number, timeZone: string): number | null {
  if (!isVehicle(reading) || reading.battery_level === null || isOld(reading, atMs, -Infinity)) return null
  const target = targetOf(reading, deadlineVerdict(reading, { timeZone }, new Date(atMs)))
  return target !== null && reading.battery_level < target ? target : null
}

/** What the household asks for, `null` while nobody knows how much; without a deadline what the car itself is set to. */
const targetOf = ({ charge_target_max }: ElectricVehicleReading, due: DeadlineVerdict | null) =>
  due ? due.percent : (charge_target_max ?? 100)

const isVehicle = (reading: Reading): reading is ElectricVehicleReading => 'battery_level' in reading

/** 0: never. */
const updatedMsOf = ({ current_state_last_updated_at: at }: Reading) => (at === null ? 0 : Date.parse(at))
