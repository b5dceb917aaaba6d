import { TokenAnswer } from '@homewatt/contract'
import * as v from 'valibot'
import { probeAfterMs } from './breaker.ts'
import { NotAuthorized, PartnerUnavailable, RateLimited, type PartnerError } from './errors.ts'
import type { Policy } from './policy.ts'
import type { Time } from './time.ts'
import type { WireAnswer } from './wire.ts'

/** A token, and which one it is: a refusal is about one generation and renews it once, however many met it. */
export type Token = {
  value: string
  generation: number
  /** When it ends by the server's own clock, ms since 1970; `Infinity` when the server does not say what time it is. */
  endsMs: number
}

/** The organisation's token, shared by all callers. */
export type Tokens = {
  /** Rejects with `NotAuthorized`, `RateLimited` or `PartnerUnavailable`. */
  current(): Promise<Token>
  /**
   * A newer token than the refused one, which nobody gets any more. Rejects with `NotAuthorized` when another one was
   * refused and renewed only moments ago, unless this one has ended by the server's own clock.
   */
  renewed(refused: Token, serverMs: number | null): Promise<Token>
  /** Whether the token endpoint is left alone, for whoever watches. */
  isResting(): boolean
}

/** A token is renewed this long before it ends, or after 9/10 of a short life. */
const EARLY_MS = 5 * 60_000
/** What failed once may have met a connection that just ended; what fails again is left alone. */
const FAILURES_TO_REST = 2

/** On the monotonic clock: from when on a newer one is asked for, and until when it is good. */
type Held = Token & { renewMs: number; untilMs: number; failedRenewals: number }
type Rest = { untilMs: number; refusal: (leftMs: number) => PartnerError }

/**
 * Keeps one token for everybody: asked for once however many need it, renewed before it ends while nobody waits for
 * that. Where the endpoint gave none it is left alone, and whoever needs one meanwhile hears why: for as long as a 429
 * says; for 30 s, then ever longer up to 5 min, after a refused credential (§4.1) or a 429 that says nothing; for as long
 * as any failing operation when it does not answer. A token that is still good serves on through all of it.
 *
 * @param fetchToken the exchange with the token endpoint; rejects with `PartnerUnavailable`
 */
export function createTokens({
  fetchToken,
  policy,
  time,
  random,
}: {
  fetchToken: () => Promise<WireAnswer>
  policy: Policy
  time: Time
  random: () => number
}): Tokens {
  let token: Held | null = null
  let generation = 0
  let asking: Promise<Held> | null = null
  /** When a refused token was last renewed. */
  let renewedMs = -Infinity
  let rest: Rest | null = null
  /** In a row: the endpoint did not want to give one, and was of no use. */
  let refusals = 0
  let failures = 0
  let failingSinceMs = -Infinity

  const restLeftMs = () => (rest ? rest.untilMs - time.monotonicMs() : 0)

  function restFor(ms: number, refusal: Rest['refusal']) {
    rest = { untilMs: time.monotonicMs() + ms, refusal }
  }

  /** What came of the question; throws when that is no token. */
  function read({ status, json, dateMs, retryAfterMs }: WireAnswer, askedMs: number): Held {
    if ([400, 401, 403].includes(status)) {
      const restMs = probeMs(refusals++, policy)
      restFor(restMs, (leftMs) => new NotAuthorized(leftMs))
      throw new NotAuthorized(restMs)
    }
    if (status === 429) {
      // Up to a fifth more than asked, so that many gateways do not return in the same instant.
      const restMs = retryAfterMs === null ? probeMs(refusals++, policy) : retryAfterMs * (1 + random() * 0.2)
      restFor(restMs, (leftMs) => new RateLimited(leftMs))
      throw new RateLimited(retryAfterMs ?? restMs)
    }
    if (status !== 200)
      throw new PartnerUnavailable(status >= 500 ? 'failing' : 'bad_shape', { status, retryAfterMs })
    const answer = v.safeParse(TokenAnswer, json)
    if (!answer.success) throw new PartnerUnavailable('bad_shape')
    const lifeMs = answer.output.expires_in * 1000
    return {
      value: answer.output.access_token,
      generation: ++generation,
      endsMs: dateMs === null ? Infinity : dateMs + lifeMs,
      renewMs: askedMs + Math.max(lifeMs - EARLY_MS, lifeMs * 0.9),
      untilMs: askedMs + lifeMs,
      failedRenewals: 0,
    }
  }

  async function ask(): Promise<Held> {
    const leftMs = restLeftMs()
    if (rest && leftMs > 0) throw rest.refusal(leftMs)
    try {
      const askedMs = time.monotonicMs()
      token = read(await fetchToken(), askedMs)
    } catch (error) {
      if (error instanceof PartnerUnavailable) failed(error)
      throw error
    }
    rest = null
    refusals = failures = 0
    return token
  }

  function failed({ why, retryAfterMs }: PartnerUnavailable) {
    // What this process was too busy to hear says nothing about the partner.
    if (why === 'stalled') return
    const nowMs = time.monotonicMs()
    if (failures++ === 0) failingSinceMs = nowMs
    if (failures < FAILURES_TO_REST && retryAfterMs === null) return
    restFor(
      probeAfterMs(nowMs - failingSinceMs, random, retryAfterMs, policy),
      (leftMs) => new PartnerUnavailable('resting', { retryAfterMs: leftMs }),
    )
  }

  function askOnce(): Promise<Held> {
    asking ??= ask().finally(() => {
      asking = null
    })
    return asking
  }

  async function renewEarly(old: Held) {
    old.renewMs = Infinity
    try {
      await askOnce()
    } catch {
      old.renewMs = time.monotonicMs() + probeMs(old.failedRenewals++, policy)
    }
  }

  return {
    async current() {
      const nowMs = time.monotonicMs()
      if (!token || nowMs >= token.untilMs) return askOnce()
      if (nowMs >= token.renewMs) void renewEarly(token)
      return token
    },
    async renewed(refused, serverMs) {
      if (token && token.generation > refused.generation) return token
      const sinceMs = time.monotonicMs() - renewedMs
      const hasEnded = serverMs !== null && serverMs >= refused.endsMs
      // One that is refused so soon after another was renewed for the same reason would fare no better if renewed.
      if (!asking && !hasEnded && sinceMs < policy.tokenProbeLeastMs)
        throw new NotAuthorized(policy.tokenProbeLeastMs - sinceMs)
      token = null
      const renewed = await askOnce()
      renewedMs = time.monotonicMs()
      return renewed
    },
    isResting: () => restLeftMs() > 0,
  }
}

/** How long to leave the token endpoint alone after it gave none `times` times before. */
const probeMs = (times: number, { tokenProbeLeastMs, tokenProbeMostMs }: Policy) =>
  Math.min(tokenProbeMostMs, tokenProbeLeastMs * 2 ** times)
