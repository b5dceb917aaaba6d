import type { BuildingState } from './building.ts'

/** An air-to-water heat pump with its hot-water tank. */
export type HeatPumpSpec = {
  /** Heat at full speed at 7 °C outdoors, W. */
  ratedHeatW: number
  /** Lowest heat it can hold without cycling, share of rated. */
  minShare: number
  /** Heating water temperature at -10 °C outdoors, °C: 35 to 38 for floors, 50 for radiators. */
  designFlowC: number
  /** Heat the water carries per kelvin of spread, W/K. */
  flowWPerK: number
  tankJPerK: number
  /** Loss of the tank to its room, W/K. */
  tankLossWPerK: number
}

/** What the household and the optimiser ask for. */
export type HeatPumpWish = {
  indoorC: number
  /** Added to the indoor wish, K. */
  offsetK: number
  tankC: number
  spaceHeating: boolean
  hotWater: boolean
  paused: boolean
}

export type HeatPumpState = {
  tankC: number
  /** Mean outdoor temperature of the last day, °C; decides whether it is heating season. */
  meanOutdoorC: number
  running: 'off' | 'space' | 'tank'
  /** Minutes in that state; compressors do not like short runs. */
  sinceMin: number
}

/** What the pump does for the next minute. */
export type HeatPumpRun = {
  electricW: number
  spaceHeatW: number
  tankHeatW: number
  /** Heat per electricity of the compressor; 0 when it stands. */
  cop: number
  /** What the tank lost to its room and gave to the taps in the last minute, W. */
  tankLossW: number
  drawnW: number
}

/** Decides the next minute, and writes it into `run`. */
export function runHeatPump(
  spec: HeatPumpSpec,
  state: HeatPumpState,
  building: BuildingState,
  outdoorC: number,
  wish: HeatPumpWish,
  run: HeatPumpRun,
): void {
  const wantC = wish.indoorC + wish.offsetK
  const flowC = flowWishC(spec, outdoorC, wantC, building.airC)
  const next = nextRunning(state, building, flowC, wantC, wish)
  if (next !== state.running) {
    state.running = next
    state.sinceMin = 0
  } else state.sinceMin++

  run.spaceHeatW = run.tankHeatW = run.cop = 0
  if (next === 'off') {
    run.electricW = STANDBY_W
    return
  }
  const mostHeatW = spec.ratedHeatW * Math.min(1.15, 0.86 + 0.02 * outdoorC)
  if (next === 'tank') {
    run.cop = copAt(outdoorC, state.tankC + 7)
    run.tankHeatW = mostHeatW
  } else {
    const leastHeatW = spec.ratedHeatW * spec.minShare
    const askedW = spec.flowWPerK * 0.9 * (flowC - building.emitterC) + spec.ratedHeatW * 0.22
    run.spaceHeatW = Math.min(mostHeatW, Math.max(leastHeatW, askedW))
    run.cop = copAt(outdoorC, building.emitterC + run.spaceHeatW / spec.flowWPerK / 2)
  }
  const heatW = run.spaceHeatW + run.tankHeatW
  run.electricW = Math.round(heatW / run.cop + PUMPS_W)
  // Electricity is told in whole watts; the heat is what exactly these watts give.
  const exact = ((run.electricW - PUMPS_W) * run.cop) / heatW
  run.spaceHeatW *= exact
  run.tankHeatW *= exact
}

/** Moves tank and running mean on by one minute. */
export function heatTank(
  spec: HeatPumpSpec,
  state: HeatPumpState,
  run: HeatPumpRun,
  drawW: number,
  roomC: number,
  outdoorC: number,
): void {
  const lossW = spec.tankLossWPerK * (state.tankC - roomC)
  // Nobody takes 40 °C out of a tank of 25 °C: the draw fades as the tank cools.
  const takenW = drawW * Math.min(1, Math.max(0, (state.tankC - 25) / 10))
  run.tankLossW = lossW
  run.drawnW = takenW
  state.tankC += ((run.tankHeatW - lossW - takenW) * 60) / spec.tankJPerK
  state.meanOutdoorC += (outdoorC - state.meanOutdoorC) / 1440
}

/** Heating water entering and leaving the pump, °C. */
export function waterTemperatures(
  spec: HeatPumpSpec,
  state: HeatPumpState,
  building: BuildingState,
  run: HeatPumpRun,
) {
  const heatW = run.spaceHeatW + run.tankHeatW
  const spreadK = heatW / spec.flowWPerK
  const middleC = state.running === 'tank' ? state.tankC + 5 : building.emitterC
  return { inletC: middleC - spreadK / 2, outletC: middleC + spreadK / 2 }
}

/**
 * Efficiency of an air-source pump by the lift from air to water, after the fit of When2Heat (Ruhnau et al.);
 * ice on the evaporator costs up to 8 % around the freezing point.
 */
export function copAt(outdoorC: number, waterC: number): number {
  const liftK = Math.max(15, waterC - outdoorC)
  const frost = outdoorC > -4 && outdoorC < 5 ? 0.08 * (1 - Math.abs(outdoorC - 0.5) / 4.5) : 0
  return Math.min(6.5, Math.max(1.4, 6.08 - 0.09 * liftK + 0.0005 * liftK * liftK)) * (1 - frost)
}

const STANDBY_W = 9
/** Circulation pumps and electronics while it runs. */
export const PUMPS_W = 65
const SEASON_ENDS_C = 15.5
const LEAST_RUN_MIN = 12

/** The heating curve: colder air asks for warmer water, and a room off its wish corrects it. */
function flowWishC(spec: HeatPumpSpec, outdoorC: number, wantC: number, airC: number): number {
  const slope = (spec.designFlowC - wantC) / 30
  return Math.min(spec.designFlowC + 4, wantC + 1.5 + slope * Math.max(0, 20 - outdoorC) + 3 * (wantC - airC))
}

function nextRunning(
  state: HeatPumpState,
  building: BuildingState,
  flowC: number,
  wantC: number,
  wish: HeatPumpWish,
): HeatPumpState['running'] {
  if (wish.paused) return 'off'
  const { running } = state
  // Hot water goes first; a tank is filled in one go.
  if (wish.hotWater) {
    if (running === 'tank' && state.tankC < wish.tankC + 0.5) return 'tank'
    if (state.tankC < wish.tankC - 6) return 'tank'
  }
  const season = state.meanOutdoorC < SEASON_ENDS_C
  if (!wish.spaceHeating || !season || building.airC > wantC + 0.8) return 'off'
  if (running === 'space')
    return building.emitterC < flowC + 2.5 || state.sinceMin < LEAST_RUN_MIN ? 'space' : 'off'
  return building.emitterC < flowC - 2 && (state.sinceMin >= LEAST_RUN_MIN || running === 'tank')
    ? 'space'
    : 'off'
}
