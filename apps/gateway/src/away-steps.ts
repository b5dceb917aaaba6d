import { createHash } from 'node:crypto'
import { Forbidden, NotFound, type Time } from '@homewatt/client'
import { deviceTypes, type NoticeFacts, type NoticeKind } from '@homewatt/contract'
import type { AuditRows } from './audit-rows.ts'
import type { AwayClaim, AwayDevice, AwayRows } from './away-rows.ts'
import { toApiFailure } from './errors.ts'
import type { HomeOwner } from './home-key.ts'
import type { Home, Homes } from './homes.ts'
import { traceOf, type Log } from './log.ts'
import type { Poller } from './poller.ts'
import { reminderMsOf } from './quiet-hours.ts'
import type { DeviceSettingsWriter } from './settings.ts'

/**
 * Carries a time away on as far as it goes now, and keeps every step before the next is made: whoever goes on after a
 * crash does what is left and nothing twice.
 */
export type AwaySteps = { carryOn(away: AwayClaim): Promise<void> }

/** Something about a time away to tell the person, once for each `occurrence`. */
export type TellAway = (
  owner: HomeOwner,
  notice: { kind: NoticeKind; occurrence: string; facts: NoticeFacts },
) => Promise<void>

const RETRY_MS = { first: 30_000, longest: 15 * 60_000 }
/** Nobody waits for it, but the device's next command does. */
const SAVE_MS = 10_000
/** Whoever is not reached for this long is told that it is not done. */
const SAY_LATE_MS = 15 * 60_000

