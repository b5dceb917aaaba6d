import type { HeatPumpMode } from '@homewatt/contract'
import { localTime, minuteOfLocal, type LocalTime } from '../calendar.ts'
import { keyOf, chance } from '../hash.ts'
import { heatPumpMode, shifts } from '../optimizer.ts'
import type { Place } from '../places.ts'
import type { Market } from '../prices.ts'
import { importEurPerKwh, tariff } from '../tariff.ts'
import { planBattery, type BatteryMode, type Outlook } from './battery-plan.ts'
import { batteryW, storedAfter, type BatterySpec } from './battery.ts'
import { heatBuilding, type BuildingSpec, type BuildingState } from './building.ts'
import { chargeW, tripOf, tripWh, type CarSpec, type CarState, type Trip } from './car.ts'
import {
  arrive,
  carPowerW,
  followSun,
  percentOf,
  surplusW,
  targetPercent,
  twinCarW,
  type ChargingPlan,
} from './charging.ts'
import {
  heatTank,
  runHeatPump,
  type HeatPumpRun,
  type HeatPumpSpec,
  type HeatPumpState,
} from './heat-pump.ts'
import { at, createLedger, width, write, type Ledger } from './ledger.ts'
import { hotWaterW, peopleW, planDay, type DayPlan, type PeopleSpec } from './people.ts'
import {
  pausedAt,
  type ChargingSettings,
  type ChargingSteering,
  type HeatPumpSettings,
  type InverterSettings,
} from './settings.ts'
import { solarW, type SolarSpec } from './solar.ts'
import { climb, createTwin, type Twin } from './twin.ts'
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

/** House and tank as they might well be in such weather. */
function warmthAt(outdoorC: number): { building: BuildingState; heatPump: HeatPumpState } {
  return {
    building: {
      airC: 21,
      wallC: 18.5 + 0.12 * outdoorC,
      emitterC: Math.max(21.5, 31 - 0.4 * outdoorC),
    },
    heatPump: { tankC: 47, meanOutdoorC: outdoorC, running: 'off', sinceMin: 60 },
  }
}

/** Lives through the minute that was decided and decides the next. */
export function stepSite(site: Site): void {
  const { spec, sky, flows, twin } = site
  noteVisit(site)
  if (spec.heatPump) {
    const hotWater = hotWaterW(site.plan, site.local.minute)
    site.heat.heatingW = site.run.spaceHeatW
    site.heat.gainsW = warm(site, site.building, site.run)
    site.heat.lossW = heatBuilding(
      spec.building,
      site.building,
      sky.outdoorC,
      site.heat.heatingW,
      site.heat.gainsW,
    )
    heatTank(spec.heatPump, site.heatPump, site.run, hotWater, site.building.airC, sky.outdoorC)
    const gainsW = warm(site, twin.building, twin.run)
    heatBuilding(spec.building, twin.building, sky.outdoorC, twin.run.spaceHeatW, gainsW)
    heatTank(spec.heatPump, twin.heatPump, twin.run, hotWater, twin.building.airC, sky.outdoorC)
  }
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
  flows.batteryW = spec.battery && hasBattery(site) ? ownBatteryW(site, spec.battery, leftW) : 0
  flows.gridW = leftW + flows.batteryW
}

/** Makes the next decision about charging afresh. */
export function forgetChargePlan(site: Site): void {
  site.charging = noPlan()
  if (site.visit) site.visit.undisturbed = false
}

export function isFull(site: Site): boolean {
  const { car } = site.spec
  return car !== null && chargeW(car, site.car.storedWh, targetPercent(site)) === 0
}

function decide(site: Site): void {
  const { spec, flows, around, minute, twin } = site
  lookAround(site)
  if (minute % 15 === 0 || site.importEurPerKwh === 0) {
    const quarter = Math.floor(minute / 15)
    site.importEurPerKwh = importEurPerKwh(around.market.eurPerMwh(spec.place.priceZone, quarter))
    site.steered = !around.plainDays?.has(Math.floor(minute / 1440))
  }
  if (spec.car && minute >= site.carHeldUntilMin) followDiary(site, spec.car)
  flows.solarW = spec.solar ? solarW(spec.solar, site.sky) : 0
  flows.peopleW = peopleW(spec.key, spec.people, site.plan, minute, site.local.minute)
  if (spec.heatPump) {
    const settings = site.settings.heatPump
    if ((settings?.is_smart_optimization_active && minute % 15 === 0) || minute === 0)
      site.mode = heatPumpMode(
        around.market.rank(spec.place.priceZone, minute / 15),
        settings?.optimization_level ?? 'Mid',
      )
    runHeatPump(
      spec.heatPump,
      twin.heatPump,
      twin.building,
      site.sky.outdoorC,
      heatWish(site, false),
      twin.run,
    )
    runHeatPump(
      spec.heatPump,
      site.heatPump,
      site.building,
      site.sky.outdoorC,
      heatWish(site, true),
      site.run,
    )
    twin.heatPumpW = twin.run.electricW
    flows.heatPumpW = site.run.electricW
  }
  if (spec.battery && (minute % PLAN_EVERY_MIN === 0 || site.batteryPlan.firstQuarter === 0))
    planAhead(site, spec.battery)
  decidePower(site)
}

