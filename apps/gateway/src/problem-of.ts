import {
  Forbidden,
  NotAuthorized,
  NotFound,
  PartnerUnavailable,
  RateLimited,
  type Unavailability,
} from '@homewatt/client'
import type { ProblemKind } from '@homewatt/contract'

/** What a failed question means for the person who looks at the last known values. */
export function problemOf(error: unknown): ProblemKind {
  if (error instanceof NotAuthorized) return 'credentials_rejected'
  if (error instanceof RateLimited) return 'rate_limited'
  if (error instanceof NotFound) return 'not_linked'
  if (error instanceof Forbidden) return 'forbidden'
  if (error instanceof PartnerUnavailable) {
    return isUnbelievable(error.why) ? 'invalid_answer' : 'unreachable'
  }
  return 'invalid_answer'
}

const unbelievable = ['redirect', 'media_type', 'too_large', 'bad_json', 'bad_shape'] as const
/** There was an answer, and nothing that the Partner API would say. */
export type Unbelievable = (typeof unbelievable)[number]

export const isUnbelievable = (why: Unavailability): why is Unbelievable =>
  (unbelievable as readonly string[]).includes(why)

/** The same in a word for the log. */
export function whyOf(error: unknown): string {
  if (error instanceof PartnerUnavailable) return error.why
  return error instanceof Error ? error.name : 'unknown'
}
