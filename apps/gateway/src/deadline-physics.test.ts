import { readDevice, readings, samples, type WeeklyChargePolicy } from '@homewatt/contract'
import { deadlineVerdict, plannedDeadline, type DeadlineVerdict } from '@homewatt/display'
import { expect, test } from 'vitest'
import { minuteOfLocal } from '../../simulator/src/calendar.ts'
import { between, chance, keyOf, pick } from '../../simulator/src/hash.ts'
import { homeOf } from '../../simulator/src/homes/cast.ts'
import { isFull } from '../../simulator/src/homes/charging.ts'
import type { ChargingSettings } from '../../simulator/src/homes/settings.ts'
import { createSite, stepSite, type Site } from '../../simulator/src/homes/site.ts'
import { createWeather } from '../../simulator/src/homes/weather.ts'
import { createMarket } from '../../simulator/src/prices.ts'
import { seenRate, type Spell } from './charge-rates.ts'

/** `LONG=1` for ten times as many. */
const CASES = process.env['LONG'] ? 100_000 : 10_000
const LOOKS_PER_STAY = 8
const zone = 'Europe/Berlin'
/** Both changes of the clock are among them. */
const days = ['2025-10-25', '2026-03-28', '2026-01-12', '2026-04-24', '2026-07-01', '2026-08-15']
const worlds = Array.from({ length: 12 }, (_, seed) => {
  const [unit] = homeOf(seed, 'full').units
  if (!unit?.site) throw new Error('Every home named full has a house.')
  const { place } = unit.site
  return { site: unit.site, around: { weather: createWeather(seed, place), market: createMarket(seed) } }
})

type Case = { look: Look; told: DeadlineVerdict; readyAs: boolean }
type Look = { n: number; mode: string; level: number; seen: readonly Spell[] }

test(
  'over generated cases against the physics of the simulator "yes" is never wrong and "no" hardly ever',
  { timeout: CASES * 30 },
  () => {
    const cases: Case[] = []
    for (let n = 0; cases.length < CASES; n++) cases.push(...stay(n))
    const of = (verdict: string) => cases.filter(({ told }) => told.verdict === verdict)
    const share = (some: readonly Case[]) => some.length / cases.length
    const [yes, no, tight] = [of('yes'), of('no'), of('tight')]
    const wrong = no.filter(({ readyAs }) => readyAs)
    const byPhysics = yes.filter(({ told }) => told.cause === null)
    const inTime = of('unknown').filter(({ told }) => told.plugInByMs !== null)
    process.stdout.write(
      `${cases.length} cases: ${yes.length} yes (${yes.length - byPhysics.length} of them there already), ${tight.length} tight, ${no.length} no (${wrong.length} wrong), ` +
        `${inTime.length} to be plugged in by a time\n`,
    )

    expect(yes.filter(({ readyAs }) => !readyAs)).toEqual([])
    // Whoever is told until when there is time to plug in, is ready after doing so in the last minute.
    expect(inTime.filter(({ readyAs }) => !readyAs)).toEqual([])
    expect(wrong.length).toBeLessThanOrEqual(0.05 * no.length)
    // And it is not by saying nothing that nothing is wrong.
    expect(share(byPhysics)).toBeGreaterThan(0.3)
    expect(share(no)).toBeGreaterThan(0.1)
    expect(share(tight)).toBeLessThan(0.15)
    expect(share(inTime)).toBeGreaterThan(0.02)
  },
)

/** A car that somebody brings home one day, looked at now and then until its deadline. */
function stay(n: number): Case[] {
  const key = keyOf('stay', n)
  const site = arrived(key)
  const vehicle = site.settings.vehicle
  if (!vehicle || !site.spec.car) throw new Error('The house has a car.')
  const fullW = site.spec.car.limitW
  const seen = Array.from({ length: Math.floor(chance(key, 1) * 5.5) }, (_, i) =>
    // What the sun leaves is less than the socket gives, and changes.
    chance(key, 10 + i) < 0.8
      ? { w: fullW, isSteady: true }
      : { w: Math.round(between(1_400, fullW, key, 20 + i)), isSteady: false },
  )
  const isPlugged = chance(key, 2) < 0.6
  site.car.pluggedIn = isPlugged

  const open: { told: DeadlineVerdict; atMin: number; look: Look }[] = []
  const cases: Case[] = []
  let nextLook = site.minute + Math.floor(between(1, 90, key, 3))
  let plugMin = isPlugged ? -Infinity : Infinity
  for (let looks = 0; looks < LOOKS_PER_STAY || open.length > 0;) {
    if (site.minute === nextLook && looks < LOOKS_PER_STAY) {
      looks++
      nextLook += Math.floor(between(1, 120, key, 100 + looks))
      const ageMin = Math.floor(between(0, 45, key, 200 + looks))
      const now = new Date((site.minute + ageMin) * 60_000)
      const reading = reported(site, seen)
      // Without a plan of its own every day is as the fields of the vehicle say.
      if (vehicle.weeklyPolicy)
        reading.next_deadline = plannedDeadline(reading, vehicle.weeklyPolicy, zone, now)
      const told = deadlineVerdict(reading, { timeZone: zone }, now)
      if (!told || told.atMs === null || told.percent === null) throw new Error('There is a deadline.')
      const look = { n, mode: site.settings.steering.mode, level: reading.battery_level ?? -1, seen }
      // A report can be so old that its deadline has passed since.
      open.push({ told, atMin: told.atMs / 60_000, look })
      // Once it is there, there is nothing more to tell.
      if (told.cause === 'reached') looks = LOOKS_PER_STAY
      if (!isPlugged && plugMin === Infinity) {
        plugMin = told.plugInByMs === null ? site.minute + ageMin : Math.floor(told.plugInByMs / 60_000)
        looks = LOOKS_PER_STAY
      }
    }
    for (const { told, atMin, look } of open)
      if (site.minute === atMin)
        cases.push({ told, look, readyAs: percentNow(site) >= Math.min(100, told.percent ?? 0) })
    open.splice(0, open.length, ...open.filter(({ atMin }) => atMin > site.minute))
    if (site.minute >= plugMin) site.car.pluggedIn = true
    stepSite(site)
  }
  return cases
}

