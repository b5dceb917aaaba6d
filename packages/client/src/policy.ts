/** How the Partner API is asked, in one place. Times are of one call, shares are of 1. */
export type Policy = {
  /** Requests of the organisation a second over time, and how many may come at once. */
  ratePerS: number
  burst: number
  /** Requests under way at once. */
  maxInFlight: number
  /** Until there is a connection, until the head of the answer, and for all tries and pauses of a call together. */
  connectMs: number
  headersMs: number
  exchangeMs: number
  /** Until whoever asks us is answered, with all calls that this takes. */
  answerMs: number
  /** Tries of a question; commands have one. */
  readAttempts: number
  /** Most that is waited after the first try that failed, doubled with each further one, and most at all. */
  backoffFirstMs: number
  backoffMostMs: number
  /** Retries that are added to what succeeded within the last minute, and how many a second there may be in any case. */
  retryShare: number
  retriesPerS: number
  /** An operation rests when this share of at least so many calls failed within the window. */
  breakerWindowS: number
  breakerLeastCalls: number
  breakerShare: number
  /** How often it is looked whether an outage is over: at first, and when it lasts. */
  probeLeastMs: number
  probeMostMs: number
  /** How long the token endpoint is left alone after it gave none: at first, doubled each time, and at most. */
  tokenProbeLeastMs: number
  tokenProbeMostMs: number
  /** A `Retry-After` of less or more is taken for this. */
  retryAfterLeastMs: number
  retryAfterMostMs: number
}

/** What holds unless somebody says otherwise, and between what it makes sense. */
export const policyRules: Readonly<
  Record<keyof Policy, { usual: number; least: number; most: number; isWhole: boolean }>
> = {
  ratePerS: { usual: 50, least: 0.1, most: 100_000, isWhole: false },
  burst: { usual: 100, least: 1, most: 100_000, isWhole: true },
  maxInFlight: { usual: 32, least: 1, most: 10_000, isWhole: true },
  connectMs: { usual: 2_000, least: 100, most: 60_000, isWhole: true },
  headersMs: { usual: 5_000, least: 100, most: 60_000, isWhole: true },
  exchangeMs: { usual: 8_000, least: 100, most: 60_000, isWhole: true },
  answerMs: { usual: 10_000, least: 2_000, most: 120_000, isWhole: true },
  readAttempts: { usual: 3, least: 1, most: 10, isWhole: true },
  backoffFirstMs: { usual: 200, least: 1, most: 60_000, isWhole: true },
  backoffMostMs: { usual: 2_000, least: 1, most: 60_000, isWhole: true },
  retryShare: { usual: 0.1, least: 0, most: 1, isWhole: false },
  retriesPerS: { usual: 1, least: 0, most: 1_000, isWhole: false },
  breakerWindowS: { usual: 30, least: 1, most: 600, isWhole: true },
  breakerLeastCalls: { usual: 20, least: 1, most: 10_000, isWhole: true },
  breakerShare: { usual: 0.5, least: 0.01, most: 1, isWhole: false },
  probeLeastMs: { usual: 5_000, least: 1_000, most: 3_600_000, isWhole: true },
  probeMostMs: { usual: 60_000, least: 1_000, most: 3_600_000, isWhole: true },
  tokenProbeLeastMs: { usual: 30_000, least: 1_000, most: 3_600_000, isWhole: true },
  tokenProbeMostMs: { usual: 300_000, least: 1_000, most: 3_600_000, isWhole: true },
  retryAfterLeastMs: { usual: 1_000, least: 1, most: 3_600_000, isWhole: true },
  retryAfterMostMs: { usual: 900_000, least: 1_000, most: 86_400_000, isWhole: true },
}

/** The whole policy, with what is said in the place of what is usual. Throws `TypeError` for what makes no sense. */
export function policyOf(said: Partial<Policy> = {}): Policy {
  const names = Object.keys(policyRules) as (keyof Policy)[]
  const entries = names.map((name) => {
    const value = said[name] ?? policyRules[name].usual
    const wrong = wrongIn(name, value)
    if (wrong) throw new TypeError(`${name} ${wrong}`)
    return [name, value]
  })
  return Object.fromEntries(entries) as Policy
}

/** What is wrong with a value, as the rest of a sentence; `null` when nothing is. */
export function wrongIn(name: keyof Policy, value: number): string | null {
  const { least, most, isWhole } = policyRules[name]
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return null
  return `must be a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}.`
}
