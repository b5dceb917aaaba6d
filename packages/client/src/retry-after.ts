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
  const text = retryAfter?.trim() ?? ''
  const ms = /^-?\d+$/.test(text) ? Number(text) * 1000 : dateOf(text) - (dateMs ?? NaN)
  return Number.isNaN(ms) ? null : Math.min(MOST_MS, Math.max(LEAST_MS, ms))
}

/** The three forms of RFC 9110; `Date.parse` alone would find a date in nearly anything that ends in a number. */
const dateOf = (text: string) =>
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : NaN
