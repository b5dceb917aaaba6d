import { BoostRefusalReason, DeviceType } from '@homewatt/contract'
import * as v from 'valibot'
import { chance, keyOf } from './hash.ts'

const match = v.optional(
  v.strictObject({
    /** Part of the path. */
    path: v.optional(v.string()),
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
  /** A web page with status 200. */
  fault('html', {}),
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
  /** Somebody else's device among one's own, or in place of it. */
  fault('wrong_owner', {}),
  /** The token of the request is worthless from now on. */
  fault('token_revoked', {}),
  /** All tokens are worthless from now on. */
  fault('token_expire', {}),
  /** A boost is carried out, but the connection breaks before the answer. */
  fault('boost_lost', {}),
  /** A boost is accepted, stays `requested` for `after_s` simulated seconds and comes to nothing. */
  fault('boost_fail', { after_s: v.optional(v.pipe(v.number(), v.minValue(0)), 90) }),
  /** A boost stays `requested` for `after_s` simulated seconds and then starts. */
  fault('boost_slow', { after_s: v.pipe(v.number(), v.minValue(0)) }),
  fault('boost_refuse', { reason: BoostRefusalReason }),
])
export type Fault = v.InferOutput<typeof Fault>

export type Struck = { method: string; path: string; home: string | null; type: string | null }

export type Faults = {
  add(fault: Fault): void
  list(): { fault: Fault; struck: number }[]
  clear(): void
  /** The fault that strikes this request; the earliest that fits. */
  strike(request: Struck): Fault | null
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
        if (chance(keyOf(seed, 'fault', index), entry.seen++) >= (one.probability ?? 1)) continue
        entry.struck++
        return one
      }
      return null
    },
  }
}

function fits({ kind, match: { path, method, home, type } }: Fault, request: Struck): boolean {
  if (kind.startsWith('boost_') && !(request.method === 'POST' && request.path.endsWith('/boost')))
    return false
  return (
    (path === undefined || request.path.includes(path)) &&
    (method === undefined || request.method === method.toUpperCase()) &&
    (home === undefined || request.home === home) &&
    (type === undefined || request.type === type)
  )
}