/** Meters of the house as it would be with only some of its devices optimised. */
function climbLadder(site: Site): void {
  const { spec, flows, twin } = site
  const battery = spec.battery && hasBattery(site) ? spec.battery : null
  const limits = batteryLimits(site)
  const [none, heat, both] = twin.ladder
  if (!none || !heat || !both) return
  climb(none, battery, limits, flows.solarW, flows.peopleW + twin.heatPumpW + twin.carW)
  climb(heat, battery, limits, flows.solarW, flows.peopleW + flows.heatPumpW + twin.carW)
  climb(both, battery, limits, flows.solarW, flows.householdW)
}

/** Adds the minute that was lived to the running quarter-hour. */
function meter(site: Site): void {
  const { flows, tally, twin, car, visit, sunSpan } = site
  const add = (column: number, amount: number) => (tally[column] = (tally[column] ?? 0) + amount)
  add(at.solarWh, flows.solarW / 60)
  add(at.peopleWh, flows.peopleW / 60)
  add(at.batteryWh, flows.batteryW / 60)
  if (flows.gridW > 0) add(at.exportWh, flows.gridW / 60)
  else add(at.importWh, -flows.gridW / 60)
  if (site.spec.heatPump) {
    add(at.heatPumpWh, flows.heatPumpW / 60)
    add(at.twinHeatPumpWh, twin.heatPumpW / 60)
    add(at.heatWh, (site.run.spaceHeatW + site.run.tankHeatW) / 60)
  }
  if (!site.spec.car) return
  if (car.atHome) add(at.atHomeMin, 1)
  if (car.atHome && car.pluggedIn) add(at.pluggedMin, 1)
  if (twin.carW > 0) add(at.twinCarWh, twin.carW / 60)
  if (flows.carW === 0) return
  const solarWh = Math.min(flows.carW, Math.max(0, surplusW(site))) / 60
  const wh = flows.carW / 60
  add(at.carWh, wh)
  add(at.chargingMin, 1)
  add(at.carSolarWh, solarWh)
  tally[at.peakCarW] = Math.max(tally[at.peakCarW] ?? 0, flows.carW)
  const { feedInEurPerKwh } = tariff
  if (visit) {
    visit.energyWh += wh
    visit.chargingMin++
    visit.peakW = Math.max(visit.peakW, flows.carW)
    visit.lastChargeMin = site.minute
    visit.costEur += (solarWh * feedInEurPerKwh + (wh - solarWh) * site.importEurPerKwh) / 1000
  }
  if (sunSpan) {
    sunSpan.solarWh += solarWh
    sunSpan.savedEur += (solarWh * (site.importEurPerKwh - feedInEurPerKwh)) / 1000
  }
}

/** Writes the quarter-hour that has just ended into the ledger, and opens the next. */
function closeQuarter(site: Site): void {
  const { tally, twin, ledger } = site
  const quarter = site.minute / 15 - 1
  const bill = (importWh: number, exportWh: number) =>
    (importWh * site.importEurPerKwh - exportWh * tariff.feedInEurPerKwh) / 1000
  const bills = twin.ladder.map((step) => bill(step.importWh, step.exportWh))
  bills.push(bill(tally[at.importWh] ?? 0, tally[at.exportWh] ?? 0))
  const saved = (step: number) => (bills[step] ?? 0) - (bills[step + 1] ?? 0)
  tally[at.heatPumpSavedEur] = saved(0)
  tally[at.carSavedEur] = saved(1)
  tally[at.inverterSavedEur] = saved(2)
  if (site.visit) site.visit.savedEur += saved(1)
  write(ledger, quarter, tally)

  const usual = (tally[at.peopleWh] ?? 0) + (tally[at.heatPumpWh] ?? 0)
  const ofDay = ((quarter % QUARTERS_PER_DAY) + QUARTERS_PER_DAY) % QUARTERS_PER_DAY
  site.usualWh[ofDay] = (site.usualWh[ofDay] ?? 0) * 0.75 + usual * 0.25

  for (const step of twin.ladder) step.importWh = step.exportWh = 0
  openQuarter(site)
}

