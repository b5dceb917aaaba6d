import type { HeatPumpMode } from '@homewatt/contract'
import { localTime, QUARTERS_PER_DAY, type LocalTime } from '../calendar.ts'
import { chance } from '../hash.ts'
import type { Place } from '../places.ts'
import type { Market } from '../prices.ts'
import { importEurPerKwh } from '../tariff.ts'
import type { BatteryMode } from './battery-plan.ts'
import { ownBatteryW, planBatteryWhenDue } from './battery-steering.ts'
import { storedAfter, type BatterySpec } from './battery.ts'
import type { BuildingSpec, BuildingState } from './building.ts'
import { tripOf, type CarSpec, type CarState, type Trip } from './car.ts'
import {
  arrive,
  carPowerW,
  forgetChargePlan,
  noPlan,
  noteVisit,
  twinCarW,
  type ChargingPlan,
} from './charging.ts'
import { drive, followDiary, lastHomecoming } from './diary.ts'
import type { HeatPumpRun, HeatPumpSpec, HeatPumpState } from './heat-pump.ts'
import { decideHeat, heat, warmthAt } from './heating.ts'
import { createLedger, width, type Ledger } from './ledger.ts'
import { climbLadder, closeQuarter, meter, openQuarter } from './meter.ts'
import { peopleW, planDay, type DayPlan, type PeopleSpec } from './people.ts'
import type { ChargingSettings, ChargingSteering, HeatPumpSettings, InverterSettings } from './settings.ts'
import { solarW, type SolarSpec } from './solar.ts'
import { createTwin, type Twin } from './twin.ts'
import type { SunSpan, Visit } from './visits.ts'
import type { Sky, Weather } from './weather.ts'

/** One building with everything electrical in it: at most one of each device. */
export type SiteSpec = {
  key: number
  place: Place
  people: PeopleSpec
  building: BuildingSpec
  solar: SolarSpec | null
  battery: BatterySpec | null
  heatPump: HeatPumpSpec | null
  car: CarSpec | null
}

/** Power in the minute `minute`, whole watts; `solar + battery = household + grid`, always. */
export type Flows = {
  solarW: number
  peopleW: number
  heatPumpW: number
  carW: number
  householdW: number
  /** Positive = discharging. */
  batteryW: number
  /** Positive = export. */
  gridW: number
}

/** A building at a minute. Levels and temperatures are those at its start, `flows` last until its end. */
export type Site = {
  readonly spec: SiteSpec
  readonly around: Surroundings
  /** Minutes since the epoch, UTC. */
  minute: number
  flows: Flows
  sky: Sky
  local: LocalTime
  building: BuildingState
  heatPump: HeatPumpState
  run: HeatPumpRun
  mode: HeatPumpMode
  batteryWh: number
  car: CarState
  /** A car put somewhere by hand stays there until this minute, whatever its diary says. */
  carHeldUntilMin: number
  /** A boost of the vehicle or of its wallbox is under way: charge now, whatever the price. */
  boosting: boolean
  settings: SiteSettings
  plan: DayPlan
  trip: Trip | null
  charging: ChargingPlan
  /** Set by hand: the car waits, or charges, whatever the optimiser thinks. */
  chargeByHand: 'wait' | 'now' | null
  /** Whether this is a day on which anybody optimises: a rejected trade makes it a plain one. */
  steered: boolean
  batteryPlan: { firstQuarter: number; modes: BatteryMode[] }
  /** Load of people and heat pump as it usually is, Wh by quarter-hour of the UTC day. */
  usualWh: Float32Array
  /** Where the heat of the last minute went, W: into the emitters, into the rooms by itself, and outside. */
  heat: { heatingW: number; gainsW: number; lossW: number }
  /** The same building without optimisation. */
  twin: Twin
  /** The running quarter-hour, column by column. */
  tally: Float64Array
  /** EUR/kWh from the grid in the running quarter-hour. */
  importEurPerKwh: number
  ledger: Ledger
  /** The car's stay at the cable. */
  visit: Visit | null
  /** Stays that are over, since the ledger began. */
  visits: Visit[]
  sunSpan: SunSpan | null
  sunSpans: SunSpan[]
}

