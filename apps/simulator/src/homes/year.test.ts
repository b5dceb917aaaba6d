import { describe, expect, test } from 'vitest'
import { createDevice, initialSteering } from '../devices.ts'
import { createMarket } from '../prices.ts'
import { settingsOf } from '../world.ts'
import { homeOf, type UnitSpec } from './cast.ts'
import { PUMPS_W } from './heat-pump.ts'
import { at, width, type Column } from './ledger.ts'
import { createSite, stepSite, type Site } from './site.ts'
import { createWeather } from './weather.ts'

/** Two hundred homes take some minutes: `npm run test:long`. */
const homes = process.env['LONG'] ? 200 : 8
const startMin = Date.parse('2025-06-01T00:00:00Z') / 60_000
const yearMin = 365 * 1440

/** A home of its own market, weather, house and habits. */
function randomHome(n: number): { unit: UnitSpec; site: Site } {
  const seed = 1000 + n
  const spec = homeOf(seed, `home-${9 + n}`)
  const [unit] = spec.units
  if (!unit?.site) throw new Error('Every random home has a house.')
  const devices = unit.devices.map((device) => createDevice(seed, unit, device, startMin * 60_000))
  const around = { weather: createWeather(seed, spec.place), market: createMarket(seed) }
  const settings = settingsOf(devices, initialSteering(spec))
  return { unit, site: createSite(unit.site, around, settings, startMin) }
}

/** Largest imbalance of any step, W, and what else must never be. */
function liveAYear(site: Site): { worstW: Record<string, number>; broken: Set<string> } {
  const { spec, flows, building, heatPump, run } = site
  const worstW = { air: 0, tank: 0, compressor: 0, battery: 0, car: 0, plainBattery: 0, twinCar: 0, grid: 0 }
  const broken = new Set<string>()
  const note = (what: keyof typeof worstW, imbalanceW: number) => {
    // Not-a-number would never be the larger of two.
    if (!(Math.abs(imbalanceW) <= worstW[what])) worstW[what] = Math.abs(imbalanceW)
  }
  const never = (what: string, is: boolean) => {
    if (is) broken.add(what)
  }
  const { airJPerK, wallJPerK, emitterJPerK } = spec.building
  const storedJ = () =>
    building.airC * airJPerK + building.wallC * wallJPerK + building.emitterC * emitterJPerK
  const intoBatteryW = (w: number) =>
    spec.battery ? (w > 0 ? -w / spec.battery.efficiency : -w * spec.battery.efficiency) : 0
  const { minPercent, maxPercent } = {
    minPercent: site.settings.inverter?.min_battery_charge ?? 0,
    maxPercent: site.settings.inverter?.max_battery_charge ?? 100,
  }

  for (let minute = 0; minute < yearMin; minute++) {
    const before = {
      air: building.airC,
      wall: building.wallC,
      emitter: building.emitterC,
      tank: heatPump.tankC,
      batteryWh: site.batteryWh,
      carWh: site.car.storedWh,
      twinCarWh: site.twin.carWh,
      plainWh: site.twin.ladder.map((step) => step.storedWh),
      batteryW: flows.batteryW,
      carW: flows.carW,
      twinCarW: site.twin.carW,
      tankHeatW: run.tankHeatW,
      atHome: site.car.atHome,
    }
    note('grid', flows.solarW + flows.batteryW - flows.householdW - flows.gridW)
    note('grid', flows.householdW - flows.peopleW - flows.heatPumpW - flows.carW)
    never('sun at night or beyond the panels', flows.solarW < 0 || flows.solarW > (spec.solar?.limitW ?? 0))
    never('a house that uses nothing', flows.householdW <= 0)
    if (spec.heatPump && run.cop > 0) {
      note('compressor', run.spaceHeatW + run.tankHeatW - (flows.heatPumpW - PUMPS_W) * run.cop)
      never('a COP beyond physics', run.cop < 1.2 || run.cop > 6.6)
    }
    if (spec.car) {
      never('more than the cable carries', flows.carW > spec.car.limitW)
      never('charging without a cable', flows.carW > 0 && !(site.car.pluggedIn && site.car.atHome))
    }
    stepSite(site)
    if (spec.heatPump) {
      const { heatingW, gainsW, lossW } = site.heat
      const storedW =
        ((building.airC - before.air) * airJPerK +
          (building.wallC - before.wall) * wallJPerK +
          (building.emitterC - before.emitter) * emitterJPerK) /
        60
      note('air', storedW - (heatingW + gainsW - lossW))
      const tankW = ((heatPump.tankC - before.tank) * spec.heatPump.tankJPerK) / 60
      note('tank', tankW - (before.tankHeatW - run.tankLossW - run.drawnW))
      never('a tank out of range', heatPump.tankC < 25 || heatPump.tankC > 62)
      never('cold rooms', building.airC < 18.5)
      never('rooms without end', !Number.isFinite(storedJ()))
    }
    if (spec.battery) {
      note('battery', (site.batteryWh - before.batteryWh) * 60 - intoBatteryW(before.batteryW))
      site.twin.ladder.forEach((step, i) =>
        note('plainBattery', (step.storedWh - (before.plainWh[i] ?? 0)) * 60 - intoBatteryW(step.batteryW)),
      )
      const percent = (site.batteryWh / spec.battery.capacityWh) * 100
      never('a battery beyond its limits', percent < minPercent - 0.01 || percent > maxPercent + 0.01)
      never('a battery beyond its power', Math.abs(flows.batteryW) > spec.battery.limitW)
    }
    if (spec.car && before.atHome) {
      note('car', (site.car.storedWh - before.carWh) * 60 - before.carW * spec.car.efficiency)
      note('twinCar', (site.twin.carWh - before.twinCarWh) * 60 - before.twinCarW * spec.car.efficiency)
    }
  }
  return { worstW, broken }
}

