import type { InverterReading } from '@homewatt/contract'
import { finite } from './shown.ts'

export type FlowEdge =
  | 'solarToHome'
  | 'batteryToHome'
  | 'gridToHome'
  | 'solarToBattery'
  | 'gridToBattery'
  | 'solarToGrid'
  | 'batteryToGrid'

export const flowEdges: readonly FlowEdge[] = [
  'solarToHome',
  'batteryToHome',
  'gridToHome',
  'solarToBattery',
  'gridToBattery',
  'solarToGrid',
  'batteryToGrid',
]

/** Powers in whole W, never negative: direction is said in a word. `w: null` is not reported. */
export type FlowNodes = {
  solar: { w: number | null }
  home: { w: number | null }
  /** `null`: the home has no battery, so no node. */
  battery: BatteryNode | null
  grid: GridNode
}

export type BatteryNode = {
  direction: 'charging' | 'discharging' | 'idle' | 'unknown'
  w: number | null
  /** Percent, 0 to 100. */
  levelPercent: number | null
}

export type GridNode = {
  direction: 'importing' | 'exporting' | 'idle' | 'unknown'
  w: number | null
  /** Not measured but worked out from the other three. */
  calculated: boolean
}

export type FlowPicture = {
  nodes: FlowNodes
  /** Whole W ≥ 0; `null` when more than the grid is unknown, for then nothing can be split. */
  edges: Record<FlowEdge, number> | null
  /**
   * Power that comes from (`source`) or goes to (`sink`) where no meter looks; `null` while it is within
   * max(50 W, 5 % of the larger side), as measurements of one moment never agree exactly.
   */
  unexplained: { w: number; side: 'source' | 'sink' } | null
  /** W per node that no edge carries, shown or not: edges + residual = node, exactly. */
  residual: {
    from: { solar: number; battery: number; grid: number }
    to: { home: number; battery: number; grid: number }
  }
  /** One unit for the whole picture. */
  unit: 'W' | 'kW'
}

/** A node wakes at this power and sleeps below the other, W. */
const NOISE_ON_W = 30
const NOISE_OFF_W = 20

/**
 * Splits one inverter reading into flows, once, for every view: home takes solar, then battery, then grid; the
 * battery charges from solar, then grid; export comes from solar, then battery.
 *
 * @param previous the picture before, whose state decides values between the thresholds
 */
export function flowPicture(inverter: InverterReading, previous?: FlowPicture): FlowPicture {
  const solarW = quiet(finite(inverter.current_solar_production_w), previous?.nodes.solar.w)
  const homeW = quiet(finite(inverter.household_consumption_w), previous?.nodes.home.w)
  const hasBattery = batteryExists(inverter)
  const batteryW = hasBattery
    ? quiet(
        finite(inverter.battery_charge_discharge_power_w),
        previous && signedBatteryW(previous.nodes.battery),
      )
    : 0
  const measuredGridW = finite(inverter.current_power_to_grid_w)
  const calculated = measuredGridW === null && solarW !== null && homeW !== null && batteryW !== null
  const gridW = quiet(
    calculated ? solarW + batteryW - homeW : measuredGridW,
    previous && signedGridW(previous.nodes.grid),
  )

  const nodes: FlowNodes = {
    solar: { w: solarW === null ? null : Math.max(0, solarW) },
    home: { w: homeW === null ? null : Math.max(0, homeW) },
    battery: hasBattery ? batteryNode(batteryW, finite(inverter.battery_charge_level_percent)) : null,
    grid: gridNode(gridW, calculated),
  }
  return { nodes, ...split(nodes), unit: unitOf(nodes, previous?.unit) }
}

/** Level 0 or `null` also comes without a battery, so the flag decides; only without it, signs of life do. */
function batteryExists(inverter: InverterReading): boolean {
  if (inverter.is_battery_connected !== null) return inverter.is_battery_connected
  return Boolean(
    finite(inverter.battery_charge_discharge_power_w) || finite(inverter.battery_charge_level_percent),
  )
}

