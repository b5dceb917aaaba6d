import { weekdays } from '@homewatt/contract'
import { localTime, minuteOfLocal, weekdayOf } from '../calendar.ts'
import { chargesNow, cheapestQuarters } from '../optimizer.ts'
import { chargeMin, chargeW, type CarSpec } from './car.ts'
import { pausedAt, type ChargingSettings } from './settings.ts'
import type { Site } from './site.ts'
import type { SunSpan, Visit } from './visits.ts'

/** What the optimiser decided last about charging. */
export type ChargingPlan = {
  /** The quarter-hour the price decision is for; -1: none yet. */
  quarter: number
  byPrice: boolean
  /** Level that is bought; the rest is left to the sun. */
  fillPercent: number
  /** The sun gives enough to charge by. */
  bySun: boolean
  /** The minute the sun was last looked at; -1: not yet. */
  sunMinute: number
  sunW: number
}

/** Nothing decided yet. */
export const noPlan = (): ChargingPlan => ({
  quarter: -1,
  byPrice: false,
  fillPercent: 100,
  bySun: false,
  sunMinute: -1,
  sunW: 0,
})

/** Makes the next decision about charging afresh. */
export function forgetChargePlan(site: Site): void {
  site.charging = noPlan()
  if (site.visit) site.visit.undisturbed = false
}

/** Power a car takes this minute, whole watts: its will, its limits and what the optimiser allows. */
export function carPowerW(site: Site, spec: CarSpec): number {
  const { car, minute } = site
  if (!car.pluggedIn || !car.atHome) return 0
  const fullW = chargeW(spec, car.storedWh, targetPercent(site))
  if (fullW === 0) return 0
  if (site.boosting) return fullW
  if (site.chargeByHand) return site.chargeByHand === 'now' ? fullW : 0
  const settings = chargingSettings(site)
  if (settings && pausedAt(settings, minute * 60_000)) return 0
  if (!settings || !isSteered(site)) return fullW
  const plan = site.charging
  decideByPrice(site, spec, settings)
  decideBySun(site, spec)
  if (plan.byPrice) {
    const boughtW = chargeW(spec, car.storedWh, Math.min(plan.fillPercent, targetPercent(site)))
    if (boughtW > 0) return boughtW
  }
  return plan.bySun ? Math.min(fullW, plan.sunW) : 0
}

/** What the twin's car takes: everything at once, unless the household paused it. */
export function twinCarW(site: Site, spec: CarSpec): number {
  const { car, twin, minute } = site
  if (!car.pluggedIn || !car.atHome) return 0
  const settings = chargingSettings(site)
  if (settings && pausedAt(settings, minute * 60_000)) return 0
  return chargeW(spec, twin.carWh, targetPercent(site))
}

/** The level a car is charged to, percent. */
export const targetPercent = (site: Site) => chargingSettings(site)?.charge_target_max ?? 100

export function isFull(site: Site): boolean {
  const { car } = site.spec
  return car !== null && chargeW(car, site.car.storedWh, targetPercent(site)) === 0
}

/** A stay at the cable that begins now. */
export function arrive(site: Site, spec: CarSpec, plugMin: number): Visit {
  const { car, minute } = site
  const startPercent = percentOf(spec, car.storedWh)
  const visit: Visit = {
    plugMin,
    unplugMin: null,
    startPercent,
    endPercent: startPercent,
    energyWh: 0,
    chargingMin: 0,
    peakW: 0,
    lastChargeMin: null,
    costEur: 0,
    savedEur: 0,
    expectedEur: 0,
    plannedFromMin: null,
    plannedToMin: null,
    targetPercent: targetPercent(site),
    deadlineMin: null,
    goalPercent: 0,
    reachable: false,
    levelAtDeadline: null,
    undisturbed: plugMin === minute,
  }
  const settings = chargingSettings(site)
  if (!settings || !isSteered(site)) return visit
  const { market } = site.around
  const { priceZone } = site.spec.place
  const goal = goalOf(site, settings)
  const need = {
    quarters: Math.ceil(chargeMin(spec, car.storedWh, goal.fillPercent) / 15),
    deadlineMin: goal.deadlineMin,
  }
  const planned = cheapestQuarters(market, priceZone, minute, need)
  const first = planned[0]
  const last = planned.at(-1)
  if (first !== undefined && last !== undefined) {
    visit.plannedFromMin = Math.max(minute, first * 15)
    visit.plannedToMin = (last + 1) * 15
    const now = Math.floor(minute / 15)
    const eur = (quarter: number) => market.expectedEurPerMwh(priceZone, quarter, minute) / 1000
    const kwh = spec.limitW / 4000
    visit.expectedEur = planned.reduce((sum, quarter, i) => sum + (eur(now + i) - eur(quarter)) * kwh, 0)
  }
  if (!settings.is_charge_policy_enabled) return visit
  visit.deadlineMin = goal.deadlineMin
  visit.goalPercent = goal.percent
  visit.reachable = minute + chargeMin(spec, car.storedWh, goal.percent) <= goal.deadlineMin
  return visit
}

