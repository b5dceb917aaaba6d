/** Control is paused by the user or the partner; `until` is ISO 8601, `null` while no end is known. */
export type Pause = { until: string | null }

/** The pause in force, `null` when there is none or the device does not say. */
export function pauseOf(device: {
  is_pause_power_active?: boolean | null | undefined
  pause_power_until?: string | null | undefined
}): Pause | null {
  return device.is_pause_power_active === true ? { until: device.pause_power_until ?? null } : null
}