export function createAwaySteps({
  rows,
  audit,
  homes,
  poller,
  settings,
  tell,
  timeZone,
  time,
  log,
}: {
  rows: AwayRows
  audit: AuditRows
  homes: Homes
  poller: Poller
  settings: Pick<DeviceSettingsWriter, 'save'>
  tell: TellAway
  timeZone: string
  time: Time
  log: Log
}): AwaySteps {
  /** The devices as they are now; not `isWhole` when not all types could be asked. */
  async function presentDevices(home: Home): Promise<{ devices: AwayDevice[]; isWhole: boolean }> {
    const askedFromMs = time.monotonicMs() - 5_000
    await poller.load(home)
    await poller.refresh(home)
    const fresh = deviceTypes.filter(
      (type) => home.groups[type].state === 'known' && home.groups[type].askedMs >= askedFromMs,
    )
    const devices = fresh.flatMap((type) =>
      [...home.groups[type].devices.values()].map(({ reading }): AwayDevice => ({
        type,
        id: reading.id,
        // Unknown is not on: nothing is switched on later that nobody saw switched on.
        state: reading.is_smart_optimization_active === true ? 'pausing' : 'untouched',
      })),
    )
    return { devices, isWhole: fresh.length === deviceTypes.length }
  }

  /** Switches one device, with an entry in the audit trail that is the same whoever makes it. */
  async function switchOne(away: AwayClaim, device: AwayDevice, isOn: boolean): Promise<AwayDevice['state']> {
    const { owner } = away
    const home = homes.of(owner)
    const { type, id } = device
    const entry = entryId(away, device, isOn)
    await audit.put({
      id: entry,
      owner,
      atMs: time.wallMs(),
      session: 'away',
      command: isOn ? 'away_resume' : 'away_pause',
      type,
      deviceId: id,
      asked: { is_smart_optimization_active: isOn },
      outcome: 'under_way',
      reason: null,
    })
    try {
      const change = { is_smart_optimization_active: isOn }
      const outcome = await settings.save(home, type, id, change, time.monotonicMs() + SAVE_MS)
      await audit.end(entry, outcome, null)
      home.publish()
      if (outcome !== 'saved') return device.state
      return isOn ? 'resumed' : 'paused'
    } catch (error) {
      const failure = toApiFailure(error)
      await audit.end(entry, failure?.body.code ?? 'internal', null)
      if (error instanceof Forbidden || failure?.status === 422) return 'refused'
      if (failure?.status === 404) return 'gone'
      if (!failure) log.error({ event: 'unexpected_error', error: traceOf(error) })
      return device.state
    }
  }

  /** Whether the claim still holds after keeping what is new. */
  const keep = (away: AwayClaim, changes: Partial<AwayClaim>) => rows.keep(Object.assign(away, changes))

  const replaced = (away: AwayClaim, device: AwayDevice) =>
    away.devices.map((other) => (other.id === device.id ? device : other))

  async function pause(away: AwayClaim): Promise<boolean> {
    const { devices, isWhole } = await presentDevices(homes.of(away.owner))
    const known = new Set(away.devices.map(({ id }) => id))
    const isOn = new Set(devices.filter(({ state }) => state === 'pausing').map(({ id }) => id))
    // What was being switched on again when the time away got longer is to be paused again.
    const before = away.devices.map((device): AwayDevice => {
      if (device.state === 'resuming') return { ...device, state: 'pausing' }
      if (device.state === 'resumed' && isOn.has(device.id)) return { ...device, state: 'pausing' }
      return device
    })
    const all = [...before, ...devices.filter(({ id }) => !known.has(id))]
    // Written down before anything is switched: after a crash it is known what was on.
    if (!(await keep(away, { phase: 'pausing', devices: all }))) return false
    for (const device of all) {
      if (device.state !== 'pausing') continue
      const state = await switchOne(away, device, false)
      if (!(await keep(away, { devices: replaced(away, { ...device, state }) }))) return false
    }
    const isDone = isWhole && away.devices.every(({ state }) => state !== 'pausing')
    if (!isDone) return later(away, 'away_not_paused')
    const count = away.devices.filter(({ state }) => state === 'paused').length
    if (!(await keep(away, { phase: 'away', waitingMs: null, dueMs: nextDueMs(away) }))) return false
    await say(away, 'away_begun', { count, at: iso(away.untilMs) })
    return true
  }

  async function resume(away: AwayClaim): Promise<boolean> {
    if (!(await keep(away, { phase: 'resuming' }))) return false
    for (const device of away.devices) {
      if (!['pausing', 'paused', 'resuming'].includes(device.state)) continue
      const state = await resumeOne(away, device)
      if (state === null || !(await keep(away, { devices: replaced(away, { ...device, state }) })))
        return false
    }
    if (away.devices.some(({ state }) => state === 'resuming' || state === 'paused' || state === 'pausing'))
      return later(away, 'away_not_resumed')
    const count = away.devices.filter(({ state }) => state === 'resumed').length
    await say(away, 'away_ended', { count })
    return keep(away, { phase: 'ended', waitingMs: null })
  }

  /** `null`: the claim is lost. */
  async function resumeOne(away: AwayClaim, device: AwayDevice): Promise<AwayDevice['state'] | null> {
    const home = homes.of(away.owner)
    if (!home.device(device.type, device.id)) await presentDevices(home)
    const present = await poller
      .readDevice(home, device.type, device.id, { priority: 'command', anew: true })
      .catch((error: unknown) => (error instanceof NotFound ? null : undefined))
    if (present === undefined) return device.state
    if (present === null) return isKnownToBeGone(home, device) ? 'gone' : device.state
    const isOn = present.reading.is_smart_optimization_active
    // Switched on by us and not written down any more, or by somebody else.
    if (isOn === true) return device.state === 'resuming' ? 'resumed' : 'kept'
    if (isOn === null) return device.state
    const resuming: AwayDevice = { ...device, state: 'resuming' }
    if (!(await keep(away, { devices: replaced(away, resuming) }))) return null
    return switchOne(away, resuming, true)
  }

  const isKnownToBeGone = (home: Home, { type, id }: AwayDevice) =>
    home.groups[type].state === 'known' && home.groups[type].problem === null && !home.device(type, id)

  async function later(away: AwayClaim, kind: NoticeKind): Promise<boolean> {
    const nowMs = time.wallMs()
    const waitingMs = away.waitingMs ?? nowMs
    const waitedMs = nowMs - waitingMs
    const retryMs = Math.min(RETRY_MS.longest, Math.max(RETRY_MS.first, waitedMs))
    // Whatever happens in between ends the waiting too.
    const dueMs = away.phase === 'pausing' ? Math.min(nowMs + retryMs, away.untilMs) : nowMs + retryMs
    if (!(await keep(away, { waitingMs, dueMs }))) return false
    if (waitedMs >= SAY_LATE_MS) await say(away, kind, { at: iso(away.untilMs) })
    return true
  }

  const nextDueMs = (away: AwayClaim) => reminderMsOf(away, timeZone) ?? away.untilMs

  /** Whoever keeps the time away next keeps that it was done. */
  async function remind(away: AwayClaim) {
    const { untilMs } = away
    const reminderMs = reminderMsOf(away, timeZone)
    if (reminderMs === null || time.wallMs() < reminderMs) return
    // An evening that has passed long ago is nothing to be reminded in.
    if (time.wallMs() < reminderMs + LATE_EVENING_MS)
      await say(away, 'away_reminder', { at: iso(untilMs) }, `${away.id}/${untilMs}`)
    away.remindedMs = untilMs
  }

  const say = (
    away: AwayClaim,
    kind: NoticeKind,
    facts: NoticeFacts,
    occurrence = occurrenceOf(away, kind),
  ) => tell(away.owner, { kind, occurrence, facts })

  /** `false`: the claim is lost, or the person changed something meanwhile. */
  async function step(away: AwayClaim): Promise<boolean> {
    const nowMs = time.wallMs()
    const { phase, fromMs, untilMs } = away
    if (nowMs >= untilMs) {
      // Nothing was ever switched, so there is nothing to switch back.
      if (phase === 'planned') return keep(away, { phase: 'ended' })
      return resume(away)
    }
    if (phase === 'planned' && nowMs < fromMs) return keep(away, { dueMs: fromMs })
    // Also while devices cannot be reached to be paused, which may take as long as the time away does.
    if (phase !== 'planned') await remind(away)
    if (phase === 'away') return keep(away, { dueMs: nextDueMs(away) })
    return pause(away)
  }

  return {
    async carryOn(away) {
      if (await step(away)) {
        await rows.release(away)
        return
      }
      // Released, so that whoever is next goes on from what is kept, with what the person changed.
      await rows.release(away)
      const nowMs = time.wallMs()
      const again = await rows.claimOf(away.owner, nowMs, nowMs + AGAIN_MS)
      if (again && again.revision !== away.revision) await this.carryOn(again)
      else if (again) await rows.release(again)
    },
  }
}

const AGAIN_MS = 2 * 60_000
const LATE_EVENING_MS = 12 * 60 * 60_000

const iso = (ms: number) => new Date(ms).toISOString()

/** A time away that was made longer begins and ends once more. */
const occurrenceOf = ({ id, untilMs }: AwayClaim, kind: NoticeKind) =>
  kind === 'away_begun' || kind === 'away_not_paused' ? id : `${id}/${untilMs}`

/** One entry for the beginning and one for each end, however often it is tried and by whom. */
function entryId({ id, untilMs }: AwayClaim, device: AwayDevice, isOn: boolean): string {
  const key = [id, isOn ? untilMs : 'begin', device.id].join('/')
  const hex = createHash('sha256').update(key).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
}
