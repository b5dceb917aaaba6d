import type { Sky } from './weather.ts'

/** Panels and the inverter behind them. */
export type SolarSpec = {
  /** Installed peak power, W. */
  peakW: number
  /** 0 level, 90 upright. */
  tiltDeg: number
  /** Direction the panels face: 90 east, 180 south, 270 west. */
  azimuthDeg: number
  /** Most the inverter gives, W. */
  limitW: number
}

/** Output of the panels under a sky, whole watts, never negative. */
export function solarW(spec: SolarSpec, sky: Sky): number {
  if (sky.globalWm2 <= 0) return 0
  const panel = panelOf(spec)
  const facing = sky.sun.east * panel.east + sky.sun.north * panel.north + sky.sun.up * panel.up
  const planeWm2 =
    (facing > 0 ? sky.beamWm2 * facing : 0) +
    (sky.diffuseWm2 * (1 + panel.up)) / 2 +
    (sky.globalWm2 * 0.2 * (1 - panel.up)) / 2
  // Cells run about 30 K above the air in full sun and lose 0.38 % per kelvin above 25 °C.
  const cellC = sky.outdoorC + planeWm2 * 0.03
  const w = spec.peakW * planeWm2 * 0.00088 * (1 - 0.0038 * (cellC - 25)) - spec.peakW * 0.004
  return w <= 0 ? 0 : Math.round(Math.min(w, spec.limitW))
}

type Direction = { east: number; north: number; up: number }
const panels = new WeakMap<SolarSpec, Direction>()

function panelOf(spec: SolarSpec): Direction {
  let panel = panels.get(spec)
  if (!panel) {
    const tilt = (spec.tiltDeg * Math.PI) / 180
    const azimuth = (spec.azimuthDeg * Math.PI) / 180
    panel = {
      east: Math.sin(tilt) * Math.sin(azimuth),
      north: Math.sin(tilt) * Math.cos(azimuth),
      up: Math.cos(tilt),
    }
    panels.set(spec, panel)
  }
  return panel
}
