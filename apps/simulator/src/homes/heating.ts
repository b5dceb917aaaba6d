import { heatPumpMode, shifts } from '../optimizer.ts'
import { heatBuilding, type BuildingState } from './building.ts'
import {
  heatTank,
  runHeatPump,
  type HeatPumpRun,
  type HeatPumpSpec,
  type HeatPumpState,
} from './heat-pump.ts'
import { hotWaterW } from './people.ts'
import { pausedAt } from './settings.ts'
import type { Site } from './site.ts'

/** House and tank as they might well be in such weather. */
export function warmthAt(outdoorC: number): { building: BuildingState; heatPump: HeatPumpState } {
  return {
    building: {
      airC: 21,
      wallC: 18.5 + 0.12 * outdoorC,
      emitterC: Math.max(21.5, 31 - 0.4 * outdoorC),
    },
    heatPump: { tankC: 47, meanOutdoorC: outdoorC, running: 'off', sinceMin: 60 },
  }
}

/** Decides what the heat pump and its twin do in this minute. */
export function decideHeat(site: Site, spec: HeatPumpSpec): void {
  const { flows, twin, minute, around, sky } = site
  const settings = site.settings.heatPump
  if ((settings?.is_smart_optimization_active && minute % 15 === 0) || minute === 0)
    site.mode = heatPumpMode(
      around.market.rank(site.spec.place.priceZone, minute / 15),
      settings?.optimization_level ?? 'Mid',
    )
  runHeatPump(spec, twin.heatPump, twin.building, sky.outdoorC, heatWish(site, false), twin.run)
  runHeatPump(spec, site.heatPump, site.building, sky.outdoorC, heatWish(site, true), site.run)
  twin.heatPumpW = twin.run.electricW
  flows.heatPumpW = site.run.electricW
}

/** Lets the heat of the minute flow into rooms, tank and outside, here and at the twin. */
export function heat(site: Site, pump: HeatPumpSpec): void {
  const { spec, sky, twin } = site
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
  heatTank(pump, site.heatPump, site.run, hotWater, site.building.airC, sky.outdoorC)
  const gainsW = warm(site, twin.building, twin.run)
  heatBuilding(spec.building, twin.building, sky.outdoorC, twin.run.spaceHeatW, gainsW)
  heatTank(pump, twin.heatPump, twin.run, hotWater, twin.building.airC, sky.outdoorC)
}

export const INDOOR_WISH_C = 21

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
