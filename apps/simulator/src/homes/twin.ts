import type { BatterySpec, BatteryLimits } from './battery.ts'
import { batteryW, storedAfter } from './battery.ts'
import type { BuildingState } from './building.ts'
import type { HeatPumpRun, HeatPumpState } from './heat-pump.ts'

/**
 * The same building with the same people and weather and nobody who optimises: the heat pump keeps to its wishes,
 * the car charges when it is plugged in, the battery takes surplus and covers need. Savings are the difference.
 */
export type Twin = {
  building: BuildingState
  heatPump: HeatPumpState
  run: HeatPumpRun
  heatPumpW: number
  carWh: number
  carW: number
  /** Bills with nothing optimised, with the heat pump, and with heat pump and car. */
  ladder: Step[]
}

/**
 * The bill of the house with only some of its devices optimised: none; the heat pump; the heat pump and the car.
 * What one more device saves is the difference of two steps, so that the parts add up to the whole.
 */
export type Step = { storedWh: number; batteryW: number; importWh: number; exportWh: number }

export function createTwin(own: {
  building: BuildingState
  heatPump: HeatPumpState
  run: HeatPumpRun
  carWh: number
  batteryWh: number
}): Twin {
  const step = (): Step => ({ storedWh: own.batteryWh, batteryW: 0, importWh: 0, exportWh: 0 })
  return {
    building: { ...own.building },
    heatPump: { ...own.heatPump },
    run: { ...own.run },
    heatPumpW: 0,
    carWh: own.carWh,
    carW: 0,
    ladder: [step(), step(), step()],
  }
}

/** Lets a plain battery live through a minute of a house that needs `loadW`, and meters the grid. */
export function climb(
  step: Step,
  spec: BatterySpec | null,
  limits: BatteryLimits,
  solarW: number,
  loadW: number,
): void {
  const surplusW = solarW - loadW
  step.batteryW = spec ? batteryW(spec, step.storedWh, limits, surplusW) : 0
  if (spec) step.storedWh = storedAfter(spec, step.storedWh, step.batteryW)
  const gridW = surplusW + step.batteryW
  if (gridW >= 0) step.exportWh += gridW / 60
  else step.importWh -= gridW / 60
}
