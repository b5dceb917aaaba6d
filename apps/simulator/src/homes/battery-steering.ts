import { importEurPerKwh, tariff } from '../tariff.ts'
import { planBattery, type Outlook } from './battery-plan.ts'
import { batteryW, type BatteryLimits, type BatterySpec } from './battery.ts'
import { quarterOfDay } from './ledger.ts'
import { pausedAt } from './settings.ts'
import type { Site } from './site.ts'
import { solarW } from './solar.ts'

/** What the real battery does: as planned, and otherwise as any battery does. */
export function ownBatteryW(site: Site, spec: BatterySpec, leftW: number): number {
  if (!hasBattery(site)) return 0
  const limits = batteryLimits(site)
  const { firstQuarter, modes: planned } = site.batteryPlan
  const mode = batteryIsOptimised(site) ? planned[Math.floor(site.minute / 15) - firstQuarter] : undefined
  // Filling up is charging from a surplus that the grid provides.
  if (mode === 'charge') return batteryW(spec, site.batteryWh, limits, Math.max(leftW, spec.limitW))
  if (mode === 'hold' && leftW <= 0) return 0
  return batteryW(spec, site.batteryWh, limits, leftW)
}

/** Plans the battery every six hours, and at the beginning. */
export function planBatteryWhenDue(site: Site, battery: BatterySpec): void {
  if (site.minute % PLAN_EVERY_MIN === 0 || site.batteryPlan.firstQuarter === 0) planAhead(site, battery)
}

/** Whether the household lets the battery take part at all. */
export const hasBattery = ({ settings }: Site) => settings.inverter?.is_battery_connected !== false

export function batteryLimits({ settings }: Site): BatteryLimits {
  return {
    minPercent: settings.inverter?.min_battery_charge ?? 10,
    maxPercent: settings.inverter?.max_battery_charge ?? 95,
  }
}

const PLAN_EVERY_MIN = 360
const MOST_AHEAD = 144

/** Looks over the quarter-hours whose prices are known and plans the battery through them. */
function planAhead(site: Site, battery: BatterySpec): void {
  const { minute, around, spec } = site
  const first = Math.floor(minute / 15)
  site.batteryPlan = { firstQuarter: first, modes: [] }
  if (!batteryIsOptimised(site)) return
  const last = Math.min(around.market.lastPublished(minute), first + MOST_AHEAD)
  const outlook: Outlook[] = []
  for (let quarter = first; quarter <= last; quarter++) {
    const ofDay = quarterOfDay(quarter)
    const sunWh = spec.solar ? solarW(spec.solar, around.weather.at(quarter * 15 + 7)) / 4 : 0
    outlook.push({
      importEurPerKwh: importEurPerKwh(around.market.eurPerMwh(spec.place.priceZone, quarter)),
      exportEurPerKwh: tariff.feedInEurPerKwh,
      needWh: (site.usualWh[ofDay] ?? 0) - sunWh,
    })
  }
  site.batteryPlan.modes = planBattery(battery, batteryLimits(site), site.batteryWh, outlook)
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
