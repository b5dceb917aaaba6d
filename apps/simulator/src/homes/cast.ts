import type { DeviceType } from '@homewatt/contract'
import { between, chance, keyOf, pick, uuidOf } from '../hash.ts'
import { places, type Place } from '../places.ts'
import type { BatterySpec } from './battery.ts'
import type { BuildingSpec } from './building.ts'
import type { CarSpec } from './car.ts'
import type { HeatPumpSpec } from './heat-pump.ts'
import type { SiteSpec } from './site.ts'
import type { SolarSpec } from './solar.ts'

/** Who lives in a home, as the Partner API's user record tells it. Everybody here is invented. */
export type Person = { firstName: string; lastName: string; email: string; street: string }

/** A device before it has lived. */
export type DeviceSpec = {
  id: string
  type: DeviceType
  manufacturer: string
  model: string
  year: number | null
  /** Heat pumps: whether there is an indoor sensor. */
  indoorSensor: boolean
  /** Vehicles: the limit set at the manufacturer, percent; `null`: none. */
  targetPercent: number | null
  optimised: boolean
  /** The manufacturer link lapsed this long before the start, ms; `null`: it is up. */
  lapsedMs: number | null
}

export type BuildingFacts = {
  /** `null` where devices stand together in no building that the service knows. */
  id: string | null
  name: string
  propertyType: string
  sizeM2: number
  age: number
  occupantType: string
  occupants: number
  /** Installed peak power of the panels, kW. */
  solarKw: number | null
  /** Recorded homes: capacity of the battery that was measured, kWh. */
  batteryKwh?: number
}

/** `site` is `null` where measurements take the place of physics. */
export type UnitSpec = { site: SiteSpec | null; facts: BuildingFacts; devices: DeviceSpec[] }

/** A home before it has lived: its person, its buildings and their devices. */
export type HomeSpec = { name: string; userId: string; person: Person; place: Place; units: UnitSpec[] }

/** Homes that exist for every seed, in the order of the user list. */
export const namedHomes = [
  'full',
  'solar',
  'solar-only',
  'heat',
  'car',
  'reconnect',
  'empty',
  'many',
] as const

/** Names of all homes of a run: the named ones, then `home-9`, `home-10` … up to `count`. */
export function homeNames(count: number): string[] {
  const more = Math.max(0, count - namedHomes.length)
  return [...namedHomes, ...Array.from({ length: more }, (_, i) => `home-${namedHomes.length + i + 1}`)]
}

/** Id of a home's user: the same for every seed. */
export const userIdOf = (name: string) => uuidOf('user', name)

export function personOf(name: string): Person {
  const key = keyOf('person', name)
  const firstName = pick(firstNames, key, 1)
  const lastName = pick(lastNames, key, 2)
  const plain = `${firstName}.${lastName}`
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z.]/g, '')
  return {
    firstName,
    lastName,
    email: `${plain}.${name}@${pick(['example.com', 'example.org', 'example.net'], key, 3)}`,
    street: `${pick(streets, key, 4)} ${1 + Math.floor(chance(key, 5) * 90)}`,
  }
}

/** Where a home stands, without making it. */
export const placeOf = (seed: number, name: string) => (plans[name] ?? generatedPlan(seed, name)).place

/** Makes a home. Ids depend on the name alone, sizes and habits also on the seed. */
export function homeOf(seed: number, name: string): HomeSpec {
  const plan = plans[name] ?? generatedPlan(seed, name)
  return {
    name,
    userId: userIdOf(name),
    person: personOf(name),
    place: plan.place,
    units: plan.buildings.map((types, index) => unitOf(seed, name, index, plan, types)),
  }
}

/** What a home is made of before chance has filled in the rest. */
export type Plan = {
  place: Place
  buildings: DeviceType[][]
  battery?: boolean
  peakW?: number
  indoorSensor?: boolean
  lapsed?: DeviceType
}

const hp: DeviceType = 'heat-pumps'
const ev: DeviceType = 'electric-vehicles'
const iv: DeviceType = 'inverters'
const wb: DeviceType = 'wallboxes'

