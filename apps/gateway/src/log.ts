import { createHash } from 'node:crypto'
import { pino, type DestinationStream } from 'pino'

/** The only things that a log line may hold. No ids, no texts from outside, no error objects. */
export type LogFields = {
  event: string
  /** Id of a tenant, as the operator named it. */
  tenant?: string
  /** See `shortHash`. */
  home?: string
  type?: string
  kind?: string
  why?: string
  route?: string
  method?: string
  status?: number | null
  ms?: number
  count?: number
  /** Name of an error class and where it was thrown, for failures that nobody expected. */
  error?: string
}

export type Log = {
  info(fields: LogFields): void
  warn(fields: LogFields): void
  error(fields: LogFields): void
}

export function createLog(level: string, destination?: DestinationStream): Log {
  const options = { level, base: null }
  const logger = destination ? pino(options, destination) : pino(options)
  return {
    info: (fields) => logger.info(allowed(fields)),
    warn: (fields) => logger.warn(allowed(fields)),
    error: (fields) => logger.error(allowed(fields)),
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
  'route',
  'method',
  'status',
  'ms',
  'count',
  'error',
] as const satisfies (keyof LogFields)[]

function allowed(fields: LogFields): LogFields {
  const kept = fieldNames.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]])
  return Object.fromEntries(kept) as LogFields
}
