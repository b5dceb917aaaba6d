/** A house as a small thermal network: emitters (floor or radiators), indoor air, and heavy walls. */
export type BuildingSpec = {
  /** Loss through walls, windows and air change, W/K. */
  lossWPerK: number
  airJPerK: number
  wallJPerK: number
  /** Between air and walls, W/K. */
  wallWPerK: number
  emitterJPerK: number
  /** Between heating water and room, W/K. */
  emitterWPerK: number
  /** Windows towards the sun, m² that really let light in. */
  glassM2: number
}

export type BuildingState = { airC: number; wallC: number; emitterC: number }

/**
 * Moves the temperatures on by one minute. `heatingW` goes into the emitters, `gainsW` into the air. Gives what was
 * lost to the outside, W.
 */
export function heatBuilding(
  spec: BuildingSpec,
  state: BuildingState,
  outdoorC: number,
  heatingW: number,
  gainsW: number,
): number {
  const toRoomW = spec.emitterWPerK * (state.emitterC - state.airC)
  const toWallW = spec.wallWPerK * (state.airC - state.wallC)
  // A third of the loss is air and windows, two thirds go through the walls.
  const airLossW = (spec.lossWPerK / 3) * (state.airC - outdoorC)
  const wallLossW = ((spec.lossWPerK * 2) / 3) * (state.wallC - outdoorC)
  state.emitterC += ((heatingW - toRoomW) * 60) / spec.emitterJPerK
  state.airC += ((toRoomW + gainsW - toWallW - airLossW) * 60) / spec.airJPerK
  state.wallC += ((toWallW - wallLossW) * 60) / spec.wallJPerK
  return airLossW + wallLossW
}