const plans: Record<string, Plan> = {
  full: {
    place: places.freiburg,
    buildings: [[hp, ev, iv, wb]],
    battery: true,
    peakW: 9800,
    indoorSensor: true,
  },
  solar: { place: places.leipzig, buildings: [[iv]], battery: true, peakW: 8400 },
  'solar-only': { place: places.kassel, buildings: [[iv]], battery: false, peakW: 6300 },
  heat: { place: places.graz, buildings: [[hp]], indoorSensor: false },
  car: { place: places.leuven, buildings: [[ev]] },
  reconnect: { place: places.linz, buildings: [[iv, ev]], battery: true, peakW: 7600, lapsed: ev },
  empty: { place: places.winterthur, buildings: [] },
  many: {
    place: places.konstanz,
    buildings: [
      [hp, ev, iv, wb],
      [hp, ev, iv, wb],
      [hp, ev, iv, wb],
    ],
    battery: true,
    indoorSensor: true,
  },
}

function generatedPlan(seed: number, name: string): Plan {
  const key = keyOf(seed, 'plan', name)
  const likely: [DeviceType, number][] = [
    [hp, 0.6],
    [ev, 0.6],
    [iv, 0.75],
  ]
  const types = likely.filter(([, share], i) => chance(key, i) < share).map(([type]) => type)
  if (types.includes(ev) && chance(key, 4) < 0.5) types.push(wb)
  return {
    place: pick(Object.values(places), key, 5),
    buildings: [types.length > 0 ? types : [iv]],
    battery: chance(key, 6) < 0.6,
    indoorSensor: chance(key, 7) < 0.7,
  }
}

/** Makes one unit of a home: house, people and devices of the given types. */
export function unitOf(seed: number, name: string, index: number, plan: Plan, types: DeviceType[]): UnitSpec {
  const key = keyOf(seed, 'site', name, index)
  const has = (type: DeviceType) => types.includes(type)
  const sizeM2 = Math.round(between(105, 185, key, 1))
  const age = Math.round(between(1962, 2021, key, 2))
  const building = buildingSpec(sizeM2, age)
  const car = has(ev) || has(wb) ? carSpec(key) : null
  const solar = has(iv) ? solarSpec(key, plan.peakW) : null
  const occupants = 1 + Math.floor(chance(key, 3) * 4)
  return {
    site: {
      key,
      place: plan.place,
      people: {
        occupants,
        standbyW: between(75, 165, key, 4),
        coolingW: between(60, 105, key, 5),
        hasDryer: chance(key, 6) < 0.5,
      },
      building,
      solar,
      battery: has(iv) && plan.battery ? batterySpec(key) : null,
      heatPump: has(hp) ? heatPumpSpec(key, building, plan.place, age) : null,
      car,
    },
    facts: {
      id: uuidOf('building', name, index),
      name: ['Home', 'Holiday home', "Parents' house"][index] ?? `House ${index + 1}`,
      propertyType: pick(['Detached', 'Semi-detached', 'Terraced', 'End-terrace', 'Bungalow'], key, 8),
      sizeM2,
      age,
      occupantType: pick(
        ['Working adults', 'Young family', 'Older family', 'Retirees', 'At home adults'],
        key,
        9,
      ),
      occupants,
      solarKw: solar && solar.peakW / 1000,
    },
    devices: types.map((type) => deviceSpec(name, index, type, key, plan)),
  }
}

function deviceSpec(name: string, index: number, type: DeviceType, key: number, plan: Plan): DeviceSpec {
  const named = name in plans
  const [manufacturer, model, year] =
    (named && index === 0 ? models[type][0] : undefined) ?? pick(models[type], key, 20)
  const target = named ? 80 : pick([80, 80, 90, null], key, 21)
  return {
    id: uuidOf('device', name, type, index),
    type,
    manufacturer,
    model,
    year,
    indoorSensor: plan.indoorSensor ?? false,
    targetPercent: type === wb ? 100 : target,
    optimised: named || chance(key, 22) < 0.85,
    lapsedMs: plan.lapsed === type ? 20 * 3_600_000 : null,
  }
}

