import type { Fault, Strike } from './faults.ts'
import { chance } from './hash.ts'

/** An answer as a fault twists it: still JSON, but not what was meant. Every choice repeats from run to run. */
export function distort(json: unknown, { fault, nth, key }: Strike): unknown {
  if (Array.isArray(json)) {
    const listed = list(json, fault, key, nth)
    if (listed) return listed
  }
  let seen = 0
  const struck = (name: string) => {
    if (!('share' in fault)) return true
    if (fault.fields) return fault.fields.includes(name)
    return !isId(name) && chance(key ^ nth, seen++) < fault.share
  }
  const twist = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(twist)
    if (typeof value !== 'object' || value === null) return twisted(value, fault)
    const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
      // Objects and lists are walked through, except when it is for them to go.
      if (fault.kind === 'missing_fields' && struck(name)) return []
      if (fault.kind === 'null_fields' && struck(name)) return [[name, null]]
      if (typeof inner === 'object' && inner !== null) return [[name, twist(inner)]]
      if (fault.kind === 'unknown_enums' && !enums.has(name)) return [[name, inner]]
      return [[name, struck(name) ? twisted(inner, fault) : inner]]
    })
    if (fault.kind === 'extra_fields') entries.push(['x_internal', { trace: [nth], note: 'not for you' }])
    return Object.fromEntries(entries)
  }
  return twist(json)
}

const isId = (name: string) => name === 'id' || name.endsWith('_id')

/** Fields whose words the documents list. */
const enums = new Set([
  'boost_state', 'reason', 'state', 'current_mode', 'optimization_level', 'connection_status', 'monitoring_status',
  'steering_status', 'lifecycle_state', 'actual_steering_state', 'price_zone', 'role', 'mode', 'connection',
  'energy_contract_type', 'session_outcome', 'final_hems_state', 'code', 'short_name', 'language',
]) // prettier-ignore

function twisted(value: unknown, fault: Fault): unknown {
  switch (fault.kind) {
    case 'wrong_types':
      if (typeof value === 'string') return value.length
      return value === null ? 'null' : String(value)
    case 'unknown_enums':
      return typeof value === 'string' ? `${value}_x9` : value
    case 'sentinel_dates':
      return isMoment(value) ? '0001-01-01T00:00:00Z' : value
    case 'clock_skew':
      return isMoment(value) ? shifted(value, fault.seconds * 1000) : value
    default:
      return value
  }
}

function shifted(moment: string, byMs: number): string {
  const date = new Date(Date.parse(moment) + byMs)
  return Number.isNaN(date.getTime()) ? moment : date.toISOString()
}

const isMoment = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)

function list(json: unknown[], fault: Fault, key: number, nth: number): unknown[] | null {
  switch (fault.kind) {
    case 'repeated_list':
      return json.flatMap((entry) => [entry, entry])
    case 'shrinking_list':
      return json.slice(0, json.length - ((nth + 1) % (json.length + 1)))
    case 'reordered_list': {
      const places = json.map((entry, i) => ({ entry, at: chance(key ^ (nth + 1), i) }))
      return places.sort((a, b) => a.at - b.at).map(({ entry }) => entry)
    }
    default:
      return null
  }
}
