import { policyOf, type Policy } from './policy.ts'

/**
 * How long the partner asks to wait, within the limits of the policy (1 s to 15 min, §4.1); `null` when it does not say,
 * or nonsense. Dates are compared with the partner's own clock, and with ours when it does not tell its time.
 *
 * @param header the raw header
 * @param ownMs our own time, ms since 1970
 */
export function retryAfterMsOf(
  header: string | null,
  { dateMs, ownMs }: { dateMs: number | null; ownMs: number },
  {
    retryAfterLeastMs,
    retryAfterMostMs,
  }: Pick<Policy, 'retryAfterLeastMs' | 'retryAfterMostMs'> = policyOf(),
): number | null {
  const text = header?.trim() ?? ''
  const ms = /^-?\d+$/.test(text) ? Number(text) * 1000 : dateOf(text) - (dateMs ?? ownMs)
  return Number.isNaN(ms) ? null : Math.min(retryAfterMostMs, Math.max(retryAfterLeastMs, ms))
}

/** The three forms of RFC 9110; `Date.parse` alone would find a date in nearly anything that ends in a number. */
const dateOf = (text: string) =>
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : NaN