function buildingSpec(sizeM2: number, age: number): BuildingSpec {
  // A house of 1965 loses about 1.5 W per m² and kelvin, one of 2020 about 0.8.
  const lossWPerK = sizeM2 * (1.5 - 0.7 * Math.min(1, Math.max(0, (age - 1965) / 55)))
  return {
    lossWPerK,
    airJPerK: sizeM2 * 42_000,
    wallJPerK: sizeM2 * 640_000,
    wallWPerK: sizeM2 * 6.5,
    emitterJPerK: sizeM2 * 42_000,
    emitterWPerK: lossWPerK * 3.6,
    glassM2: sizeM2 * 0.045,
  }
}

function heatPumpSpec(key: number, building: BuildingSpec, place: Place, age: number): HeatPumpSpec {
  // Sized for the coldest days of the place.
  const needW = building.lossWPerK * (20 - (place.meanC - place.swingK - 11))
  return {
    ratedHeatW: Math.round((needW * 1.15) / 100) * 100,
    minShare: 0.28,
    designFlowC: age > 2000 ? 36 : between(40, 48, key, 30),
    flowWPerK: needW / 5.5,
    tankJPerK: between(0.9e6, 1.25e6, key, 31),
    tankLossWPerK: 1.9,
  }
}

function solarSpec(key: number, peakW?: number): SolarSpec {
  const installedW = peakW ?? Math.round(between(5200, 12_800, key, 40) / 100) * 100
  return {
    peakW: installedW,
    tiltDeg: between(25, 44, key, 41),
    azimuthDeg: between(150, 215, key, 42),
    limitW: Math.round((installedW * 0.95) / 100) * 100,
  }
}

function batterySpec(key: number): BatterySpec {
  const capacityWh = pick([7_700, 10_000, 10_200, 12_800], key, 50)
  return { capacityWh, limitW: Math.round(capacityWh * 0.48), efficiency: 0.96 }
}

function carSpec(key: number): CarSpec {
  return {
    capacityWh: pick([52_000, 58_000, 62_000, 77_000, 79_500], key, 60),
    limitW: pick([11_000, 11_000, 7_400], key, 61),
    efficiency: 0.91,
    whPerKm: between(145, 178, key, 62),
    commuteKm: between(16, 74, key, 63),
    workdays: chance(key, 64) < 0.6 ? [0, 1, 2, 3, 4] : [0, 1, 3],
  }
}

/** What the manufacturers of this world sell. */
export const models: Record<
  DeviceType,
  readonly (readonly [manufacturer: string, model: string, year: number | null])[]
> = {
  'heat-pumps': [
    ['Nibe', 'S2125-12', 2023],
    ['Vaillant', 'aroTHERM plus', 2022],
    ['Viessmann', 'Vitocal 250-A', 2021],
    ['Daikin', 'Altherma 3', null],
  ],
  'electric-vehicles': [
    ['Volkswagen', 'ID.3', 2023],
    ['Tesla', 'Model 3', 2022],
    ['Škoda', 'Enyaq', 2023],
    ['Hyundai', 'Kona Electric', 2021],
  ],
  inverters: [
    ['Fronius', 'Symo GEN24 10.0 Plus', 2022],
    ['SMA', 'Sunny Tripower 8.0', 2021],
    ['Huawei', 'SUN2000-8KTL', 2023],
    ['Kostal', 'Plenticore plus', 2020],
  ],
  wallboxes: [
    ['go-e', 'Charger Gemini', 2023],
    ['Keba', 'KeContact P40', 2024],
    ['Easee', 'Charge Core', 2022],
  ],
}

const firstNames = ['Anna', 'Lukas', 'Marie', 'Jonas', 'Katharina', 'Paul', 'Sophie', 'Felix', 'Clara', 'Matteo', 'Ilona', 'Stefan', 'Eva', 'Thomas', 'Lena', 'Andrei'] // prettier-ignore
const lastNames = ['Berger', 'Huber', 'Vogel', 'Keller', 'Winter', 'Lang', 'Moser', 'Brandt', 'Peeters', 'Nagy', 'Rossi', 'Popescu', 'Frei', 'Baumann', 'Sommer', 'Krüger'] // prettier-ignore
const streets = ['Lindenstraße', 'Am Mühlbach', 'Gartenweg', 'Bergstraße', 'Kirchgasse', 'Sonnenhang', 'Birkenweg', 'Talstraße'] // prettier-ignore