/** Begins a row: levels and temperatures are those at its start. */
function openQuarter(site: Site): void {
  const { tally, spec } = site
  tally.fill(0)
  if (spec.battery) tally[at.batteryPercent] = (site.batteryWh / spec.battery.capacityWh) * 100
  if (spec.car) tally[at.carPercent] = percentOf(spec.car, site.car.storedWh)
  tally[at.airC] = site.building.airC
  tally[at.tankC] = site.heatPump.tankC
  tally[at.outdoorC] = site.sky.outdoorC
  tally[at.mode] = modes.indexOf(site.mode)
}

/** Keeps the stay at the cable in step with the car. */
function noteVisit(site: Site): void {
  const { spec, car, minute, visit } = site
  if (!spec.car) return
  const plugged = car.pluggedIn && car.atHome
  if (visit) {
    visit.endPercent = percentOf(spec.car, car.storedWh)
    if (!plugged) {
      visit.unplugMin = minute
      if (minute >= site.ledger.firstQuarter * 15) site.visits.push(visit)
      site.visit = null
    } else if (visit.deadlineMin === minute) visit.levelAtDeadline = visit.endPercent
    if (site.boosting || site.chargeByHand) visit.undisturbed = false
  } else if (plugged) site.visit = arrive(site, spec.car, minute)
  followSun(site)
}

/** Looks over the quarter-hours whose prices are known and plans the battery through them. */
function planAhead(site: Site, battery: BatterySpec): void {
  const { minute, around, spec } = site
  const first = Math.floor(minute / 15)
  site.batteryPlan = { firstQuarter: first, modes: [] }
  if (!batteryIsOptimised(site)) return
  const last = Math.min(around.market.lastPublished(minute), first + MOST_AHEAD)
  const outlook: Outlook[] = []
  for (let quarter = first; quarter <= last; quarter++) {
    const ofDay = ((quarter % QUARTERS_PER_DAY) + QUARTERS_PER_DAY) % QUARTERS_PER_DAY
    const sunWh = spec.solar ? solarW(spec.solar, around.weather.at(quarter * 15 + 7)) / 4 : 0
    outlook.push({
      importEurPerKwh: importEurPerKwh(around.market.eurPerMwh(spec.place.priceZone, quarter)),
      exportEurPerKwh: tariff.feedInEurPerKwh,
      needWh: (site.usualWh[ofDay] ?? 0) - sunWh,
    })
  }
  site.batteryPlan.modes = planBattery(battery, batteryLimits(site), site.batteryWh, outlook)
}

/** What the real battery does: as planned, and otherwise as any battery does. */
function ownBatteryW(site: Site, spec: BatterySpec, leftW: number): number {
  const limits = batteryLimits(site)
  const { firstQuarter, modes: planned } = site.batteryPlan
  const mode = batteryIsOptimised(site) ? planned[Math.floor(site.minute / 15) - firstQuarter] : undefined
  // Filling up is charging from a surplus that the grid provides.
  if (mode === 'charge') return batteryW(spec, site.batteryWh, limits, Math.max(leftW, spec.limitW))
  if (mode === 'hold' && leftW <= 0) return 0
  return batteryW(spec, site.batteryWh, limits, leftW)
}

function batteryIsOptimised(site: Site): boolean {
  const settings = site.settings.inverter
  return (
    settings !== null &&
    settings.is_smart_optimization_active &&
    site.steered &&
    !pausedAt(settings, site.minute * 60_000)
  )
}

const hasBattery = ({ settings }: Site) => settings.inverter?.is_battery_connected !== false

const noPlan = (): ChargingPlan => ({
  quarter: -1,
  byPrice: false,
  fillPercent: 100,
  bySun: false,
  sunMinute: -1,
  sunW: 0,
})

const modes: readonly HeatPumpMode[] = ['min', 'low', 'mid', 'max']
const QUARTERS_PER_DAY = 96
const PLAN_EVERY_MIN = 360
const MOST_AHEAD = 144

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

