import type { PartnerDevice } from '@homewatt/client'
import type { DeviceGroup, DeviceType, OpenAction, Problem, ProblemKind, Reading } from '@homewatt/contract'
import { CLOCK_TOLERANCE_MS, learnInterval } from '@homewatt/display'
import { seenRate, withReport, type Spell } from './charge-rates.ts'
import { byHomeClock, toReading } from './projection.ts'

/** The devices of one type in one home, as last known. Changed only by the functions of this file. */
export type Group = {
  readonly type: DeviceType
  /** IANA zone of the home. */
  readonly timeZone: string
  state: DeviceGroup['state']
  /** Upstream time of the last believed list. */
  askedAt: string | null
  /** The same on the monotonic clock. */
  askedMs: number
  problem: Problem | null
  devices: Map<string, KnownDevice>
  /** Start sequence of the last believed list. */
  listSeq: number
}

/** A device and what has to be remembered to judge the next answer about it. */
export type KnownDevice = {
  reading: Reading
  /** Answers whose request began before this are too old for this device: a later answer or a write was here. */
  appliedSeq: number
  /** Monotonic ms since when `boost_state` is what it is, as far as we saw. */
  boostSinceMs: number
  /** A boost was taken (204); until then an answer without it is only late. */
  boostExpectedUntilMs: number
  /** Settings that were taken; until then an answer with what they replaced is only late. */
  written: Written | null
  /** Lists in a row that did not have it, and whether those are enough to believe that it is gone. */
  missed: { lists: number; sinceMs: number; areEnough: boolean } | null
  /** Answers in a row that were older than what we have. */
  lagging: { answers: number; sinceMs: number } | null
  /** Distinct update times, oldest first. */
  updates: string[]
  /** The last spells of charging; empty for what does not charge. */
  spells: readonly Spell[]
  /** What it says of the last change of its weekly plan; `null`: nothing. */
  planChangedAt: string | null
  /** Monotonic ms of the last answer about this device alone, which is the only kind that tells its actions. */
  actionsMs: number
}

type Values = Readonly<Record<string, unknown>>
type Written = { values: Values; replaced: Readonly<Record<string, readonly unknown[]>>; untilMs: number }

/** When an answer belongs: the sequence number its request began with, and the time now on both clocks. */
export type Moment = { seq: number; nowMs: number; at: string }

/** A device as answered; `actions` only when the answer was about this device alone. */
export type Answered = { device: PartnerDevice; actions?: OpenAction[] }

const MISSING = { some: { lists: 2, ms: 60_000 }, all: { lists: 3, ms: 5 * 60_000 } }
/** Replicas of the partner may lag; what lags longer is the truth. */
const LAG = { answers: 3, ms: 90_000 }
const UPDATES_KEPT = 10

export function createGroup(type: DeviceType, timeZone: string): Group {
  return {
    type,
    timeZone,
    state: 'loading',
    askedAt: null,
    askedMs: -Infinity,
    problem: null,
    devices: new Map(),
    listSeq: -1,
  }
}

/**
 * Takes in a whole list. A device that is missing is kept, and says so, until enough lists agree that it is gone and
 * the partner does not know it either when asked for it alone; see `deviceUnknown`. Returns the ids that have to be
 * asked for therefore.
 */
export function mergeList(
  group: Group,
  devices: PartnerDevice[],
  moment: Moment,
  learned: Learned,
): string[] {
  if (moment.seq < group.listSeq) return []
  const listed = newestOfEach(devices)
  for (const device of listed.values()) mergeDevice(group, { device }, moment, learned)
  const { lists, ms } = listed.size === 0 ? MISSING.all : MISSING.some
  for (const [id, known] of group.devices) {
    if (listed.has(id)) continue
    const sinceMs = known.missed?.sinceMs ?? moment.nowMs
    const missed = (known.missed?.lists ?? 0) + 1
    known.missed = { lists: missed, sinceMs, areEnough: missed >= lists && moment.nowMs - sinceMs >= ms }
    if (!known.reading.presence) known.reading = { ...known.reading, presence: 'not_reported' }
  }
  Object.assign(group, {
    state: 'known',
    askedAt: moment.at,
    askedMs: moment.nowMs,
    problem: null,
    listSeq: moment.seq,
  })
  return [...group.devices].filter(([, { missed }]) => missed?.areEnough).map(([id]) => id)
}

/** The partner does not know a device when asked for it alone: it goes when the lists agree, and says so until then. */
export function deviceUnknown(group: Group, id: string) {
  const known = group.devices.get(id)
  if (!known) return
  if (known.missed?.areEnough) group.devices.delete(id)
  else known.reading = { ...known.reading, presence: 'gone' }
}

