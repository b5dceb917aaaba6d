import { createHash } from 'node:crypto'
import { pino, type DestinationStream } from 'pino'
import { requestId } from './request-scope.ts'

/** The only things that a log line may hold, besides the request it belongs to (its answer's `x-request-id`). No ids, no texts from outside, no error objects. */
export type LogFields = {
  event: string
  /** Id of a tenant, as the operator named it. */
  tenant?: string
  /** See `shortHash`. */
  home?: string
  type?: string
  kind?: string
  why?: string
  count?: number
  /** Name of an error class and where it was thrown, for failures that nobody expected. */
  error?: string
}

export type Log = {
  info(fields: LogFields): void
  warn(fields: LogFields): void
  error(fields: LogFields): void
}

/** So often the same event is told within a minute; how often more is told once, afterwards. */
const MOST_PER_MINUTE = 200

/** @param nowMs a clock that only grows */
export function createLog(
  level: string,
  destination?: DestinationStream,
  nowMs: () => number = () => performance.now(),
): Log {
  const options = { level, base: null }
  const logger = destination ? pino(options, destination) : pino(options)
  let counts = new Map<string, number>()
  let minuteEndsMs = nowMs() + 60_000

  function tell(kind: 'info' | 'warn' | 'error', fields: LogFields) {
    if (nowMs() >= minuteEndsMs) beginMinute()
    const count = (counts.get(fields.event) ?? 0) + 1
    counts.set(fields.event, count)
    if (count <= MOST_PER_MINUTE) logger[kind](allowed(fields, requestId()))
  }

  function beginMinute() {
    for (const [event, count] of counts)
      if (count > MOST_PER_MINUTE)
        logger.warn(allowed({ event: 'lines_left_out', kind: event, count: count - MOST_PER_MINUTE }))
    counts = new Map()
    minuteEndsMs = nowMs() + 60_000
  }

  return {
    info: (fields) => tell('info', fields),
    warn: (fields) => tell('warn', fields),
    error: (fields) => tell('error', fields),
  }
}

/** Tells homes apart in a log without naming them. */
export function shortHash(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8)
}

/** What may be said of an unexpected error: its class and the lines of our code, not its message. */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return [error.name, ...frames.slice(0, 4).map((frame) => frame.trim())].join(' ')
}

const fieldNames = [
  'event',
  'tenant',
  'home',
  'type',
  'kind',
  'why',
  'count',
  'error',
] as const satisfies (keyof LogFields)[]

function allowed(fields: LogFields, request?: string): LogFields {
  const kept = fieldNames.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]])
  return { ...(Object.fromEntries(kept) as LogFields), ...(request ? { request } : {}) }
}
