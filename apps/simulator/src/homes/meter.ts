import type { HeatPumpMode } from '@homewatt/contract'
import { tariff } from '../tariff.ts'
import { batteryLimits, hasBattery } from './battery-steering.ts'
import { percentOf, surplusW } from './charging.ts'
import { at, quarterOfDay, write } from './ledger.ts'
import type { Site } from './site.ts'
import { climb } from './twin.ts'

/** Adds the minute that was lived to the running quarter-hour. */
export function meter(site: Site): void {
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

/** Meters of the house as it would be with only some of its devices optimised. */
export function climbLadder(site: Site): void {
  const { spec, flows, twin } = site
  const battery = spec.battery && hasBattery(site) ? spec.battery : null
  const limits = batteryLimits(site)
  const [none, heat, both] = twin.ladder
  if (!none || !heat || !both) return
  climb(none, battery, limits, flows.solarW, flows.peopleW + twin.heatPumpW + twin.carW)
  climb(heat, battery, limits, flows.solarW, flows.peopleW + flows.heatPumpW + twin.carW)
  climb(both, battery, limits, flows.solarW, flows.householdW)
}

/** Writes the quarter-hour that has just ended into the ledger, and opens the next. */
export function closeQuarter(site: Site): void {
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
  const ofDay = quarterOfDay(quarter)
  site.usualWh[ofDay] = (site.usualWh[ofDay] ?? 0) * 0.75 + usual * 0.25

  for (const step of twin.ladder) step.importWh = step.exportWh = 0
  openQuarter(site)
}

/** Begins a row: levels and temperatures are those at its start. */
export function openQuarter(site: Site): void {
  const { tally, spec } = site
  tally.fill(0)
  if (spec.battery) tally[at.batteryPercent] = (site.batteryWh / spec.battery.capacityWh) * 100
  if (spec.car) tally[at.carPercent] = percentOf(spec.car, site.car.storedWh)
  tally[at.airC] = site.building.airC
  tally[at.tankC] = site.heatPump.tankC
  tally[at.outdoorC] = site.sky.outdoorC
  tally[at.mode] = modes.indexOf(site.mode)
}

const modes: readonly HeatPumpMode[] = ['min', 'low', 'mid', 'max']
