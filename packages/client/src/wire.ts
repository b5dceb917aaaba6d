import { errors, Pool } from 'undici'
import { PartnerUnavailable, type Unavailability } from './errors.ts'
import type { Policy } from './policy.ts'
import { retryAfterMsOf } from './retry-after.ts'
import type { Time } from './time.ts'

export type WireRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  headers: Record<string, string>
  body?: string
  /** For the whole exchange, ms. */
  deadlineMs: number
}

export type WireAnswer = {
  status: number
  /** The server's own time, ms since 1970; `null` when it does not say. */
  dateMs: number | null
  /** How long it asks to be left alone; see `retryAfterMsOf`. */
  retryAfterMs: number | null
  /** What the body says; `undefined` when it is not JSON. */
  json: unknown
  /** Whether there is a body of another type: a web page of whatever stands in between, most likely. */
  isPage: boolean
}

/** One HTTP exchange with one origin: deadlines, no redirects, media type and size checked before reading. */
export type Wire = {
  /** Rejects with `PartnerUnavailable` when no whole answer came; every status is an answer. */
  exchange(request: WireRequest): Promise<WireAnswer>
  close(): Promise<void>
}

/** A limit that is noticed so much too late was missed by this process, not by the partner. */
const STALL_MS = 500
/** The library looks at its own timers once a second. */
const CONNECT_STALL_MS = 1_500
const MAX_BODY_BYTES = 1024 * 1024

export function createWire({ origin, time, policy }: { origin: string; time: Time; policy: Policy }): Wire {
  const { connectMs, headersMs, maxInFlight } = policy
  const pool = new Pool(origin, {
    connections: maxInFlight,
    connect: { timeout: connectMs },
    // Ours below go by the time that is passed in, and end a body that drips as well.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  })

  return {
    async exchange({ deadlineMs, ...request }) {
      // A body may drip a byte now and then for ever; idle timeouts do not end that, only a deadline does.
      const startMs = time.monotonicMs()
      const elapsedMs = () => time.monotonicMs() - startMs
      const deadline = new AbortController()
      /** Which limit ended it. */
      let limitMs = deadlineMs
      const end = (ms: number) => () => {
        limitMs = ms
        deadline.abort()
      }
      const cancel = time.after(deadlineMs, end(deadlineMs))
      const cancelHeaders = time.after(headersMs, end(headersMs))
      try {
        const { statusCode, headers, body } = await pool.request({
          ...request,
          headers: { ...request.headers, 'accept-encoding': 'identity' },
          signal: deadline.signal,
        })
        cancelHeaders()
        // Whoever destroys a body hears of it here; without a listener the process would.
        body.on('error', () => {})
        try {
          const dateMs = momentOf(headers['date'])
          const ownMs = time.wallMs()
          const answer = {
            status: statusCode,
            dateMs,
            retryAfterMs: retryAfterMsOf(single(headers['retry-after']), { dateMs, ownMs }, policy),
          }
          if (statusCode !== 204 && isJson(headers)) {
            const announcedBytes = Number(headers['content-length'] ?? 0)
            const text = await read(body, announcedBytes)
            return {
              ...answer,
              json: statusCode < 400 ? parsed(text) : parsedIfPossible(text),
              isPage: false,
            }
          }
          // Read away and forgotten, so that the connection can be used again.
          return { ...answer, json: undefined, isPage: (await sizeOf(body)) > 0 }
        } finally {
          body.destroy()
        }
      } catch (error) {
        if (error instanceof PartnerUnavailable) throw error
        const why = deadline.signal.aborted ? 'timeout' : unavailabilityOf(error)
        const isStalled = deadline.signal.aborted
          ? elapsedMs() > limitMs + STALL_MS
          : error instanceof errors.ConnectTimeoutError && elapsedMs() > connectMs + CONNECT_STALL_MS
        throw new PartnerUnavailable(isStalled ? 'stalled' : why, { cause: error })
      } finally {
        cancel()
        cancelHeaders()
      }
    },
    close: () => pool.destroy(),
  }
}

function isJson(headers: Record<string, string | string[] | undefined>): boolean {
  const type = single(headers['content-type'])?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return (
    (type === 'application/json' || type.endsWith('+json')) &&
    (single(headers['content-encoding']) ?? 'identity') === 'identity'
  )
}

async function read(body: AsyncIterable<Buffer>, announcedBytes: number): Promise<string> {
  if (announcedBytes > MAX_BODY_BYTES) throw new PartnerUnavailable('too_large')
  const chunks: Buffer[] = []
  let bytes = 0
  // Leaving the loop early, by return or throw, ends the body and its connection.
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new PartnerUnavailable('too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Bytes, as far as anybody wants to know; what breaks off or does not end was not nothing. */
async function sizeOf(body: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0
  try {
    for await (const { length } of body) if ((bytes += length) > MAX_BODY_BYTES) break
  } catch {
    return Infinity
  }
  return bytes
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new PartnerUnavailable('bad_json', { cause })
  }
}

/** The status of a refusal says enough, also when its body is broken. */
function parsedIfPossible(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function unavailabilityOf(error: unknown): Unavailability {
  if (error instanceof errors.ConnectTimeoutError) return 'not_connected'
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']
  if (neverSent.includes(code) || /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code))
    return 'not_connected'
  return 'cut_off'
}

function momentOf(header: string | string[] | undefined): number | null {
  const ms = Date.parse(single(header) ?? '')
  return Number.isNaN(ms) ? null : ms
}

function single(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null
}
