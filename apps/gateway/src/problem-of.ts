import { Forbidden, NotAuthorized, NotFound, PartnerUnavailable, RateLimited } from '@homewatt/client'
import type { ProblemKind } from '@homewatt/contract'

/** What a failed question means for the person who looks at the last known values. */
export function problemOf(error: unknown): ProblemKind {
  if (error instanceof NotAuthorized) return 'credentials_rejected'
  if (error instanceof RateLimited) return 'rate_limited'
  if (error instanceof NotFound) return 'not_linked'
  if (error instanceof Forbidden) return 'forbidden'
  if (error instanceof PartnerUnavailable) {
    const isUnbelievable = ['redirect', 'media_type', 'too_large', 'bad_json', 'bad_shape'].includes(
      error.why,
    )
    return isUnbelievable ? 'invalid_answer' : 'unreachable'
  }
  return 'invalid_answer'
}

/** The same in a word for the log. */
export function whyOf(error: unknown): string {
  if (error instanceof PartnerUnavailable) return error.why
  return error instanceof Error ? error.name : 'unknown'
}