/** A house with a car at a moment of an afternoon, evening or night; only its people and its roof use power besides. */
function arrived(key: number): Site {
  const world = pick(worlds, key, 30)
  const day = Date.parse(pick(days, key, 31)) / 86_400_000
  const minute = minuteOfLocal(zone, day, Math.floor(between(12 * 60, 28 * 60, key, 32)))
  const car = {
    capacityWh: Math.round(between(30_000, 100_000, key, 33)),
    limitW: pick([2_300, 3_700, 7_400, 11_000, 11_000, 22_000], key, 34),
    efficiency: between(0.86, 0.96, key, 35),
    whPerKm: 160,
    commuteKm: 30,
    workdays: [],
  }
  const spec = { ...world.site, heatPump: null, battery: null, car }
  const steering = {
    mode: pick(['spot', 'hems', 'hems_and_spot', 'none'] as const, key, 36),
    startW: 1_800,
    stopW: 900,
  }
  const settings = { heatPump: null, wallbox: null, inverter: null, vehicle: wished(key, minute), steering }
  const site = createSite(spec, world.around, settings, minute)
  site.car = { storedWh: car.capacityWh * 0.8 * chance(key, 37), atHome: true, pluggedIn: true }
  site.carHeldUntilMin = Infinity
  site.boosting = chance(key, 38) < 0.1
  return site
}

function wished(key: number, minute: number): ChargingSettings {
  const pausedMin = minute + Math.floor(between(0, 16 * 60, key, 40))
  const isPaused = chance(key, 41) < 0.15
  return {
    is_smart_optimization_active: chance(key, 42) < 0.85,
    is_pause_power_active: isPaused,
    pause_power_until: isPaused && chance(key, 43) < 0.8 ? new Date(pausedMin * 60_000).toISOString() : null,
    is_charge_policy_enabled: true,
    charge_deadline_at: timeOfDay(key, 44),
    minimum_charge_limit: Math.round(between(30, 100, key, 45)),
    charge_target_max: chance(key, 46) < 0.6 ? null : Math.round(between(60, 100, key, 47)),
    weeklyPolicy: chance(key, 48) < 0.3 ? week(key) : null,
  }
}

function week(key: number): WeeklyChargePolicy {
  const entry = (i: number) =>
    chance(key, 50 + i) < 0.3
      ? null
      : {
          charge_percentage: Math.round(between(30, 100, key, 60 + i)),
          charge_deadline: timeOfDay(key, 70 + i),
        }
  const [mon, tue, wed, thu, fri, sat, sun] = [0, 1, 2, 3, 4, 5, 6].map(entry)
  return { mon, tue, wed, thu, fri, sat, sun, timezone: zone } as WeeklyChargePolicy
}

/** Not in the hour that a night skips or has twice: which moment a partner takes there is nowhere written. */
function timeOfDay(key: number, index: number): string {
  const minute = Math.floor(between(3 * 60, 25.5 * 60, key, index)) % 1440
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** What the partner tells of the car just now. */
function reported(site: Site, seen: readonly Spell[]) {
  const settings = site.settings.vehicle
  const capacityWh = site.spec.car?.capacityWh ?? 0
  const read = readDevice(readings['electric-vehicles'], {
    ...samples['electric-vehicles'],
    is_plugged_in: site.car.pluggedIn,
    is_charging: site.flows.carW > 0,
    charge_rate_w: site.flows.carW,
    battery_level: percentNow(site),
    battery_capacity_kwh: capacityWh / 1000,
    is_fully_charged: isFull(site),
    boost_state: site.boosting ? 'ongoing' : 'available',
    ...settings,
    charge_target_max: settings?.charge_target_max ?? null,
    current_state_last_updated_at: new Date(site.minute * 60_000).toISOString(),
    manufacturer: null,
    model: null,
    building: null,
    expected_interval_s: 900,
    actions: null,
    boost_state_since: null,
    charge_rate_seen: seenRate(seen),
  })
  if (!read) throw new Error('The report cannot be read.')
  return read.device
}

const percentNow = ({ car, spec }: Site) => Math.round((car.storedWh / (spec.car?.capacityWh ?? 1)) * 100)