function followDiary(site: Site, spec: CarSpec): void {
  const { car, trip } = site
  const away = trip !== null && site.local.minute >= trip.leaveMin && site.local.minute < trip.returnMin
  if (away && car.atHome) {
    car.atHome = car.pluggedIn = false
    site.charging = noPlan()
  } else if (!away && !car.atHome) {
    car.atHome = true
    // Whoever comes home nearly empty does not forget the cable.
    car.pluggedIn = (trip?.plugsIn ?? true) || car.storedWh < spec.capacityWh * 0.5
    site.charging = noPlan()
  }
}

/** When the car last came home before `minute`, and whether its cable was thought of; `null`: not for days. */
function lastHomecoming(
  { key, place }: SiteSpec,
  spec: CarSpec,
  local: LocalTime,
  minute: number,
): { minute: number; plugsIn: boolean } | null {
  for (let back = 0; back < 7; back++) {
    const day = local.day - back
    const trip = tripOf(key, spec, day, (((local.weekday - back) % 7) + 7) % 7)
    const homeMin = trip && minuteOfLocal(place.timeZone, day, trip.returnMin)
    if (trip && homeMin !== null && homeMin <= minute) return { minute: homeMin, plugsIn: trip.plugsIn }
  }
  return null
}

function drive({ car, twin, trip, local, sky }: Site, spec: CarSpec): void {
  if (!trip) return
  const wayMin = Math.max(5, Math.min((trip.returnMin - trip.leaveMin) / 2, trip.km / 2 / 0.8))
  if (local.minute >= trip.leaveMin + wayMin && local.minute < trip.returnMin - wayMin) return
  const leastWh = spec.capacityWh * 0.07
  const usedWh = tripWh(spec, trip.km, sky.outdoorC) / (2 * wayMin)
  // Below that it charges on the way, which is nobody's business here.
  const after = (storedWh: number) => Math.max(Math.min(storedWh, leastWh), storedWh - usedWh)
  car.storedWh = after(car.storedWh)
  twin.carWh = after(twin.carWh)
}

/**
 * Heat that comes into the rooms by itself, W: people, appliances, sun and tank; less what people let out through
 * windows.
 */
function warm({ spec, sky, flows }: Site, building: BuildingState, run: HeatPumpRun): number {
  const isWarm = building.airC > 23.5
  const sunW = spec.building.glassM2 * sky.globalWm2 * (isWarm ? 0.15 : 0.45)
  const airingW = isWarm ? spec.building.lossWPerK * 1.5 * Math.max(0, building.airC - sky.outdoorC) : 0
  return 0.65 * flows.peopleW + 65 * spec.people.occupants + sunW + run.tankLossW - airingW
}

function batteryLimits({ settings }: Site) {
  return {
    minPercent: settings.inverter?.min_battery_charge ?? 10,
    maxPercent: settings.inverter?.max_battery_charge ?? 95,
  }
}

const wish = { indoorC: 21, offsetK: 0, tankC: 48, spaceHeating: true, hotWater: true, paused: false }

/** What the household, and if asked the optimiser, want of the heat pump this minute. The object is reused. */
function heatWish(site: Site, optimised: boolean): typeof wish {
  const settings = site.settings.heatPump
  const atMs = site.minute * 60_000
  const away =
    settings?.is_away_mode_enabled === true &&
    atMs >= Date.parse(settings.away_mode_start ?? '') &&
    atMs < Date.parse(settings.away_mode_end ?? '')
  const shift =
    optimised && site.steered && settings?.is_smart_optimization_active
      ? shifts[site.mode]
      : { indoorK: 0, tankK: 0 }
  wish.indoorC = away ? (settings?.away_mode_minimum_temperature_limit ?? 16) : INDOOR_WISH_C
  const lowestC = away ? -Infinity : (settings?.minimum_temperature_limit ?? -Infinity)
  const offsetC = Math.max(
    lowestC,
    Math.min(settings?.maximum_temperature_limit ?? Infinity, wish.indoorC + shift.indoorK),
  )
  wish.offsetK = offsetC - wish.indoorC
  wish.tankC = Math.max(
    settings?.minimum_dhw_temperature_limit ?? 0,
    (settings?.dhw_standard_temperature ?? 48) + shift.tankK,
  )
  wish.spaceHeating = settings?.is_space_heating_enabled ?? true
  wish.hotWater = settings?.is_hot_water_heating_enabled ?? true
  wish.paused = settings !== null && pausedAt(settings, atMs)
  return wish
}

export const INDOOR_WISH_C = 21

/** Key of something that belongs to a building. */
export const siteKey = (seed: number, home: string, index: number) => keyOf(seed, 'site', home, index)

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
