import type { BoostState, DeviceType } from '@homewatt/contract'

/** Lists older than this are shown at once and asked for again in the background, ms. */
export const listStaleMs = 30_000

/**
 * How soon a device is worth asking for again, ms. A starting boost is the one moment somebody is staring at
 * the screen; when the car does not answer, the hurry fades instead of costing everybody's budget.
 *
 * @param boostSinceMs how long `boost_state` has been what it is; `null` counts as just now
 */
export function pollAfterMs(
  type: DeviceType,
  device: { boost_state?: BoostState | null } | undefined,
  boostSinceMs: number | null,
): number {
  const canBoost = type === 'electric-vehicles' || type === 'wallboxes'
  if (!canBoost || device?.boost_state !== 'requested') return listStaleMs
  const sinceMs = boostSinceMs ?? 0
  if (sinceMs <= 120_000) return 3_000
  return sinceMs <= 5 * 60_000 ? 10_000 : listStaleMs
}
