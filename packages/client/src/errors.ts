import type { BoostRefusal } from '@homewatt/contract'

/**
 * Everything that can go wrong with the Partner API. Messages, properties and causes hold facts to act on and
 * nothing that was sent or received: no token, no secret, no body, no link.
 */
export abstract class PartnerError extends Error {
  override name = 'PartnerError'
}

/** The organisation's credential is refused: by the token endpoint, or by a request with a token just issued. */
export class NotAuthorized extends PartnerError {
  override name = 'NotAuthorized'
  /** How long to leave the credential alone before it is worth trying again, ms. */
  readonly retryAfterMs: number

  constructor(retryAfterMs: number) {
    super('The Partner API refuses the credential of the organisation.')
    this.retryAfterMs = retryAfterMs
  }
}

/** This organisation may not see or do this. */
export class Forbidden extends PartnerError {
  override name = 'Forbidden'

  constructor() {
    super('The Partner API does not allow this.')
  }
}

/** There is no such user, device or active action. */
export class NotFound extends PartnerError {
  override name = 'NotFound'

  constructor() {
    super('The Partner API does not know this.')
  }
}

/** A boost that the situation of the device does not allow; the partner tells us which. */
export class BoostRefused extends PartnerError {
  override name = 'BoostRefused'
  readonly reason: BoostRefusal['reason']
  readonly state: BoostRefusal['state']

  constructor({ reason, state }: BoostRefusal) {
    super(`Boost refused: ${reason ?? 'unknown reason'}`)
    this.reason = reason
    this.state = state
  }
}

/** The request itself was wrong. */
export class InvalidRequest extends PartnerError {
  override name = 'InvalidRequest'
  readonly status: number
  /** Names of the fields that the partner complains about, as far as it said. */
  readonly fields: string[]

  constructor(status: number, fields: string[]) {
    super(`The Partner API calls the request invalid (status ${status}).`)
    this.status = status
    this.fields = fields
  }
}

/** The organisation asks for more than it may, or our own budget has no room in time. */
export class RateLimited extends PartnerError {
  override name = 'RateLimited'
  /** ms */
  readonly retryAfterMs: number

  constructor(retryAfterMs: number) {
    super('The Partner API asks to slow down.')
    this.retryAfterMs = retryAfterMs
  }
}

/** How an exchange failed without an answer that can be used. */
export type Unavailability =
  /** No connection: refused, DNS, TLS. The request never left. */
  | 'not_connected'
  | 'timeout'
  /** The answer may well have come in time: this process was too busy to take it. */
  | 'stalled'
  /** Not asked, because lately nobody answered. */
  | 'resting'
  /** The connection ended in the middle. */
  | 'cut_off'
  /** Status 5xx. */
  | 'failing'
  | 'redirect'
  | 'media_type'
  | 'too_large'
  | 'bad_json'
  | 'bad_shape'

/** Nobody answered, or not in a way that can be believed. */
export class PartnerUnavailable extends PartnerError {
  override name = 'PartnerUnavailable'
  readonly why: Unavailability
  readonly status: number | null
  /** ms, when the partner said how long. */
  readonly retryAfterMs: number | null
  /** Whether a write may have been done although nobody said so. */
  readonly inDoubt: boolean

  /** @param isUndone nothing can have been done, whatever failed: it did so before the request was made */
  constructor(
    why: Unavailability,
    {
      status = null,
      retryAfterMs = null,
      isUndone = why === 'not_connected' || why === 'resting',
      cause,
    }: { status?: number | null; retryAfterMs?: number | null; isUndone?: boolean; cause?: unknown } = {},
  ) {
    super(`The Partner API is unavailable: ${why}${status === null ? '' : ` (status ${status})`}.`)
    this.why = why
    this.status = status
    this.retryAfterMs = retryAfterMs
    this.inDoubt = !isUndone
    if (cause !== undefined) this.cause = withoutContent(cause)
  }
}

/** An answer is about somebody else or holds a device of theirs, or does not say whose it is. Nothing of it may be used. */
export class ForeignDevice extends PartnerError {
  override name = 'ForeignDevice'

  constructor() {
    super('The answer does not belong to the user it was asked for.')
  }
}

/** What failed, by name and code. Parsers and sockets like to quote what they were given, so nothing else is kept. */
function withoutContent(cause: unknown): Error {
  if (cause instanceof Cause) return cause
  const { name, code } = cause as { name?: unknown; code?: unknown }
  const kept = new Cause(
    [name, code].filter((part) => typeof part === 'string').join(' ') || 'unknown failure',
  )
  delete kept.stack
  return kept
}

class Cause extends Error {
  override name = 'Cause'
}
