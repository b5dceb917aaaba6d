import type { BatteryLimits, BatterySpec } from './battery.ts'

/** What the optimiser lets the battery do in a quarter-hour. */
export type BatteryMode = 'plain' | 'hold' | 'charge'

/** A quarter-hour as it is expected. */
export type Outlook = {
  importEurPerKwh: number
  exportEurPerKwh: number
  /** Load less solar, Wh; negative = surplus. */
  needWh: number
}

/**
 * The cheapest way through the hours whose prices are known, by working backwards over levels of the battery.
 * Every quarter-hour it may go on as usual, keep what it has for dearer hours, or fill up from the grid.
 */
export function planBattery(
  spec: BatterySpec,
  limits: BatteryLimits,
  storedWh: number,
  outlook: readonly Outlook[],
): BatteryMode[] {
  const emptyWh = (spec.capacityWh * limits.minPercent) / 100
  const spanWh = (spec.capacityWh * limits.maxPercent) / 100 - emptyWh
  if (spanWh <= 0 || outlook.length === 0) return []
  const stepWh = spanWh / (LEVELS - 1)
  // What is left at the end is worth what it will save some later day, cautiously.
  const meanEur = outlook.reduce((sum, o) => sum + o.importEurPerKwh, 0) / outlook.length
  let worth = Float64Array.from(
    { length: LEVELS },
    (_, i) => (i * stepWh * spec.efficiency * meanEur * 0.6) / 1000,
  )
  const choices: Uint8Array[] = []
  const most = spec.limitW / 4

  for (let t = outlook.length - 1; t >= 0; t--) {
    const now = outlook[t]
    if (!now) continue
    const next = new Float64Array(LEVELS)
    const choice = new Uint8Array(LEVELS)
    for (let level = 0; level < LEVELS; level++) {
      const haveWh = level * stepWh
      let best = -Infinity
      let bestMode = 0
      for (let mode = 0; mode < 3; mode++) {
        // Flow at the terminals, positive = discharging, as `batteryW` would decide it.
        const flowWh = flowOf(mode, now.needWh, haveWh, spanWh, most, spec.efficiency)
        const afterWh = haveWh - (flowWh > 0 ? flowWh / spec.efficiency : flowWh * spec.efficiency)
        const gridWh = now.needWh - flowWh
        const costEur = (gridWh * (gridWh > 0 ? now.importEurPerKwh : now.exportEurPerKwh)) / 1000
        // Anything but the usual has to be worth its while.
        const value = worthAt(worth, afterWh / stepWh) - costEur - (mode === 0 ? 0 : RELUCTANCE_EUR)
        if (value > best) {
          best = value
          bestMode = mode
        }
      }
      next[level] = best
      choice[level] = bestMode
    }
    worth = next
    choices[t] = choice
  }

  let haveWh = Math.min(spanWh, Math.max(0, storedWh - emptyWh))
  return outlook.map((now, t) => {
    const mode = choices[t]?.[Math.round(haveWh / stepWh)] ?? 0
    const flowWh = flowOf(mode, now.needWh, haveWh, spanWh, most, spec.efficiency)
    haveWh = Math.min(
      spanWh,
      Math.max(0, haveWh - (flowWh > 0 ? flowWh / spec.efficiency : flowWh * spec.efficiency)),
    )
    return modes[mode] ?? 'plain'
  })
}

const LEVELS = 25
const RELUCTANCE_EUR = 0.001
const modes: readonly BatteryMode[] = ['plain', 'hold', 'charge']

function flowOf(
  mode: number,
  needWh: number,
  haveWh: number,
  spanWh: number,
  most: number,
  efficiency: number,
) {
  const roomWh = (spanWh - haveWh) / efficiency
  if (mode === 2) return -Math.min(most, roomWh)
  if (needWh <= 0) return -Math.min(-needWh, most, roomWh)
  return mode === 1 ? 0 : Math.min(needWh, most, haveWh * efficiency)
}

/** Between two levels. */
function worthAt(worth: Float64Array, level: number): number {
  const below = Math.min(LEVELS - 2, Math.max(0, Math.floor(level)))
  const share = level - below
  return (worth[below] ?? 0) * (1 - share) + (worth[below + 1] ?? 0) * share
}
