import type { DeviceType } from '@homewatt/contract'
import {
  buildingOf,
  contractOf,
  placeNear,
  residentOf,
  type BuildingRecord,
  type ContractRecord,
  type UserRecord,
} from './accounts.ts'
import { boostDueMs, decideBoost, type BoostOutcome } from './boost.ts'
import { createDevice, initialSteering, reauthenticate, type Device } from './devices.ts'
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
  furnish,
  stepSite,
  type Site,
  type SiteSpec,
} from './homes/site.ts'
import type {
  ChargingSettings,
  ChargingSteering,
  HeatPumpSettings,
  InverterSettings,
} from './homes/settings.ts'
import { createWeather, type Weather } from './homes/weather.ts'
import { installInto, type Newcomer } from './installation.ts'
import type { Place } from './places.ts'
import { createMarket, type Market, type PriceSource } from './prices.ts'
import { knownCharging, readDevice, type Reading } from './readings.ts'
import { nextReportMs } from './rhythm.ts'

/** One user's whole home, alive up to the moment it was last looked at. */
export type Home = {
  readonly name: string
  readonly userId: string
  readonly spec: HomeSpec
  readonly units: Unit[]
  readonly devices: Device[]
  readonly user: UserRecord
  readonly buildings: BuildingRecord[]
  readonly contracts: ContractRecord[]
  /** Steering of all charging devices; change it in place, the buildings look at the same object. */
  readonly chargingConfig: ChargingSteering
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

/** A home as the lists know it, without having to live through its day. */
export type HomeHead = { name: string; userId: string; place: Place; user: UserRecord }

/** A recorded home, ready to move in. */
export type RecordedHome = { spec: HomeSpec; recording: Recording }

export type World = {
  readonly seed: number
  readonly market: Market
  readonly startMs: number
  /** From this minute on buildings remember what they lived through; what was before is in `history.ts`. */
  readonly ledgerFromMin: number
  /** UTC days, counted from the epoch, on which nothing is optimised, because a trade was rejected. */
  readonly plainDays: Set<number>
  /**
   * A building of a home as it was made, at an earlier time; `null` where there was none, or only measurements.
   * Its ledger begins at `recordFrom`.
   */
  ancestor(home: Home, unit: number, minute: number, recordFrom: number): Site | null
  /** All homes, in the order of the user list. */
  heads(): readonly HomeHead[]
  /** The home of a user at a moment; `null` for an unknown id. Time only goes forward. */
  homeAt(userId: string, nowMs: number): Home | null
  homeNamed(name: string, nowMs: number): Home | null
  /** The name of a user's home. */
  nameOf(userId: string): string | null
  /** Moves a new user in, who has no building and no device yet. The home is named `user-1`, `user-2` … */
  settle(user: UserRecord): HomeHead
  /** Puts a new device into a home. */
  install(home: Home, newcomer: Newcomer, nowMs: number): Device
  /** Asks for a boost. Says nothing of whether the answer arrives. */
  boost(home: Home, device: Device, nowMs: number, course?: BoostCourse): BoostOutcome
  /** Charging is stopped from the manufacturer's side: boosts end, and the car waits until it is told otherwise. */
  stopAtCar(home: Home, device: Device): void
  /** Takes back an armed boost; a wallbox also stops a live one. */
  unboost(home: Home, device: Device, nowMs: number): void
  /** The simulated building that a device is in; `null` when its readings are recorded. */
  siteOf(home: Home, device: Device): Site | null
  /** After anything was changed by hand: decides power afresh, and lets `device` report at once when asked. */
  touch(home: Home, device: Device, nowMs: number, report: boolean): void
}

/** How a boost goes, when a fault says so. */
export type BoostCourse = { fails: boolean; afterMs: number | null; lastsMs?: number | null }

/**
 * The homes of a run. They cost nothing until somebody looks; then they live through the time since the start,
 * minute by minute, so that pushing the clock by a day is the same as waiting for it.
 */
export function createWorld(options: {
  seed: number
  homes: number
  startMs: number
  recorded: RecordedHome[]
  /** Recorded prices, that go before the generated ones. */
  prices?: PriceSource
}): World {
  const { seed, startMs, recorded } = options
  const market = createMarket(seed, options.prices)
  const plainDays = new Set<number>()
  const ledgerFromMin = midnightOf(startMs)
  const weathers = new Map<string, Weather>()
  const recordings = new Map(recorded.map((home) => [home.spec.name, home]))
  const heads: HomeHead[] = homeNames(options.homes).map((name) =>
    headOf(name, userIdOf(name), personOf(name), placeOf(seed, name)),
  )
  for (const { spec } of recorded) heads.push(headOf(spec.name, spec.userId, spec.person, spec.place))
  const names = new Map(heads.map((head) => [head.userId, head.name]))
  const byName = new Map(heads.map((head) => [head.name, head]))
  const settled = new Map<string, HomeSpec>()
  const homes = new Map<string, Home>()

  function weatherOf(place: Place): Weather {
    let weather = weathers.get(place.town)
    if (!weather) weathers.set(place.town, (weather = createWeather(seed, place)))
    return weather
  }

  function open(name: string): Home {
    const recording = recordings.get(name)
    const spec = recording?.spec ?? settled.get(name) ?? homeOf(seed, name)
    const { user } = headNamed(name)
    const firstMinute = firstMinuteOf(startMs)
    const chargingConfig = initialSteering(spec)
    const units = spec.units.map((unit): Unit => {
      const devices = unit.devices.map((device) => createDevice(seed, unit, device, startMs))
      const source: Source =
        recording?.recording ??
        createSite(
          siteOfUnit(unit),
          { weather: weatherOf(spec.place), market, plainDays },
          settingsOf(devices, chargingConfig),
          firstMinute,
          ledgerFromMin,
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
      user,
      buildings: spec.units.flatMap(({ facts, devices }) =>
        facts.id === null
          ? []
          : [
              buildingOf(
                { ...facts, id: facts.id },
                user,
                devices.map(({ type }) => type),
              ),
            ],
      ),
      contracts: units.length > 0 ? [contractOf(name)] : [],
      chargingConfig,
    }
  }

  function headNamed(name: string): HomeHead {
    const head = byName.get(name)
    if (!head) throw new RangeError(`There is no home ${name}.`)
    return head
  }

  function siteFor(home: Home, index: number, nowMs: number): Site {
    const unit = home.spec.units[index]
    if (!unit) throw new RangeError('No such unit.')
    return createSite(
      siteOfUnit(unit),
      { weather: weatherOf(home.spec.place), market, plainDays },
      settingsOf([], home.chargingConfig),
      Math.floor(nowMs / MINUTE_MS),
    )
  }

  function homeNamed(name: string, nowMs: number): Home | null {
    let home = homes.get(name)
    if (!home) {
      if (!byName.has(name)) return null
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
    startMs,
    ledgerFromMin,
    plainDays,
    ancestor(home, index, minute, recordFrom) {
      if (recordings.has(home.name) || settled.has(home.name)) return null
      const spec = homeOf(seed, home.name)
      const unit = spec.units[index]
      if (!unit) return null
      const devices = unit.devices.map((device) => createDevice(seed, unit, device, startMs))
      const settings = settingsOf(devices, initialSteering(spec))
      const around = { weather: weatherOf(spec.place), market }
      return createSite(siteOfUnit(unit), around, settings, minute, recordFrom)
    },
    heads: () => heads,
    homeNamed,
    homeAt(userId, nowMs) {
      const name = names.get(userId)
      return name === undefined ? null : homeNamed(name, nowMs)
    },
    nameOf: (userId) => names.get(userId) ?? null,
    settle(user) {
      const name = `user-${settled.size + 1}`
      const place = placeNear(user)
      const person = {
        firstName: user.first_name ?? '',
        lastName: user.last_name ?? '',
        email: user.email,
        street: user.street_and_number ?? '',
      }
      const head = { name, userId: user.id, place, user }
      settled.set(name, { name, userId: user.id, person, place, units: [] })
      heads.push(head)
      names.set(user.id, name)
      byName.set(name, head)
      return head
    },
    install(home, newcomer, nowMs) {
      const housed = home.units.map((unit) => unit.devices.filter((device) => device.deletedAtMs === null))
      const { index, device, came } = installInto(
        seed,
        home.spec,
        housed,
        newcomer,
        home.devices.length,
        nowMs,
      )
      home.devices.push(device)
      const unit = home.units[index]
      if (unit) unit.devices.push(device)
      const there = unit ?? { devices: [device], source: siteFor(home, index, nowMs) }
      if (!unit) home.units.push(there)
      if (isSite(there.source)) {
        there.source.settings = settingsOf(there.devices, home.chargingConfig)
        if (unit) furnish(there.source, came)
      }
      device.dueMs = device.authenticated ? nowMs + FIRST_REPORT_MS : nextReportMs(device.rhythm, nowMs)
      return device
    },
    boost(home, device, nowMs, course = { fails: false, afterMs: null }) {
      const { boost } = device
      if (!boost) throw new RangeError('Only vehicles and wallboxes can be boosted.')
      // What is recorded cannot be steered: there is nobody to signal to.
      if (!isSite(unitOf(home, device).source)) return { refused: 'no_active_session' }
      // Nobody there who would hear the signal.
      if (!device.authenticated || !device.online) return { refused: 'internal_error' }
      const outcome = decideBoost(boost, device.known, device.type === 'electric-vehicles')
      if (outcome === 'armed') boost.armed = true
      if (outcome === 'requested') request(device, nowMs, course)
      if (typeof outcome === 'string') touchUnit(unitOf(home, device), device, nowMs, false)
      return outcome
    },
    stopAtCar(home, device) {
      stopUnit(unitOf(home, device))
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

const headOf = (name: string, userId: string, person: Person, place: Place): HomeHead => ({
  name,
  userId,
  place,
  user: residentOf(name, userId, person, place),
})

/** A device that has just been connected tells of itself within seconds. */
const FIRST_REPORT_MS = 8_000
const MINUTE_MS = 60_000
const DAY_MIN = 1440

/**
 * Homes live two days before the midnight (UTC) of the start, to forget how they were guessed to be; beginning at
 * midnight makes runs of one day agree.
 */
const firstMinuteOf = (startMs: number) => midnightOf(startMs) - 2 * DAY_MIN
const midnightOf = (ms: number) => Math.floor(ms / MINUTE_MS / DAY_MIN) * DAY_MIN

function siteOfUnit({ site }: UnitSpec): SiteSpec {
  if (!site) throw new RangeError('A building without physics needs a recording.')
  return site
}

export const isSite = (source: Source): source is Site => 'spec' in source

export function settingsOf(devices: Device[], steering: ChargingSteering): Site['settings'] {
  const of = (type: DeviceType) =>
    devices.find((d) => d.type === type && d.deletedAtMs === null)?.settings ?? null
  return {
    heatPump: of('heat-pumps') as HeatPumpSettings | null,
    vehicle: of('electric-vehicles') as ChargingSettings | null,
    wallbox: of('wallboxes') as ChargingSettings | null,
    inverter: of('inverters') as InverterSettings | null,
    steering,
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
    stopUnit(unit)
    touchUnit(unit, device, atMs, true)
    return
  }
  if (boost?.phase === 'requested' && boost.dueMs <= device.dueMs) {
    const atMs = boost.dueMs
    const starts =
      boost.willStart && isSite(unit.source) && unit.source.car.pluggedIn && unit.source.car.atHome
    boost.phase = starts ? 'ongoing' : 'none'
    boost.stopsMs = boost.lastsMs === null ? null : atMs + boost.lastsMs
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
  device.cues = device.cues.filter((cue) => cue.code !== 'reauthenticate')
  device.updatedAtMs = atMs
  device.dueMs = Math.min(device.dueMs, atMs + FIRST_REPORT_MS)
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

/** Stops charging at the car: boosts are over, and it waits until it is told otherwise. */
function stopUnit({ source, devices }: Unit): void {
  for (const { boost } of devices) if (boost) boost.phase = 'none'
  if (isSite(source)) source.chargeByHand = 'wait'
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