function sumOf({ ledger }: Site, column: Column, from = 0, to = ledger.count): number {
  let sum = 0
  for (let row = from; row < to; row++) sum += ledger.rows[row * width + at[column]] ?? 0
  return sum
}

/** Share of what a house uses that does not come from the grid, in a span of quarter-hours. */
const selfSufficiency = (site: Site, from: number, to: number) => {
  const usedWh = (['peopleWh', 'heatPumpWh', 'carWh'] as const).reduce(
    (sum, column) => sum + sumOf(site, column, from, to),
    0,
  )
  return 1 - sumOf(site, 'importWh', from, to) / usedWh
}

describe.each(Array.from({ length: homes }, (_, n) => n))('a year of random home %i', (n) => {
  const { unit, site } = randomHome(n)
  const { worstW, broken } = liveAYear(site)
  const optimised = unit.devices.filter((device) => device.optimised).map((device) => device.type)
  const { spec } = site

  test('keeps all energy in every step, to 1e-6 W, in the house and in its twin', () => {
    for (const [what, imbalanceW] of Object.entries(worstW)) expect(imbalanceW, what).toBeLessThan(1e-6)
  })

  test('stays within limits and in comfort', () => {
    expect([...broken]).toEqual([])
  })

  test('never misses a reachable deadline', () => {
    const due = site.visits.filter((v) => v.reachable && v.undisturbed && v.levelAtDeadline !== null)
    if (spec.car && optimised.includes('electric-vehicles')) expect(due.length).toBeGreaterThan(100)
    for (const visit of due) expect(visit.levelAtDeadline).toBeGreaterThanOrEqual(visit.goalPercent - 0.1)
  })

  test('saves money by what is optimised, and nothing by what is not', () => {
    const saved = {
      'heat-pumps': sumOf(site, 'heatPumpSavedEur'),
      'electric-vehicles': sumOf(site, 'carSavedEur'),
      inverters: sumOf(site, 'inverterSavedEur'),
    }
    const carIsOptimised = optimised.includes('electric-vehicles') || optimised.includes('wallboxes')
    if (!optimised.includes('heat-pumps')) expect(saved['heat-pumps']).toBe(0)
    if (!carIsOptimised) expect(saved['electric-vehicles']).toBe(0)
    if (!optimised.includes('inverters') || !spec.battery) expect(saved.inverters).toBe(0)
    const total = saved['heat-pumps'] + saved['electric-vehicles'] + saved.inverters
    const flexible =
      (spec.heatPump && optimised.includes('heat-pumps')) ||
      (spec.car && optimised.includes('electric-vehicles')) ||
      (spec.battery && optimised.includes('inverters'))
    if (flexible) expect(total).toBeGreaterThan(0)
    else expect(total).toBe(0)
  })

  test('looks right to a specialist', () => {
    if (spec.heatPump) {
      const factor = sumOf(site, 'heatWh') / sumOf(site, 'heatPumpWh')
      expect(factor).toBeGreaterThan(2.5)
      expect(factor).toBeLessThan(5)
    }
    if (spec.solar) {
      const july = selfSufficiency(site, 30 * 96, 61 * 96)
      const january = selfSufficiency(site, 214 * 96, 245 * 96)
      expect(july).toBeGreaterThan(january)
      const kwhPerKwp = sumOf(site, 'solarWh') / spec.solar.peakW
      expect(kwhPerKwp).toBeGreaterThan(700)
      expect(kwhPerKwp).toBeLessThan(1500)
    }
  })
})
