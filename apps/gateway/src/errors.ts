import {
  BoostRefused,
  Forbidden,
  ForeignDevice,
  InvalidRequest,
  NotAuthorized,
  NotFound,
  PartnerUnavailable,
  RateLimited,
} from '@homewatt/client'
import type { GatewayError } from '@homewatt/contract'
import type { SettingsComplaint, SettingsComplaints } from '@homewatt/display'
import { StoreFailed } from './store.ts'

type Body = GatewayError['error']

/** A failure as the gateway's API tells it. */
export class ApiFailure extends Error {
  override name = 'ApiFailure'
  readonly status: number
  readonly body: Body

  constructor(status: number, body: Body) {
    super(body.message)
    this.status = status
    this.body = body
  }
}

export const notSignedIn = () => new ApiFailure(401, { code: 'not_signed_in', message: 'Sign in first.' })

/** The same for what does not exist and for what belongs to somebody else: the answer must not tell which. */
export const notFound = () =>
  new ApiFailure(404, { code: 'not_found', message: 'There is no such thing here.' })

/** The partner does not let this organisation do this; what belongs to somebody else is `not_found` before it is asked. */
const notAllowed = () =>
  new ApiFailure(403, { code: 'not_allowed', message: 'The Partner API does not allow this here.' })

export const forbiddenOrigin = () =>
  new ApiFailure(403, {
    code: 'forbidden_origin',
    message: 'Requests that change something carry "x-homewatt: 1" and come from our own pages.',
  })

export const misdirected = () =>
  new ApiFailure(421, { code: 'not_found', message: 'Nobody here answers for this host.' })

export const unsupportedMediaType = (message = 'Send a body as application/json.') =>
  new ApiFailure(415, { code: 'unsupported_media_type', message })

export const tooLarge = () =>
  new ApiFailure(413, { code: 'invalid_request', message: 'The body is larger than 16 KB.' })

/** @param codes by field too, for pages to find words by */
export const invalidRequest = (fields: Record<string, string>, codes?: Record<string, string>) =>
  new ApiFailure(422, {
    code: 'invalid_request',
    message: 'Some of the values cannot be taken.',
    fields,
    ...(codes ? { codes } : {}),
  })

const COMPLAINTS: Readonly<Record<SettingsComplaint, string>> = {
  not_offered: 'This device has no such setting.',
  needed: 'A value is needed here.',
  above_limit: 'Above the limit set at the manufacturer.',
  above_upper: 'The lower bound is above the upper one.',
  band: 'The thresholds are closer together than a charger of this home allows.',
  locked: 'This mode is not available in this home.',
}

/** Values that are valid in themselves and do not go together here. */
export const complaintsOf = (codes: SettingsComplaints) => {
  const fields = Object.entries(codes).map(([name, code]) => [name, COMPLAINTS[code]])
  const failure = invalidRequest(Object.fromEntries(fields) as Record<string, string>)
  return new ApiFailure(failure.status, { ...failure.body, codes })
}

export const tooManyRequests = (retryAfterMs: number) =>
  new ApiFailure(429, {
    code: 'too_many_requests',
    message: 'Wait a moment before trying again.',
    retry_after_s: seconds(retryAfterMs),
  })

export const actionUnavailable = () =>
  new ApiFailure(409, {
    code: 'action_unavailable',
    message: 'This action cannot be started here, or is done.',
  })

export const connectUnavailable = () =>
  new ApiFailure(409, {
    code: 'action_unavailable',
    message: 'The page to connect a device at is none that people may be sent to: see ACTION_ORIGINS.',
  })

/** Any failure as the API tells it; `null` when nobody expected it, which is a bug of ours. */
export function toApiFailure(error: unknown): ApiFailure | null {
  if (error instanceof ApiFailure) return error
  if (error instanceof BoostRefused)
    return new ApiFailure(409, {
      code: 'boost_refused',
      message: 'The device cannot be boosted now.',
      reason: error.reason,
      state: error.state,
    })
  if (error instanceof NotFound || error instanceof ForeignDevice) return notFound()
  if (error instanceof Forbidden) return notAllowed()
  if (error instanceof InvalidRequest)
    return invalidRequest(
      Object.fromEntries(error.fields.map((field) => [field, 'The Partner API does not take this.'])),
    )
  // The partner's 401 is about the organisation, never about the person: it must not look like the end of a session.
  if (error instanceof NotAuthorized || error instanceof RateLimited)
    return partnerUnavailable(error.retryAfterMs)
  if (error instanceof StoreFailed) return storeUnavailable()
  if (error instanceof PartnerUnavailable) return partnerUnavailable(error.retryAfterMs ?? 5_000)
  return null
}

export const internalFailure = () =>
  new ApiFailure(500, { code: 'internal', message: 'Something went wrong here.' })

const storeUnavailable = () =>
  new ApiFailure(503, {
    code: 'store_unavailable',
    message: 'What is kept cannot be reached just now.',
    retry_after_s: 5,
  })

export const busy = (retryAfterMs: number) =>
  new ApiFailure(503, {
    code: 'internal',
    message: 'There is no room just now.',
    retry_after_s: seconds(retryAfterMs),
  })

export const overloaded = (retryAfterMs: number) =>
  new ApiFailure(503, {
    code: 'overloaded',
    message: 'Too much is asked of this gateway just now.',
    retry_after_s: seconds(retryAfterMs),
  })

export const partnerUnavailable = (retryAfterMs: number) =>
  new ApiFailure(503, {
    code: 'partner_unavailable',
    message: 'The Partner API cannot be reached just now.',
    retry_after_s: seconds(retryAfterMs),
  })

const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000))
