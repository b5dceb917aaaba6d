import { TokenAnswer } from '@homewatt/contract'
import * as v from 'valibot'
import { NotAuthorized, PartnerUnavailable, RateLimited } from './errors.ts'
import { retryAfterMsOf } from './retry-after.ts'
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
   * A newer token than the refused one. Rejects with `NotAuthorized` when another one was refused and renewed
   * only moments ago, unless this one has ended by the server's own clock.
   */
  renewed(refused: Token, serverMs: number | null): Promise<Token>
}

/** A token is renewed this long before it ends, or after 9/10 of a short life. */
const EARLY_MS = 5 * 60_000
/** A token that is refused so soon after one was renewed for the same reason would fare no better if renewed. */
const RENEWAL_EVERY_MS = 30_000
const FIRST_REST_MS = 30_000
const LONGEST_REST_MS = 5 * 60_000

/**
 * Keeps one token for everybody: asked for once however many need it, renewed before it ends. After the token
 * endpoint refused the credential it is left alone for 30 s, then ever longer up to 5 min.
 *
 * @param fetchToken the exchange with the token endpoint; rejects with `PartnerUnavailable`
 */
export function createTokens({
  fetchToken,
  time,
}: {
  fetchToken: () => Promise<WireAnswer>
  time: Time
}): Tokens {
  let token: (Token & { renewMs: number }) | null = null
  let generation = 0
  let asking: Promise<Token> | null = null
  /** When a refused token was last renewed. */
  let renewedMs = -Infinity
  let restUntilMs = -Infinity
  let restMs = FIRST_REST_MS

  async function ask(): Promise<Token> {
    const nowMs = time.monotonicMs()
    if (nowMs < restUntilMs) throw new NotAuthorized(restUntilMs - nowMs)
    const answer = await fetchToken()
    if ([400, 401, 403].includes(answer.status)) {
      token = null
      restUntilMs = time.monotonicMs() + restMs
      const rejected = new NotAuthorized(restMs)
      restMs = Math.min(LONGEST_REST_MS, restMs * 2)
      throw rejected
    }
    if (answer.status === 429) throw new RateLimited(retryAfterMsOf(answer) ?? FIRST_REST_MS)
    if (answer.status !== 200)
      throw new PartnerUnavailable(answer.status >= 500 ? 'failing' : 'bad_shape', { status: answer.status })
    const read = v.safeParse(TokenAnswer, answer.json)
    if (!read.success) throw new PartnerUnavailable('bad_shape')
    const lifeMs = read.output.expires_in * 1000
    token = {
      value: read.output.access_token,
      generation: ++generation,
      endsMs: answer.dateMs === null ? Infinity : answer.dateMs + lifeMs,
      renewMs: time.monotonicMs() + Math.max(lifeMs - EARLY_MS, lifeMs * 0.9),
    }
    restMs = FIRST_REST_MS
    return token
  }

  function askOnce(): Promise<Token> {
    asking ??= ask().finally(() => {
      asking = null
    })
    return asking
  }

  return {
    current: async () => (token && time.monotonicMs() < token.renewMs ? token : askOnce()),
    async renewed(refused, serverMs) {
      if (token && token.generation > refused.generation) return token
      const sinceMs = time.monotonicMs() - renewedMs
      const hasEnded = serverMs !== null && serverMs >= refused.endsMs
      if (!asking && !hasEnded && sinceMs < RENEWAL_EVERY_MS)
        throw new NotAuthorized(RENEWAL_EVERY_MS - sinceMs)
      const renewed = await askOnce()
      renewedMs = time.monotonicMs()
      return renewed
    },
  }
}