/** Where update times of devices, and what vehicles charge with, are remembered beyond the process. */
export type Learned = {
  updatesOf(deviceId: string): string[]
  updated(deviceId: string, updates: string[]): void
  spellsOf(deviceId: string): readonly Spell[]
  charged(deviceId: string, spells: readonly Spell[]): void
}

/** Takes in one device, unless the answer is older than what is known. */
export function mergeDevice(group: Group, answered: Answered, moment: Moment, learned: Learned) {
  const { actions } = answered
  const device = byHomeClock(answered.device, group.timeZone)
  const known = group.devices.get(device.id)
  // An answer about it alone does not bring it back into the lists.
  const missed = known?.missed && actions ? { lists: 1, sinceMs: moment.nowMs, areEnough: false } : null
  if (known) known.missed = missed
  if (known && (moment.seq < known.appliedSeq || isLagging(known, device, moment))) return
  const updates = withUpdate(
    known?.updates ?? learned.updatesOf(device.id),
    device.current_state_last_updated_at,
    moment,
  )
  if (updates !== known?.updates) learned.updated(device.id, updates)
  const knownSpells = known?.spells ?? learned.spellsOf(device.id)
  const spells = withReport(knownSpells, known?.reading, device)
  if (spells !== knownSpells) learned.charged(device.id, spells)

  const before = known && 'boost_state' in known.reading ? known.reading : null
  const expectedUntilMs = known?.boostExpectedUntilMs ?? -Infinity
  const isLate =
    'boost_state' in device && device.boost_state === 'available' && moment.nowMs < expectedUntilMs
  const written = known?.written && moment.nowMs < known.written.untilMs ? known.written : null
  const believed: PartnerDevice = {
    ...device,
    ...(written ? lateIn(device, written) : {}),
    ...(isLate ? { boost_state: 'requested' as const } : {}),
  } as PartnerDevice
  const boostChanged =
    before !== null && 'boost_state' in believed && before.boost_state !== believed.boost_state

  group.devices.set(device.id, {
    reading: toReading(group.type, believed, {
      expected_interval_s: learnInterval(updates),
      actions: mayHaveActions(device) ? (actions ?? known?.reading.actions ?? null) : null,
      boost_state_since: boostChanged ? moment.at : (before?.boost_state_since ?? null),
      presence: missed ? 'not_reported' : undefined,
      charge_rate_seen: seenRate(spells),
    }),
    appliedSeq: moment.seq,
    boostSinceMs: known && !boostChanged ? known.boostSinceMs : moment.nowMs,
    boostExpectedUntilMs: isLate ? expectedUntilMs : -Infinity,
    written,
    missed,
    lagging: null,
    updates,
    spells,
    planChangedAt: changeOfPlan(device),
    actionsMs: actions ? moment.nowMs : (known?.actionsMs ?? -Infinity),
  })
}

const changeOfPlan = (device: PartnerDevice): string | null =>
  ('charge_policy_last_updated_at' in device ? device.charge_policy_last_updated_at : null) ?? null

/** Whether a device says that something waits for the user, so that its actions are worth asking for. */
export function mayHaveActions(device: {
  action_needed: boolean | null
  is_authenticated: boolean | null
}): boolean {
  return device.action_needed === true || device.is_authenticated === false
}

/** A write about a device is confirmed: answers that were on their way meanwhile say nothing about it. */
export function fence(known: KnownDevice, seq: number) {
  known.appliedSeq = seq
}

/** A boost was taken: shown as starting at once, and for `untilMs` also when the device does not say so yet. */
export function expectBoost(known: KnownDevice, moment: Moment, untilMs: number) {
  if (!('boost_state' in known.reading)) return
  fence(known, moment.seq)
  if (known.reading.boost_state === 'requested' || known.reading.boost_state === 'ongoing') return
  known.boostExpectedUntilMs = untilMs
  known.boostSinceMs = moment.nowMs
  known.reading = { ...known.reading, boost_state: 'requested', boost_state_since: moment.at }
}

/**
 * Settings were taken: shown at once. Until `untilMs` not every replica of the partner may know, so an answer with what
 * they replaced does not take them back; whatever else it says is news.
 *
 * @param before the device when the write began: what it shows now may be the write already
 */
export function expectSettings(
  known: KnownDevice,
  { change, before }: { change: Values; before: Reading },
  moment: Moment,
  untilMs: number,
) {
  fence(known, moment.seq)
  const was = before as unknown as Values
  const replaced = { ...known.written?.replaced }
  for (const [name, value] of Object.entries(change))
    replaced[name] = [...(replaced[name] ?? []), was[name]].filter((old) => old !== value)
  known.written = { values: { ...known.written?.values, ...change }, replaced, untilMs }
  known.reading = { ...known.reading, ...change } as Reading
}

