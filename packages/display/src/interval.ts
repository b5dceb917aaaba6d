const MIN_INTERVAL_S = 60
const MAX_INTERVAL_S = 2 * 60 * 60
const GAPS_CONSIDERED = 8

/**
 * Learns a device's own update rhythm: the median of its last eight gaps, s, between one minute and two hours,
 * so that one outage or one quick update changes nothing. `null` while fewer than two gaps are known.
 *
 * @param history distinct update times, ISO 8601, oldest first; unreadable and backward ones are passed over
 */
export function learnInterval(history: readonly string[]): number | null {
  const gaps = gapsS(history).slice(-GAPS_CONSIDERED)
  if (gaps.length < 2) return null
  return Math.min(MAX_INTERVAL_S, Math.max(MIN_INTERVAL_S, Math.round(median(gaps))))
}

function gapsS(history: readonly string[]): number[] {
  const gaps: number[] = []
  let lastMs = NaN
  for (const at of history) {
    const ms = Date.parse(at)
    if (Number.isNaN(ms) || ms <= lastMs) continue
    if (!Number.isNaN(lastMs)) gaps.push((ms - lastMs) / 1000)
    lastMs = ms
  }
  return gaps
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  return (lower + upper) / 2
}
