import type { DeviceType } from '@homewatt/contract'
import { boostDueMs, decideBoost, type Boost, type BoostOutcome } from './boost.ts'
import { MINUTE_MS } from './calendar.ts'
import { reauthenticate, type Device } from './devices.ts'
import { between, keyOf } from './hash.ts'
import { forgetChargePlan } from './homes/charging.ts'
import { decidePower, stepSite, type Site } from './homes/site.ts'
import { knownCharging, readDevice, type Reading } from './readings.ts'
import { nextReportMs } from './rhythm.ts'

/** A building and the devices in it. */
export type Unit = { source: Source; devices: Device[] }

/** Where a building's readings come from: physics, or somebody's measurements. */
export type Source = Site | Recording

/** Recorded measurements, see `replay.ts`. */
export type Recording = {
  /** What the devices of a type reported at a moment; `null` where the recording has nothing. */
  reading(type: DeviceType, atMs: number): Reading | null
}

export const isSite = (source: Source): source is Site => 'spec' in source

/** How a boost goes, when a fault says so. */
export type BoostCourse = { fails: boolean; afterMs: number | null; lastsMs?: number | null }

/** Lets a building live up to a moment, in the order in which things happen. */
export function liveUntil(unit: Unit, nowMs: number): void {
  const { source, devices } = unit
  for (;;) {
    const minuteEndsMs = isSite(source) ? (source.minute + 1) * MINUTE_MS : Infinity
    const untilMs = Math.min(nowMs, minuteEndsMs - 1)
    for (let device = dueFirst(devices, untilMs); device; device = dueFirst(devices, untilMs))
      happen(unit, device)
    if (!isSite(source) || nowMs < minuteEndsMs) return
    stepSite(source)
    for (const device of devices) if (device.boost) noticeChange(device, source)
  }
}

/** Asks for a boost of a device. Throws `RangeError` for what cannot be boosted at all. */
export function boostDevice(
  unit: Unit,
  device: Device,
  nowMs: number,
  course: BoostCourse = { fails: false, afterMs: null },
): BoostOutcome {
  const boost = boostOf(device)
  // What is recorded cannot be steered: there is nobody to signal to.
  if (!isSite(unit.source)) return { refused: 'no_active_session' }
  // Nobody there who would hear the signal.
  if (!device.authenticated || !device.online) return { refused: 'internal_error' }
  const outcome = decideBoost(boost, device.known, device.type === 'electric-vehicles')
  if (outcome === 'armed') boost.armed = true
  if (outcome === 'requested') request(device, nowMs, course)
  if (typeof outcome === 'string') touchDevice(unit, device, nowMs, false)
  return outcome
}

/** Takes back an armed boost; a wallbox also stops a live one. Throws as `boostDevice` does. */
export function unboostDevice(unit: Unit, device: Device, nowMs: number): void {
  const boost = boostOf(device)
  boost.armed = false
  const stops = device.type === 'wallboxes' && boost.phase !== 'none'
  if (stops) boost.phase = 'none'
  touchDevice(unit, device, nowMs, stops)
}

/** Stops charging at the car: boosts are over, and it waits until it is told otherwise. */
export function stopAtCar({ source, devices }: Unit): void {
  for (const { boost } of devices) if (boost) boost.phase = 'none'
  if (isSite(source)) source.chargeByHand = 'wait'
}

/** Decides power afresh, after anything was changed by hand; lets the device report at once when asked. */
export function touchDevice(unit: Unit, device: Device, nowMs: number, reports: boolean): void {
  decideAnew(unit)
  if (reports) report(unit, device, nowMs)
}

/** The manufacturer link lapses: the device is no longer heard, and its user is asked to reconnect. */
export function lapse(device: Device, atMs: number): void {
  device.authenticated = false
  device.cues = [reauthenticate(device)]
  device.updatedAtMs = atMs
  device.lapsesAtMs = null
}

/** The link is up again; the device reports in a few seconds. */
export function reconnect(device: Device, atMs: number): void {
  device.authenticated = true
  device.cues = device.cues.filter((cue) => cue.code !== 'reauthenticate')
  device.updatedAtMs = atMs
  device.dueMs = Math.min(device.dueMs, atMs + FIRST_REPORT_MS)
}

/** A device that has just been connected tells of itself within seconds. */
export const FIRST_REPORT_MS = 8_000

