const LEAST_MS = 1_000
const MOST_MS = 15 * 60_000

/**
 * How long the partner asks to wait, between 1 s and 15 min; `null` when it does not say, or nonsense. Dates are
 * compared with the partner's own clock.
 */
export function retryAfterMsOf({
  retryAfter,
  dateMs,
}: {
  retryAfter: string | null
  dateMs: number | null
}): number | null {
  if (retryAfter === null) return null
  const ms = /^\s*-?\d+\s*$/.test(retryAfter)
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - (dateMs ?? NaN)
  return Number.isNaN(ms) ? null : Math.min(MOST_MS, Math.max(LEAST_MS, ms))
}