/** The settings of the devices of a building, where it has them. */
export type SiteSettings = {
  heatPump: HeatPumpSettings | null
  vehicle: ChargingSettings | null
  wallbox: ChargingSettings | null
  inverter: InverterSettings | null
  /** The home's, shared by its buildings. */
  steering: ChargingSteering
}

export type Surroundings = {
  weather: Weather
  market: Market
  /** UTC days, counted from the epoch, on which nothing is optimised. */
  plainDays?: ReadonlySet<number>
}

/**
 * A building as it might well be at `minute`; a day or two of `stepSite` later nothing of the guess is left. The
 * ledger begins at `recordFrom`.
 */
export function createSite(
  spec: SiteSpec,
  around: Surroundings,
  settings: SiteSettings,
  minute: number,
  recordFrom = minute,
): Site {
  const local = localTime(spec.place.timeZone, minute)
  const sky = around.weather.at(minute)
  const { building, heatPump } = warmthAt(sky.outdoorC)
  const run: HeatPumpRun = { electricW: 0, spaceHeatW: 0, tankHeatW: 0, cop: 0, tankLossW: 0, drawnW: 0 }
  const batteryWh = spec.battery ? spec.battery.capacityWh * FIRST_BATTERY_SHARE : 0
  const storedWh = spec.car ? firstChargeWh(spec, spec.car) : 0
  const homecoming = spec.car && lastHomecoming(spec, spec.car, local, minute)
  const site: Site = {
    spec,
    around,
    minute,
    settings,
    local,
    sky: { ...sky, sun: { ...sky.sun } },
    flows: { solarW: 0, peopleW: 0, heatPumpW: 0, carW: 0, householdW: 0, batteryW: 0, gridW: 0 },
    building,
    heatPump,
    run,
    mode: 'mid',
    batteryWh,
    car: { storedWh, atHome: true, pluggedIn: homecoming?.plugsIn ?? true },
    carHeldUntilMin: 0,
    boosting: false,
    plan: planDay(spec.key, spec.people, local.day, local.weekday),
    trip: spec.car && tripOf(spec.key, spec.car, local.day, local.weekday),
    charging: noPlan(),
    chargeByHand: null,
    steered: true,
    batteryPlan: { firstQuarter: 0, modes: [] },
    usualWh: new Float32Array(QUARTERS_PER_DAY).fill(100),
    heat: { heatingW: 0, gainsW: 0, lossW: 0 },
    twin: createTwin({ building, heatPump, run, carWh: storedWh, batteryWh }),
    tally: new Float64Array(width),
    importEurPerKwh: 0,
    ledger: createLedger(Math.ceil(recordFrom / 15)),
    visit: null,
    visits: [],
    sunSpan: null,
    sunSpans: [],
  }
  decide(site)
  openQuarter(site)
  if (spec.car && site.car.pluggedIn && site.car.atHome)
    site.visit = arrive(site, spec.car, homecoming?.minute ?? minute)
  return site
}

/** Brings what has just come into the building into a state to live on from; a car stands at the cable. */
export function furnish(site: Site, came: { heatPump: boolean; car: boolean; battery: boolean }): void {
  const { spec, local } = site
  if (came.heatPump) Object.assign(site, warmthAt(site.sky.outdoorC))
  if (came.battery && spec.battery) site.batteryWh = spec.battery.capacityWh * FIRST_BATTERY_SHARE
  if (came.car && spec.car) {
    site.car = { storedWh: firstChargeWh(spec, spec.car), atHome: true, pluggedIn: true }
    site.trip = tripOf(spec.key, spec.car, local.day, local.weekday)
    site.visit = arrive(site, spec.car, site.minute)
  }
  forgetChargePlan(site)
  decidePower(site)
  meetTwin(site)
}

const FIRST_BATTERY_SHARE = 0.3

const firstChargeWh = ({ key }: SiteSpec, car: CarSpec) => car.capacityWh * (0.5 + 0.25 * chance(key, 7))

