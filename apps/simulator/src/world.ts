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
import type { BoostOutcome } from './boost.ts'
import { DAY_MIN, MINUTE_MS } from './calendar.ts'
import { createDevice, initialSteering, type Device } from './devices.ts'
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
import type {
  ChargingSettings,
  ChargingSteering,
  HeatPumpSettings,
  InverterSettings,
} from './homes/settings.ts'
import { createSite, furnish, type Site, type SiteSpec } from './homes/site.ts'
import { createWeather, type Weather } from './homes/weather.ts'
import { installInto, type Newcomer } from './installation.ts'
import type { Place } from './places.ts'
import { createMarket, type Market, type PriceSource } from './prices.ts'
import { nextReportMs } from './rhythm.ts'
import {
  boostDevice,
  FIRST_REPORT_MS,
  isSite,
  liveUntil,
  stopAtCar,
  touchDevice,
  unboostDevice,
  type BoostCourse,
  type Recording,
  type Source,
  type Unit,
} from './unit.ts'

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
    boost: (home, device, nowMs, course) => boostDevice(unitOf(home, device), device, nowMs, course),
    stopAtCar: (home, device) => stopAtCar(unitOf(home, device)),
    unboost: (home, device, nowMs) => unboostDevice(unitOf(home, device), device, nowMs),
    siteOf(home, device) {
      const { source } = unitOf(home, device)
      return isSite(source) ? source : null
    },
    touch: (home, device, nowMs, report) => touchDevice(unitOf(home, device), device, nowMs, report),
  }
}

/** Homes that stand for all, evenly spread over the list and no more than `most`, and for how many each stands. */
export function sampleOf(world: World, most: number): { heads: HomeHead[]; weight: number } {
  const heads = world.heads()
  const weight = Math.ceil(heads.length / most)
  return { heads: heads.filter((_, i) => i % weight === 0), weight }
}

const headOf = (name: string, userId: string, person: Person, place: Place): HomeHead => ({
  name,
  userId,
  place,
  user: residentOf(name, userId, person, place),
})

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