/** Keeps the stay at the cable in step with the car. */
export function noteVisit(site: Site): void {
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

/** Opens, follows and closes the spans of charging by the sun; `carW` has been decided. */
function followSun(site: Site): void {
  const { charging: plan, flows, minute } = site
  const following = plan.bySun && !plan.byPrice && flows.carW > 0 && !site.boosting && !site.chargeByHand
  let span = site.sunSpan
  if (!following) {
    if (!span) return
    span.endMin = minute
    span.final = endOf(site)
    span.decisions.push({ minute, surplusW: surplusW(site), state: 'stopping' })
    site.sunSpans.push(span)
    site.sunSpan = null
    return
  }
  if (!span) {
    span = {
      startMin: minute,
      endMin: null,
      solarWh: 0,
      savedEur: 0,
      final: null,
      decisions: [],
      commands: [],
    }
    span.decisions.push({ minute, surplusW: surplusW(site), state: 'starting' })
    site.sunSpan = span
  } else if (minute % 15 === 0) span.decisions.push({ minute, surplusW: surplusW(site), state: 'following' })
  const told = span.commands.at(-1)
  if (!told || (plan.sunMinute === minute && Math.abs(told.powerW - plan.sunW) >= 50))
    span.commands.push({ minute, powerW: plan.sunW, applied: Math.abs(flows.carW - plan.sunW) < 50 })
}

/** What would be left of the sun if the car and the battery took nothing, W; negative: nothing. */
export const surplusW = ({ flows }: Site) => flows.solarW - flows.peopleW - flows.heatPumpW

export const percentOf = (spec: CarSpec, storedWh: number) => (storedWh / spec.capacityWh) * 100

export const chargingSettings = ({ settings }: Site): ChargingSettings | null =>
  settings.vehicle ?? settings.wallbox

/** A box cannot charge with less: six amperes on one phase. */
const LEAST_W = 1400

function isSteered(site: Site): boolean {
  const settings = chargingSettings(site)
  return (
    settings !== null &&
    settings.is_smart_optimization_active &&
    site.settings.steering.mode !== 'none' &&
    site.steered
  )
}

function decideByPrice(site: Site, spec: CarSpec, settings: ChargingSettings): void {
  const { charging: plan, minute, car } = site
  const quarter = Math.floor(minute / 15)
  if (plan.quarter === quarter) return
  plan.quarter = quarter
  const goal = goalOf(site, settings)
  const minutes = chargeMin(spec, car.storedWh, goal.fillPercent)
  plan.fillPercent = goal.fillPercent
  if (site.settings.steering.mode === 'hems') {
    // The sun alone, but for a promise that can only be kept by starting now.
    const promised = settings.is_charge_policy_enabled ? chargeMin(spec, car.storedWh, goal.percent) : 0
    plan.fillPercent = goal.percent
    plan.byPrice = promised > 0 && goal.deadlineMin - minute <= promised + 30
    return
  }
  const need = { quarters: Math.ceil(minutes / 15), deadlineMin: goal.deadlineMin }
  plan.byPrice = chargesNow(site.around.market, site.spec.place.priceZone, minute, need)
}

function decideBySun(site: Site, spec: CarSpec): void {
  const { charging: plan, minute, settings } = site
  const { mode, startW, stopW } = settings.steering
  if ((mode !== 'hems' && mode !== 'hems_and_spot') || !site.spec.solar) {
    plan.bySun = false
    return
  }
  if (plan.sunMinute >= 0 && minute % 5 !== 0) return
  plan.sunMinute = minute
  const w = surplusW(site)
  plan.bySun = plan.bySun ? w >= stopW : w >= startW
  // A wallbox follows the sun; a car alone only knows on and off.
  plan.sunW = settings.wallbox ? Math.min(spec.limitW, Math.max(LEAST_W, w)) : spec.limitW
}

function endOf(site: Site): SunSpan['final'] {
  const { car, spec } = site
  if (!car.pluggedIn || !car.atHome) return 'unplugged'
  if (site.boosting) return 'boosted'
  if (spec.car && chargeW(spec.car, car.storedWh, targetPercent(site)) === 0) return 'fully_charged'
  if (site.charging.byPrice) return 'spot_charging'
  return site.charging.bySun ? 'stopped' : 'surplus_ended'
}

type Goal = {
  deadlineMin: number
  /** Level promised at the deadline. */
  percent: number
  /** Level that is bought by then; where the sun charges as well, the rest is left to it. */
  fillPercent: number
}

function goalOf(site: Site, settings: ChargingSettings): Goal {
  const { weeklyPolicy, is_charge_policy_enabled: enabled } = settings
  const target = targetPercent(site)
  const percent = Math.min(target, settings.minimum_charge_limit)
  const fillPercent = site.settings.steering.mode === 'spot' ? target : percent
  const time = (enabled ? settings.charge_deadline_at : null) ?? '07:00'
  const policy = enabled ? weeklyPolicy : null
  const zone = policy?.timezone ?? site.spec.place.timeZone
  const { day } = policy ? localTime(zone, site.minute) : site.local
  for (let ahead = 0; ; ahead++) {
    // A day without an entry follows the vehicle's own fields.
    const entry = policy?.[weekdays[weekdayOf(day + ahead)] ?? 'mon']
    const deadlineMin = minuteOfLocal(zone, day + ahead, minuteOf(entry?.charge_deadline ?? time))
    if (deadlineMin <= site.minute) continue
    if (!entry) return { deadlineMin, percent, fillPercent }
    const promised = Math.min(target, entry.charge_percentage)
    return { deadlineMin, percent: promised, fillPercent: promised }
  }
}

function minuteOf(time: string): number {
  const [hours = 7, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