/** Lives through the minute that was decided and decides the next. */
export function stepSite(site: Site): void {
  const { spec, flows, twin } = site
  noteVisit(site)
  if (spec.heatPump) heat(site, spec.heatPump)
  climbLadder(site)
  if (spec.battery) site.batteryWh = storedAfter(spec.battery, site.batteryWh, flows.batteryW)
  if (spec.car) {
    site.car.storedWh += (flows.carW * spec.car.efficiency) / 60
    twin.carWh += (twin.carW * spec.car.efficiency) / 60
    if (!site.car.atHome) drive(site, spec.car)
  }
  meter(site)
  site.minute++
  if (site.minute % 15 === 0) closeQuarter(site)
  decide(site)
}

/** Makes the twin what the building is, after somebody put the building into another state by hand. */
export function meetTwin(site: Site): void {
  const { building, heatPump, run, batteryWh } = site
  const { heatPumpW, carW } = site.twin
  site.twin = {
    ...createTwin({ building, heatPump, run, carWh: site.car.storedWh, batteryWh }),
    heatPumpW,
    carW,
  }
}

/** Decides car, battery and grid again within the minute, after somebody plugged, boosted or changed a setting. */
export function decidePower(site: Site): void {
  const { spec, flows, twin } = site
  flows.carW = spec.car ? carPowerW(site, spec.car) : 0
  twin.carW = spec.car ? twinCarW(site, spec.car) : 0
  flows.householdW = flows.peopleW + flows.heatPumpW + flows.carW
  const leftW = flows.solarW - flows.householdW
  flows.batteryW = spec.battery ? ownBatteryW(site, spec.battery, leftW) : 0
  flows.gridW = leftW + flows.batteryW
}

function decide(site: Site): void {
  const { spec, flows, around, minute } = site
  lookAround(site)
  if (minute % 15 === 0 || site.importEurPerKwh === 0) {
    const quarter = Math.floor(minute / 15)
    site.importEurPerKwh = importEurPerKwh(around.market.eurPerMwh(spec.place.priceZone, quarter))
    site.steered = !around.plainDays?.has(Math.floor(minute / 1440))
  }
  if (spec.car && minute >= site.carHeldUntilMin) followDiary(site, spec.car)
  flows.solarW = spec.solar ? solarW(spec.solar, site.sky) : 0
  flows.peopleW = peopleW(spec.key, spec.people, site.plan, minute, site.local.minute)
  if (spec.heatPump) decideHeat(site, spec.heatPump)
  if (spec.battery) planBatteryWhenDue(site, spec.battery)
  decidePower(site)
}

function lookAround(site: Site): void {
  const { spec, around, minute } = site
  const sky = around.weather.at(minute)
  const { sun } = site.sky
  sun.east = sky.sun.east
  sun.north = sky.sun.north
  sun.up = sky.sun.up
  site.sky.outdoorC = sky.outdoorC
  site.sky.cloud = sky.cloud
  site.sky.beamWm2 = sky.beamWm2
  site.sky.diffuseWm2 = sky.diffuseWm2
  site.sky.globalWm2 = sky.globalWm2
  // Within an hour the wall clock just ticks; zones change at full hours only.
  if (minute % 60 !== 0 && site.local.minute < 1439) site.local.minute++
  else site.local = localTime(spec.place.timeZone, minute)
  if (site.local.day !== site.plan.day) {
    const { day, weekday } = site.local
    site.plan = planDay(spec.key, spec.people, day, weekday)
    site.trip = spec.car && tripOf(spec.key, spec.car, day, weekday)
  }
}

/** A building as it would go on from here under other prices; what becomes of it changes nothing of the first. */
export function branchSite(site: Site, around: Surroundings): Site {
  const { spec, settings } = site
  const shared = { spec: null, settings: null, around: null, ledger: null, visits: null, sunSpans: null }
  return {
    ...(structuredClone({ ...site, ...shared }) as unknown as Site),
    spec,
    settings,
    around,
    ledger: createLedger(Math.floor(site.minute / 15)),
    visits: [],
    sunSpans: [],
    batteryPlan: { firstQuarter: 0, modes: [] },
    charging: noPlan(),
  }
}
