/** A stay of the car at its cable, and how it was charged: becomes a charging session on the wire. */
export type Visit = {
  /** Minutes since the epoch; `unplugMin` is `null` while it stands there. */
  plugMin: number
  unplugMin: number | null
  startPercent: number
  endPercent: number
  energyWh: number
  chargingMin: number
  peakW: number
  /** Last minute in which it charged; `null` before the first. */
  lastChargeMin: number | null
  costEur: number
  savedEur: number
  /** What waiting for the planned hours is expected to save, at the prices known when it was plugged in. */
  expectedEur: number
  plannedFromMin: number | null
  plannedToMin: number | null
  targetPercent: number
  /** What had to be reached by when; `null` where nothing had to. */
  deadlineMin: number | null
  goalPercent: number
  /** At full power from the first minute it would have been ready in time. */
  reachable: boolean
  /** Level at the deadline, percent; `null` before it, and when the car had left. */
  levelAtDeadline: number | null
  /** How it was optimised all the time: nobody charged by hand, paused, or switched it off. */
  undisturbed: boolean
}

/** A span in which a car was charged by the sun alone, as the wallbox tells it. */
export type SunSpan = {
  startMin: number
  endMin: number | null
  solarWh: number
  savedEur: number
  /** Why it ended. */
  final: 'surplus_ended' | 'fully_charged' | 'unplugged' | 'spot_charging' | 'boosted' | 'stopped' | null
  decisions: { minute: number; surplusW: number; state: 'starting' | 'following' | 'stopping' }[]
  commands: { minute: number; powerW: number; applied: boolean }[]
}