/** Whole watts, with noise as 0. A change of sign has to wake anew, or a node at rest would swing to and fro. */
function quiet(w: number | null, previousW: number | null | undefined): number | null {
  if (w === null) return null
  const wasAwake = previousW !== null && previousW !== undefined && previousW * w > 0
  return Math.abs(w) < (wasAwake ? NOISE_OFF_W : NOISE_ON_W) ? 0 : Math.round(w)
}

const signedBatteryW = (node: BatteryNode | null) =>
  node?.w == null ? null : node.direction === 'charging' ? -node.w : node.w

const signedGridW = (node: GridNode) =>
  node.w === null ? null : node.direction === 'importing' ? -node.w : node.w

/** Partner sign: positive discharges, negative charges. */
function batteryNode(w: number | null, levelPercent: number | null): BatteryNode {
  if (w === null) return { direction: 'unknown', w, levelPercent }
  const direction = w === 0 ? 'idle' : w > 0 ? 'discharging' : 'charging'
  return { direction, w: Math.abs(w), levelPercent }
}

/** Partner sign: positive exports, negative imports. */
function gridNode(w: number | null, calculated: boolean): GridNode {
  if (w === null) return { direction: 'unknown', w, calculated }
  return { direction: w === 0 ? 'idle' : w > 0 ? 'exporting' : 'importing', w: Math.abs(w), calculated }
}

function split({
  solar,
  home,
  battery,
  grid,
}: FlowNodes): Pick<FlowPicture, 'edges' | 'unexplained' | 'residual'> {
  const from = { solar: 0, battery: 0, grid: 0 }
  const to = { home: 0, battery: 0, grid: 0 }
  if (solar.w === null || home.w === null || grid.w === null || battery?.w === null) {
    return { edges: null, unexplained: null, residual: { from, to } }
  }
  from.solar = solar.w
  to.home = home.w
  if (battery?.direction === 'discharging') from.battery = battery.w
  if (battery?.direction === 'charging') to.battery = battery.w
  if (grid.direction === 'importing') from.grid = grid.w
  if (grid.direction === 'exporting') to.grid = grid.w
  const largerSideW = Math.max(from.solar + from.battery + from.grid, to.home + to.battery + to.grid)

  const take = (source: keyof typeof from, sink: keyof typeof to) => {
    const w = Math.min(from[source], to[sink])
    from[source] -= w
    to[sink] -= w
    return w
  }
  // The order of these lines is the order in which power is given out.
  const edges = {
    solarToHome: take('solar', 'home'),
    batteryToHome: take('battery', 'home'),
    gridToHome: take('grid', 'home'),
    solarToBattery: take('solar', 'battery'),
    gridToBattery: take('grid', 'battery'),
    solarToGrid: take('solar', 'grid'),
    batteryToGrid: take('battery', 'grid'),
  }
  return { edges, unexplained: unexplainedOf(from, to, largerSideW), residual: { from, to } }
}

function unexplainedOf(
  from: FlowPicture['residual']['from'],
  to: FlowPicture['residual']['to'],
  largerSideW: number,
): FlowPicture['unexplained'] {
  const leftW = from.solar + from.battery + from.grid
  const missingW = to.home + to.battery + to.grid
  const w = Math.max(leftW, missingW)
  if (w <= Math.max(50, 0.05 * largerSideW)) return null
  // Power left over must have gone somewhere; power missing must have come from somewhere.
  return { w, side: leftW > missingW ? 'sink' : 'source' }
}

function unitOf({ solar, home, battery, grid }: FlowNodes, previous: 'W' | 'kW' | undefined): 'W' | 'kW' {
  const largestW = Math.max(solar.w ?? 0, home.w ?? 0, battery?.w ?? 0, grid.w ?? 0)
  const switchAtW = previous === undefined ? 1000 : previous === 'W' ? 1100 : 900
  return largestW >= switchAtW ? 'kW' : 'W'
}
