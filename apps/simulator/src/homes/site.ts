import type { HeatPumpMode } from '@homewatt/contract'
import { localTime, minuteOfLocal, type LocalTime } from '../calendar.ts'
import { keyOf, chance } from '../hash.ts'
import { chargesNow, heatPumpMode, shifts } from '../optimizer.ts'
import type { Place } from '../places.ts'
import type { Market } from '../prices.ts'
import { batteryW, storedAfter, type BatterySpec } from './battery.ts'
import { heatBuilding, type BuildingSpec, type BuildingState } from './building.ts'
import { chargeW, tripOf, tripWh, type CarSpec, type CarState, type Trip } from './car.ts'
import {
  heatTank,
  runHeatPump,
  type HeatPumpRun,
  type HeatPumpSpec,
  type HeatPumpState,
} from './heat-pump.ts'
import { hotWaterW, peopleW, planDay, type DayPlan, type PeopleSpec } from './people.ts'
import { pausedAt, type ChargingSettings, type HeatPumpSettings, type InverterSettings } from './settings.ts'
import { solarW, type SolarSpec } from './solar.ts'
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
  charging: { quarter: number; yes: boolean }
  /** Set by hand: the car waits, or charges, whatever the optimiser thinks. */
  chargeByHand: 'wait' | 'now' | null
}

/** The settings of the devices of a building, where it has them. */
export type SiteSettings = {
  heatPump: HeatPumpSettings | null
  vehicle: ChargingSettings | null
  wallbox: ChargingSettings | null
  inverter: InverterSettings | null
}

export type Surroundings = { weather: Weather; market: Market }

/** A building as it might well be at `minute`; a day of `stepSite` later nothing of the guess is left. */
export function createSite(
  spec: SiteSpec,
  around: Surroundings,
  settings: SiteSettings,
  minute: number,
): Site {
  const local = localTime(spec.place.timeZone, minute)
  const sky = around.weather.at(minute)
  const site: Site = {
    spec,
    around,
    minute,
    settings,
    local,
    sky: { ...sky, sun: { ...sky.sun } },
    flows: { solarW: 0, peopleW: 0, heatPumpW: 0, carW: 0, householdW: 0, batteryW: 0, gridW: 0 },
    building: {
      airC: 21,
      wallC: 18.5 + 0.12 * sky.outdoorC,
      emitterC: Math.max(21.5, 31 - 0.4 * sky.outdoorC),
    },
    heatPump: { tankC: 47, meanOutdoorC: sky.outdoorC, running: 'off', sinceMin: 60 },
    run: { electricW: 0, spaceHeatW: 0, tankHeatW: 0, cop: 0 },
    mode: 'mid',
    batteryWh: spec.battery ? spec.battery.capacityWh * 0.3 : 0,
    car: {
      storedWh: spec.car ? spec.car.capacityWh * (0.5 + 0.25 * chance(spec.key, 7)) : 0,
      atHome: true,
      pluggedIn: true,
    },
    carHeldUntilMin: 0,
    boosting: false,
    plan: planDay(spec.key, spec.people, local.day, local.weekday),
    trip: spec.car && tripOf(spec.key, spec.car, local.day, local.weekday),
    charging: { quarter: -1, yes: false },
    chargeByHand: null,
  }
  decide(site)
  return site
}

/** Lives through the minute that was decided and decides the next. */
export function stepSite(site: Site): void {
  const { spec, sky, flows } = site
  const { outdoorC } = sky
  heatBuilding(spec.building, site.building, outdoorC, site.run.spaceHeatW, roomGainsW(site))
  if (spec.heatPump)
    heatTank(
      spec.heatPump,
      site.heatPump,
      site.run,
      hotWaterW(site.plan, site.local.minute),
      site.building.airC,
      outdoorC,
    )
  if (spec.battery) site.batteryWh = storedAfter(spec.battery, site.batteryWh, flows.batteryW)
  if (spec.car) {
    site.car.storedWh += (flows.carW * spec.car.efficiency) / 60
    if (!site.car.atHome) drive(site, spec.car)
  }
  site.minute++
  decide(site)
}

/** Decides car, battery and grid again within the minute, after somebody plugged, boosted or changed a setting. */
export function decidePower(site: Site): void {
  const { spec, flows } = site
  flows.carW =
    spec.car && wantsCharge(site, spec.car) ? chargeW(spec.car, site.car.storedWh, targetPercent(site)) : 0
  flows.householdW = flows.peopleW + flows.heatPumpW + flows.carW
  const surplusW = flows.solarW - flows.householdW
  flows.batteryW =
    spec.battery && site.settings.inverter?.is_battery_connected !== false
      ? batteryW(spec.battery, site.batteryWh, batteryLimits(site), surplusW)
      : 0
  flows.gridW = surplusW + flows.batteryW
}

/** Makes the next decision about charging afresh. */
export function forgetChargePlan(site: Site): void {
  site.charging.quarter = -1
}