/** Settings may have been taken, so an answer that has them is news, even if it is what the one before replaced. */
export function doubtSettings({ written }: KnownDevice, change: Values) {
  if (!written) return
  const replaced = Object.entries(written.replaced).map(
    ([name, values]) => [name, values.filter((old) => old !== change[name])] as const,
  )
  written.replaced = Object.fromEntries(replaced)
}

/** Somebody else has written since, so whatever an answer says is news. */
export function heardOfWrite(group: Group) {
  for (const known of group.devices.values()) known.written = null
}

/** What was written, where an answer still has what that replaced. */
function lateIn(device: PartnerDevice, { values, replaced }: Written): Values {
  const answered = device as unknown as Values
  const late = Object.entries(values).filter(([name]) => replaced[name]?.includes(answered[name]))
  return Object.fromEntries(late)
}

/** Says why the group is not being renewed. The same problem goes on since when it began. */
export function setProblem(group: Group, kind: ProblemKind, at: string) {
  if (group.problem?.kind !== kind) group.problem = { kind, since: at }
}

/** The group as a browser sees it, a `DeviceGroup`, as JSON. */
export function groupJson(group: Group, askedAt = group.askedAt): string {
  const { state, problem } = group
  const head = { state, asked_at: askedAt, problem } satisfies Omit<DeviceGroup, 'devices'>
  return `${JSON.stringify(head).slice(0, -1)},"devices":${devicesJson(group)}}`
}

/** The same without `asked_at`, and the very same string as long as nothing has changed. */
export function contentsJson(group: Group): string {
  const devices = devicesJson(group)
  const { state, problem } = group
  const last = contents.get(group)
  if (last && last.devices === devices && last.state === state && last.problem === problem) return last.json
  const json = groupJson(group, null)
  contents.set(group, { devices, state, problem, json })
  return json
}

const contents = new WeakMap<Group, Pick<Group, 'state' | 'problem'> & { devices: string; json: string }>()

/** Thousands ask for what seldom changes. Readings are replaced and never changed, so the same ones read the same. */
const written = new WeakMap<Group, { readings: readonly Reading[]; json: string }>()

function devicesJson(group: Group): string {
  const last = written.get(group)
  if (last && hasReadings(group, last.readings)) return last.json
  const readings = [...group.devices.values()].map(({ reading }) => reading)
  const json = JSON.stringify(readings)
  written.set(group, { readings, json })
  return json
}

function hasReadings({ devices }: Group, readings: readonly Reading[]): boolean {
  if (devices.size !== readings.length) return false
  let n = 0
  for (const { reading } of devices.values()) if (reading !== readings[n++]) return false
  return true
}

/** A device listed twice counts once, with its newest state. */
function newestOfEach(devices: PartnerDevice[]): Map<string, PartnerDevice> {
  const newest = new Map<string, PartnerDevice>()
  for (const device of devices) {
    const other = newest.get(device.id)
    if (!other || (updatedMs(device) || 0) > (updatedMs(other) || 0)) newest.set(device.id, device)
  }
  return newest
}

/** Counts answers that are older than what is known; `true` while they are put down to a lagging replica. */
function isLagging(known: KnownDevice, device: PartnerDevice, { nowMs }: Moment): boolean {
  if (!(updatedMs(device) < updatedMs(known.reading))) return false
  known.lagging ??= { answers: 0, sinceMs: nowMs }
  known.lagging.answers++
  return known.lagging.answers <= LAG.answers && nowMs - known.lagging.sinceMs <= LAG.ms
}

/** A time far ahead says nothing of a rhythm, and everything after it would be older; one that was kept is forgotten. */
function withUpdate(updates: string[], updatedAt: string | null, { at }: Moment): string[] {
  const latestMs = Date.parse(at) + CLOCK_TOLERANCE_MS
  const isBelievable = (update: string) => Date.parse(update) <= latestMs
  // Oldest first, so that the last speaks for all.
  const believed = updates.slice(-1).every(isBelievable) ? updates : updates.filter(isBelievable)
  const last = believed.at(-1)
  if (updatedAt === null || !isBelievable(updatedAt)) return believed
  if (last !== undefined && Date.parse(updatedAt) <= Date.parse(last)) return believed
  return [...believed, updatedAt].slice(-UPDATES_KEPT)
}

/** NaN when the device never reported, or nothing believable: then it is neither older nor newer. */
function updatedMs(device: { current_state_last_updated_at: string | null }): number {
  return Date.parse(device.current_state_last_updated_at ?? '')
}
