import type { Reading } from '@homewatt/contract'

/**
 * When a device is expected to report next, by the rhythm that was learned of it, ISO 8601. `null` while none is learned, and
 * where that would be a promise that nobody can keep: when it is overdue, or its link has lapsed, or it is not there.
 */
export function nextReadingAt(
  device: Pick<
    Reading,
    'current_state_last_updated_at' | 'expected_interval_s' | 'is_authenticated' | 'presence'
  >,
  now: Date,
): string | null {
  const { current_state_last_updated_at: at, expected_interval_s: intervalS } = device
  if (at === null || intervalS === null || device.presence || device.is_authenticated === false) return null
  const nextMs = Date.parse(at) + intervalS * 1000
  return nextMs > now.getTime() ? new Date(nextMs).toISOString() : null
}