/** The device with the next thing to happen until a moment, boost before report; `null` when there is none. */
function dueFirst(devices: Device[], untilMs: number): Device | null {
  let first: Device | null = null
  let firstMs = untilMs + 1
  for (const device of devices) {
    const dueMs = device.boost ? Math.min(boostDueMs(device.boost), device.dueMs) : device.dueMs
    if (dueMs < firstMs) {
      first = device
      firstMs = dueMs
    }
  }
  return first
}

function happen(unit: Unit, device: Device): void {
  const { boost } = device
  if (boost?.phase === 'ongoing' && boostDueMs(boost) <= device.dueMs) {
    const atMs = boostDueMs(boost)
    stopAtCar(unit)
    touchDevice(unit, device, atMs, true)
    return
  }
  if (boost?.phase === 'requested' && boost.dueMs <= device.dueMs) {
    const atMs = boost.dueMs
    const starts =
      boost.willStart && isSite(unit.source) && unit.source.car.pluggedIn && unit.source.car.atHome
    boost.phase = starts ? 'ongoing' : 'none'
    boost.stopsMs = boost.lastsMs === null ? null : atMs + boost.lastsMs
    touchDevice(unit, device, atMs, true)
    return
  }
  const atMs = device.dueMs
  if (device.lapsesAtMs !== null && atMs >= device.lapsesAtMs) lapse(device, device.lapsesAtMs)
  report(unit, device, atMs)
}

/** Takes a report, if the device is heard, and sets the time of the next. */
function report(unit: Unit, device: Device, atMs: number): void {
  device.dueMs = nextReportMs(device.rhythm, atMs)
  if (device.frozen || !device.authenticated || !device.online) return
  const { source } = unit
  const reading = isSite(source) ? readDevice(device.spec, source) : source.reading(device.type, atMs)
  if (!reading) return
  const before = device.known
  device.reading = reading
  device.readAtMs = atMs
  if (!device.boost) return
  device.known = isSite(source)
    ? knownCharging(source)
    : {
        pluggedIn: reading['is_plugged_in'] === true,
        charging: reading['is_charging'] === true,
        full: false,
        steered: false,
      }
  const { boost, known } = device
  if (boost.phase === 'requested' && boost.willStart && known.charging) {
    boost.phase = 'ongoing'
    boost.stopsMs = boost.lastsMs === null ? null : atMs + boost.lastsMs
  }
  if (boost.phase === 'requested' && !known.pluggedIn) boost.phase = 'none'
  if (boost.phase === 'ongoing' && !known.charging) endBoost(unit, device)
  if (device.boost.armed && device.known.pluggedIn && !before.pluggedIn) fireArmed(device, atMs)
}

function fireArmed(device: Device, atMs: number): void {
  const { boost, known } = device
  if (!boost) return
  boost.armed = false
  if (!known.full && boost.phase === 'none') request(device, atMs, { fails: false, afterMs: null })
}

function request(device: Device, nowMs: number, course: BoostCourse): void {
  const { boost } = device
  if (!boost) return
  boost.phase = 'requested'
  boost.count++
  boost.willStart = !course.fails
  boost.lastsMs = course.lastsMs ?? null
  boost.stopsMs = null
  // Waking a car and closing its contactor takes this long; giving up takes longer.
  const delayMs =
    course.afterMs ?? Math.round(between(20, 60, keyOf(device.rhythm.key, 'boost'), boost.count)) * 1000
  boost.dueMs = nowMs + (course.fails && course.afterMs === null ? 90_000 : delayMs)
}

function boostOf({ boost }: Device): Boost {
  if (!boost) throw new RangeError('Only vehicles and wallboxes can be boosted.')
  return boost
}

function endBoost(unit: Unit, device: Device): void {
  if (device.boost) device.boost.phase = 'none'
  decideAnew(unit)
}

function decideAnew({ source, devices }: Unit): void {
  if (!isSite(source)) return
  source.boosting = devices.some(({ boost }) => boost?.phase === 'ongoing')
  forgetChargePlan(source)
  decidePower(source)
}

/** Vehicles and wallboxes tell of changes within seconds, whatever their rhythm. */
function noticeChange(device: Device, site: Site): void {
  const { known } = device
  const charging = site.flows.carW > 0
  if (known.pluggedIn === site.car.pluggedIn && known.charging === charging) return
  const startMs = site.minute * MINUTE_MS
  const delayMs = Math.round(between(3, 25, device.rhythm.key ^ 0xde1a, site.minute)) * 1000
  device.dueMs = Math.min(device.dueMs, startMs + delayMs)
}
