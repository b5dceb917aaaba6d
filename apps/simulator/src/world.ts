import type { DeviceType } from '@homewatt/contract'
import { decideBoost, type BoostOutcome } from './boost.ts'
import { createDevice, reauthenticate, type Device } from './devices.ts'
import { between, keyOf } from './hash.ts'
import {
  homeNames,
  homeOf,
  personOf,
  placeOf,
  userIdOf,
  type HomeSpec,
  type Person,
  type UnitSpec,
} from './homes/cast.ts'
import {
  createSite,
  decidePower,
  forgetChargePlan,
  stepSite,
  type Site,
  type SiteSpec,
} from './homes/site.ts'
import type { ChargingSettings, HeatPumpSettings, InverterSettings } from './homes/settings.ts'
import { createWeather, type Weather } from './homes/weather.ts'
import type { Place } from './places.ts'
import { createMarket, type Market } from './prices.ts'
import { knownCharging, readDevice, type Reading } from './readings.ts'
import { nextReportMs } from './rhythm.ts'

/** One user's whole home, alive up to the moment it was last looked at. */
export type Home = {
  readonly name: string
  readonly userId: string
  readonly spec: HomeSpec
  readonly units: Unit[]
  readonly devices: Device[]
  /** Which side of the documents' contradictions this home's answers take. */
  variants: Variants
}

/** A building and the devices in it. */
type Unit = { source: Source; devices: Device[] }

/** Where a building's readings come from: physics, or somebody's measurements. */
export type Source = Site | Recording

/** Recorded measurements, see `replay.ts`. */
export type Recording = {
  /** What the devices of a type reported at a moment; `null` where the recording has nothing. */
  reading(type: DeviceType, atMs: number): Reading | null
}

export type Variants = {
  resolutionLink: 'object' | 'string'
  owner: 'object' | 'id' | 'user_id'
}

/** A home as the lists know it, without having to live through its day. */
export type HomeHead = { name: string; userId: string; person: Person; place: Place }

/** A recorded home, ready to move in. */
export type RecordedHome = { spec: HomeSpec; recording: Recording }

export type World = {
  readonly seed: number
  readonly market: Market
  /** All homes, in the order of the user list. */
  heads(): readonly HomeHead[]
  /** The home of a user at a moment; `null` for an unknown id. Time only goes forward. */
  homeAt(userId: string, nowMs: number): Home | null
  homeNamed(name: string, nowMs: number): Home | null
  /** The name of a user's home. */
  nameOf(userId: string): string | null
  /** Asks for a boost. Says nothing of whether the answer arrives. */
  boost(home: Home, device: Device, nowMs: number, course?: BoostCourse): BoostOutcome
  /** Takes back an armed boost; a wallbox also stops a live one. */
  unboost(home: Home, device: Device, nowMs: number): void
  /** The simulated building that a device is in; `null` when its readings are recorded. */
  siteOf(home: Home, device: Device): Site | null
  /** After anything was changed by hand: decides power afresh, and lets `device` report at once when asked. */
  touch(home: Home, device: Device, nowMs: number, report: boolean): void
}

/** How a boost goes, when a fault says so. */
export type BoostCourse = { fails: boolean; afterMs: number | null }

/**
 * The homes of a run. They cost nothing until somebody looks; then they live through the time since the start,
 * minute by minute, so that pushing the clock by a day is the same as waiting for it.
 */
export function createWorld(options: {
  seed: number
  homes: number
  startMs: number
  recorded: RecordedHome[]
}): World {
  const { seed, startMs, recorded } = options
  const market = createMarket(seed)
  const weathers = new Map<string, Weather>()
  const recordings = new Map(recorded.map((home) => [home.spec.name, home]))
  const heads: HomeHead[] = homeNames(options.homes).map((name) => ({
    name,
    userId: userIdOf(name),
    person: personOf(name),
    place: placeOf(seed, name),
  }))
  for (const { spec } of recorded) heads.push(spec)
  const names = new Map(heads.map((head) => [head.userId, head.name]))
  const known = new Set(names.values())
  const homes = new Map<string, Home>()

  function weatherOf(place: Place): Weather {
    let weather = weathers.get(place.town)
    if (!weather) weathers.set(place.town, (weather = createWeather(seed, place)))
    return weather
  }

  function open(name: string): Home {
    const recording = recordings.get(name)
    const spec = recording?.spec ?? homeOf(seed, name)
    const firstMinute = firstMinuteOf(startMs)
    const units = spec.units.map((unit): Unit => {
      const devices = unit.devices.map((device) => createDevice(seed, unit, device, startMs))
      const source: Source =
        recording?.recording ??
        createSite(
          siteOfUnit(unit),
          { weather: weatherOf(spec.place), market },
          settingsOf(devices),
          firstMinute,
        )
      for (const device of devices) device.dueMs = nextReportMs(device.rhythm, firstMinute * MINUTE_MS)
      return { source, devices }
    })
    return {
      name,
      userId: spec.userId,
      spec,
      units,
      devices: units.flatMap((unit) => unit.devices),
      variants: { resolutionLink: 'object', owner: 'object' },
    }
  }

  function homeNamed(name: string, nowMs: number): Home | null {
    let home = homes.get(name)
    if (!home) {
      if (!known.has(name)) return null
      homes.set(name, (home = open(name)))
    }
    for (const unit of home.units) liveUntil(unit, nowMs)
    return home
  }

  function unitOf(home: Home, device: Device): Unit {
    const unit = home.units.find((u) => u.devices.includes(device))
    if (!unit) throw new RangeError('The device is not of this home.')
    return unit
  }

  return {
    seed,
    market,
    heads: () => heads,
    homeNamed,
    homeAt(userId, nowMs) {
      const name = names.get(userId)
      return name === undefined ? null : homeNamed(name, nowMs)
    },
    nameOf: (userId) => names.get(userId) ?? null,
    boost(home, device, nowMs, course = { fails: false, afterMs: null }) {
      const { boost } = device
      if (!boost) throw new RangeError('Only vehicles and wallboxes can be boosted.')
      // What is recorded cannot be steered: there is nobody to signal to.
      if (!isSite(unitOf(home, device).source)) return { refused: 'no_active_session' }
      const outcome = decideBoost(boost, device.known, device.type === 'electric-vehicles')
      if (outcome === 'armed') boost.armed = true
      if (outcome === 'requested') request(device, nowMs, course)
      if (typeof outcome === 'string') touchUnit(unitOf(home, device), device, nowMs, false)
      return outcome
    },
    unboost(home, device, nowMs) {
      const { boost } = device
      if (!boost) throw new RangeError('Only vehicles and wallboxes can be boosted.')
      boost.armed = false
      const stops = device.type === 'wallboxes' && boost.phase !== 'none'
      if (stops) boost.phase = 'none'
      touchUnit(unitOf(home, device), device, nowMs, stops)
    },
    siteOf(home, device) {
      const { source } = unitOf(home, device)
      return isSite(source) ? source : null
    },
    touch: (home, device, nowMs, report) => touchUnit(unitOf(home, device), device, nowMs, report),
  }
}

