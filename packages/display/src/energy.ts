import { finite } from './shown.ts'

/** Power at a moment; `w: null` is not reported. */
export type PowerSample = { at: string; w: number | null }

export type Energy = {
  wh: number
  /** ms of the time asked about for which the power is known; the rest is not in `wh`. */
  knownMs: number
}

/**
 * Energy between the first and the last sample, by straight lines between neighbours. Neighbours further apart
 * than `maxGapMs`, or one of which is unknown, leave a gap: it counts as unknown, not as zero.
 *
 * @param samples in order of time
 */
export function energyOf(samples: readonly PowerSample[], maxGapMs: number): Energy {
  const energy = { wh: 0, knownMs: 0 }
  for (const [i, { at, w }] of samples.entries()) {
    const before = samples[i - 1]
    const beforeW = finite(before?.w)
    const nowW = finite(w)
    if (!before || beforeW === null || nowW === null) continue
    const ms = Date.parse(at) - Date.parse(before.at)
    if (!(ms > 0 && ms <= maxGapMs)) continue
    energy.wh += (((beforeW + nowW) / 2) * ms) / 3_600_000
    energy.knownMs += ms
  }
  return energy
}

/** Below this a share says nothing, Wh. */
const LEAST_WH = 10

/** Share of use that did not come from the grid, 0 to 1; `null` when there was next to no use. */
export function selfSufficiency(importWh: number, consumptionWh: number): number | null {
  return shareKept(importWh, consumptionWh)
}

/** Share of production that was not exported, 0 to 1; `null` when there was next to no production. */
export function selfConsumption(exportWh: number, productionWh: number): number | null {
  return shareKept(exportWh, productionWh)
}

/** Meters disagree by a little, so a share a little outside of 0 to 1 is put back inside. */
function shareKept(partWh: number, wholeWh: number): number | null {
  if (!(wholeWh >= LEAST_WH) || !Number.isFinite(partWh / wholeWh)) return null
  return Math.min(1, Math.max(0, 1 - partWh / wholeWh))
}
