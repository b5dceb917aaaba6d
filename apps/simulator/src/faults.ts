import { BoostRefusalReason, DeviceType } from '@homewatt/contract'
import * as v from 'valibot'
import { chance, keyOf } from './hash.ts'

const match = v.optional(
  v.strictObject({
    /** Part of the path. */
    path: v.optional(v.string()),
    /** Part of the endpoint as the documents write it, for example `/electric-vehicles/{electric_vehicle_id}/boost`. */
    endpoint: v.optional(v.string()),
    method: v.optional(v.string()),
    /** Name of a home. */
    home: v.optional(v.string()),
    type: v.optional(DeviceType),
  }),
  {},
)

const common = {
  match,
  /** How many matching requests it strikes; without it, all of them. */
  count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Chance to strike a matching request. */
  probability: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
}

const ms = v.pipe(v.number(), v.minValue(0), v.maxValue(600_000))
const seconds = v.pipe(v.number(), v.minValue(0))

/** Which fields of an answer are struck. */
const fields = {
  /** Their names; without them, chance decides. */
  fields: v.optional(v.array(v.string())),
  /** The share of all fields (but ids) that chance strikes. */
  share: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.3),
}

const fault = <K extends string, E extends v.ObjectEntries>(kind: K, entries: E) =>
  v.strictObject({ kind: v.literal(kind), ...common, ...entries })

/** What can go wrong on purpose. */
export const Fault = v.variant('kind', [
  fault('status', {
    status: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
    body: v.optional(v.unknown()),
    headers: v.optional(v.record(v.string(), v.string())),
  }),
  /** Answers as usual, `ms` real milliseconds late. */
  fault('latency', { ms }),
  /** Takes the request and never answers. */
  fault('hang', {}),
  /** Closes the connection without an answer. */
  fault('reset', {}),
  /** Whatever was asked for is carried out, but the connection breaks before the answer. */
  fault('lost', {}),
  /** 429, with `Retry-After` when `retry_after_s` says so. */
  fault('rate_limit', { retry_after_s: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))) }),
  /** A web page instead of JSON. */
  fault('html', {
    status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)), 200),
  }),
  fault('redirect', { location: v.optional(v.string(), 'https://login.example.com/') }),
  /** Half of the body, then the connection closes. */
  fault('truncate', {}),
  /** The body `bytes` at a time, every `ms`. */
  fault('drip', {
    ms: v.optional(ms, 200),
    bytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
  }),
  /** Pads the body with this many bytes. */
  fault('huge', {
    bytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200_000_000)), 5_000_000),
  }),
  /** A body that is nearly JSON: bare NaN instead of numbers. */
  fault('invalid_json', {}),
  fault('empty_list', {}),
  /** Numbers as text, text as numbers, booleans as text. */
  fault('wrong_types', fields),
  /** Words that no enum has. */
  fault('unknown_enums', fields),
  fault('missing_fields', fields),
  fault('null_fields', fields),
  /** Fields that nobody has heard of, in every object. */
  fault('extra_fields', {}),
  /** Moments become `0001-01-01T00:00:00Z`. */
  fault('sentinel_dates', fields),
  /** The service's clock is wrong: the `Date` header and every moment in the answer. */
  fault('clock_skew', { seconds: v.pipe(v.number(), v.minValue(-1e9), v.maxValue(1e9)) }),
  /** Every entry of a list comes twice. */
  fault('repeated_list', {}),
  /** The entries of a list come in another order every time. */
  fault('reordered_list', {}),
  /** A list is one entry shorter every time, and begins anew when it is empty. */
  fault('shrinking_list', {}),
  /** Somebody else's device among one's own, or in place of it. */
  fault('wrong_owner', {}),
  /** The token of the request is worthless from now on. */
  fault('token_revoked', {}),
  /** All tokens are worthless from now on. */
  fault('token_expire', {}),
  /** A boost is carried out, but the connection breaks before the answer. */
  fault('boost_lost', {}),
  /** A boost is accepted, stays `requested` for `after_s` simulated seconds and comes to nothing. */
  fault('boost_fail', { after_s: v.optional(seconds, 90) }),
  /** A boost stays `requested` for `after_s` simulated seconds and then starts. */
  fault('boost_slow', { after_s: seconds }),
  /** A boost starts as usual and is stopped by the manufacturer after `after_s` simulated seconds. */
  fault('boost_drop', { after_s: v.optional(seconds, 120) }),
  /** Secrets of action links live only `after_s` simulated seconds. */
  fault('secret_expire', { after_s: v.optional(seconds, 0) }),
  fault('boost_refuse', { reason: BoostRefusalReason }),
])
export type Fault = v.InferOutput<typeof Fault>

export type Struck = {
  method: string
  path: string
  /** The path with its `{names}`. */
  endpoint: string
  home: string | null
  type: string | null
}

/** A fault that strikes, for the `nth` time (from 0). `key` makes its choices its own. */
export type Strike = { fault: Fault; nth: number; key: number }

export type Faults = {
  add(fault: Fault): void
  list(): { fault: Fault; struck: number }[]
  clear(): void
  /** The fault that strikes this request; the earliest that fits. */
  strike(request: Struck): Strike | null
}

export function createFaults(seed: number): Faults {
  let faults: { fault: Fault; struck: number; seen: number }[] = []
  return {
    add: (added) => void faults.push({ fault: added, struck: 0, seen: 0 }),
    list: () => faults.map(({ fault: one, struck }) => ({ fault: one, struck })),
    clear() {
      faults = []
    },
    strike(request) {
      for (const [index, entry] of faults.entries()) {
        const { fault: one } = entry
        if (!fits(one, request) || entry.struck >= (one.count ?? Infinity)) continue
        const key = keyOf(seed, 'fault', index)
        if (chance(key, entry.seen++) >= (one.probability ?? 1)) continue
        return { fault: one, nth: entry.struck++, key }
      }
      return null
    },
  }
}

function fits({ kind, match: { path, endpoint, method, home, type } }: Fault, request: Struck): boolean {
  if (kind.startsWith('boost_') && !(request.method === 'POST' && request.path.endsWith('/boost')))
    return false
  return (
    (path === undefined || request.path.includes(path)) &&
    (endpoint === undefined || request.endpoint.includes(endpoint)) &&
    (method === undefined || request.method === method.toUpperCase()) &&
    (home === undefined || request.home === home) &&
    (type === undefined || request.type === type)
  )
}
