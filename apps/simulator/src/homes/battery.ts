/** A home battery behind the inverter. */
export type BatterySpec = {
  capacityWh: number
  /** Most it takes or gives, W. */
  limitW: number
  /** Share that survives one way, in or out. */
  efficiency: number
}

/** What the household lets the battery do, percent of capacity. */
export type BatteryLimits = { minPercent: number; maxPercent: number }

/**
 * Power of the battery for the next minute, whole watts, positive = discharging: covers what the sun does not,
 * stores what the house does not use, and stays within its limits.
 */
export function batteryW(
  spec: BatterySpec,
  storedWh: number,
  limits: BatteryLimits,
  surplusW: number,
): number {
  if (surplusW > 0) {
    const room = Math.max(0, (spec.capacityWh * limits.maxPercent) / 100 - storedWh)
    const filledPercent = (storedWh / spec.capacityWh) * 100
    // Cells take less and less above 90 %.
    const taperW = filledPercent <= 90 ? spec.limitW : spec.limitW * Math.max(0.1, (100 - filledPercent) / 10)
    return -Math.floor(Math.min(surplusW, taperW, (room * MINUTES_PER_HOUR) / spec.efficiency)) || 0
  }
  const left = Math.max(0, storedWh - (spec.capacityWh * limits.minPercent) / 100)
  return Math.floor(Math.min(-surplusW, spec.limitW, left * MINUTES_PER_HOUR * spec.efficiency)) || 0
}

/** Energy in the battery after a minute of `powerW`. What efficiency takes becomes heat. */
export function storedAfter(spec: BatterySpec, storedWh: number, powerW: number): number {
  const changeWh = powerW > 0 ? -powerW / spec.efficiency : -powerW * spec.efficiency
  return Math.min(spec.capacityWh, Math.max(0, storedWh + changeWh / MINUTES_PER_HOUR))
}

const MINUTES_PER_HOUR = 60