/** The level a car is charged to, percent. */
export const targetPercent = ({ settings }: Site) =>
  (settings.vehicle ?? settings.wallbox)?.charge_target_max ?? 100

export function isFull(site: Site): boolean {
  const { car } = site.spec
  return car !== null && chargeW(car, site.car.storedWh, targetPercent(site)) === 0
}

function decide(site: Site): void {
  const { spec, flows, around, minute } = site
  lookAround(site)
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
    runHeatPump(spec.heatPump, site.heatPump, site.building, site.sky.outdoorC, heatWish(site), site.run)
    flows.heatPumpW = site.run.electricW
  }
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

function followDiary(site: Site, spec: CarSpec): void {
  const { car, trip } = site
  const away = trip !== null && site.local.minute >= trip.leaveMin && site.local.minute < trip.returnMin
  if (away && car.atHome) {
    car.atHome = car.pluggedIn = false
    forgetChargePlan(site)
  } else if (!away && !car.atHome) {
    car.atHome = true
    // Whoever comes home nearly empty does not forget the cable.
    car.pluggedIn = (trip?.plugsIn ?? true) || car.storedWh < spec.capacityWh * 0.5
    forgetChargePlan(site)
  }
}

function drive({ car, trip, local, sky }: Site, spec: CarSpec): void {
  if (!trip) return
  const wayMin = Math.max(5, Math.min((trip.returnMin - trip.leaveMin) / 2, trip.km / 2 / 0.8))
  if (local.minute >= trip.leaveMin + wayMin && local.minute < trip.returnMin - wayMin) return
  const leastWh = spec.capacityWh * 0.07
  // Below that it charges on the way, which is nobody's business here.
  car.storedWh = Math.max(
    Math.min(car.storedWh, leastWh),
    car.storedWh - tripWh(spec, trip.km, sky.outdoorC) / (2 * wayMin),
  )
}

function wantsCharge(site: Site, spec: CarSpec): boolean {
  const { car, minute } = site
  if (!car.pluggedIn || !car.atHome) return false
  if (site.boosting) return true
  if (site.chargeByHand) return site.chargeByHand === 'now'
  const settings = site.settings.vehicle ?? site.settings.wallbox
  if (!settings || !settings.is_smart_optimization_active)
    return !settings || !pausedAt(settings, minute * 60_000)
  if (pausedAt(settings, minute * 60_000)) return false
  const quarter = Math.floor(minute / 15)
  if (site.charging.quarter !== quarter) {
    const neededWh =
      Math.max(0, (targetPercent(site) / 100) * spec.capacityWh - car.storedWh) / spec.efficiency
    const charge = { neededWh, powerW: spec.limitW, deadlineMin: deadlineMin(site, settings) }
    site.charging.quarter = quarter
    site.charging.yes = chargesNow(site.around.market, site.spec.place.priceZone, minute, charge)
  }
  return site.charging.yes
}

/** When the car has to be ready: its policy's time, or seven in the morning. */
function deadlineMin(site: Site, settings: ChargingSettings): number {
  const [hours = 7, minutes = 0] = (
    settings.is_charge_policy_enabled && settings.charge_deadline_at ? settings.charge_deadline_at : '07:00'
  )
    .split(':')
    .map(Number)
  const zone = site.spec.place.timeZone
  const today = minuteOfLocal(zone, site.local.day, hours * 60 + minutes)
  return today > site.minute ? today : minuteOfLocal(zone, site.local.day + 1, hours * 60 + minutes)
}

/** Heat that comes into the rooms by itself: people, appliances, sun; less what people let out through windows. */
function roomGainsW({ spec, sky, flows, building }: Site): number {
  const warm = building.airC > 23.5
  const sunW = spec.building.glassM2 * sky.globalWm2 * (warm ? 0.15 : 0.45)
  const airingW = warm ? spec.building.lossWPerK * 1.5 * Math.max(0, building.airC - sky.outdoorC) : 0
  return 0.65 * flows.peopleW + 65 * spec.people.occupants + sunW - airingW
}

function batteryLimits({ settings }: Site) {
  return {
    minPercent: settings.inverter?.min_battery_charge ?? 10,
    maxPercent: settings.inverter?.max_battery_charge ?? 95,
  }
}

const wish = { indoorC: 21, offsetK: 0, tankC: 48, spaceHeating: true, hotWater: true, paused: false }

/** What the household and the optimiser want of the heat pump this minute. The object is reused. */
function heatWish(site: Site): typeof wish {
  const settings = site.settings.heatPump
  const atMs = site.minute * 60_000
  const away =
    settings?.is_away_mode_enabled === true &&
    atMs >= Date.parse(settings.away_mode_start ?? '') &&
    atMs < Date.parse(settings.away_mode_end ?? '')
  const shift = settings?.is_smart_optimization_active ? shifts[site.mode] : { indoorK: 0, tankK: 0 }
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