const MINUTE_MS = 60_000
const DAY_MIN = 1440

/** Homes live at least a day before the start; beginning at midnight makes runs of one day agree. */
const firstMinuteOf = (startMs: number) => Math.floor(startMs / MINUTE_MS / DAY_MIN) * DAY_MIN - DAY_MIN

function siteOfUnit({ site }: UnitSpec): SiteSpec {
  if (!site) throw new RangeError('A building without physics needs a recording.')
  return site
}

const isSite = (source: Source): source is Site => 'spec' in source

function settingsOf(devices: Device[]): Site['settings'] {
  const of = (type: DeviceType) => devices.find((device) => device.type === type)?.settings ?? null
  return {
    heatPump: of('heat-pumps') as HeatPumpSettings | null,
    vehicle: of('electric-vehicles') as ChargingSettings | null,
    wallbox: of('wallboxes') as ChargingSettings | null,
    inverter: of('inverters') as InverterSettings | null,
  }
}

/** Lets a building live up to a moment, in the order in which things happen. */
function liveUntil(unit: Unit, nowMs: number): void {
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

/** The device with the next thing to happen until a moment, boost before report; `null` when there is none. */
function dueFirst(devices: Device[], untilMs: number): Device | null {
  let first: Device | null = null
  let firstMs = untilMs + 1
  for (const device of devices) {
    const dueMs =
      device.boost?.phase === 'requested' ? Math.min(device.boost.dueMs, device.dueMs) : device.dueMs
    if (dueMs < firstMs) {
      first = device
      firstMs = dueMs
    }
  }
  return first
}

function happen(unit: Unit, device: Device): void {
  const { boost } = device
  if (boost?.phase === 'requested' && boost.dueMs <= device.dueMs) {
    const atMs = boost.dueMs
    const starts =
      boost.willStart && isSite(unit.source) && unit.source.car.pluggedIn && unit.source.car.atHome
    boost.phase = starts ? 'ongoing' : 'none'
    touchUnit(unit, device, atMs, true)
    return
  }
  const atMs = device.dueMs
  if (device.lapsesAtMs !== null && atMs >= device.lapsesAtMs) lapse(device, device.lapsesAtMs)
  report(unit, device, atMs)
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
  device.cues = []
  device.updatedAtMs = atMs
  device.dueMs = Math.min(device.dueMs, atMs + 8_000)
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
  if (device.boost.phase === 'ongoing' && !device.known.charging) endBoost(unit, device)
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
  // Waking a car and closing its contactor takes this long; giving up takes longer.
  const delayMs =
    course.afterMs ?? Math.round(between(20, 60, keyOf(device.rhythm.key, 'boost'), boost.count)) * 1000
  boost.dueMs = nowMs + (course.fails && course.afterMs === null ? 90_000 : delayMs)
}

function endBoost(unit: Unit, device: Device): void {
  if (device.boost) device.boost.phase = 'none'
  if (!isSite(unit.source)) return
  unit.source.boosting = unit.devices.some((d) => d.boost?.phase === 'ongoing')
  forgetChargePlan(unit.source)
  decidePower(unit.source)
}

function touchUnit(unit: Unit, device: Device, nowMs: number, reports: boolean): void {
  const { source } = unit
  if (isSite(source)) {
    source.boosting = unit.devices.some((d) => d.boost?.phase === 'ongoing')
    forgetChargePlan(source)
    decidePower(source)
  }
  if (reports) report(unit, device, nowMs)
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
