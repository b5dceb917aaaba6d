import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { distort } from './distort.ts'
import type { Strike } from './faults.ts'

/** An answer ready to be written. */
export type Wire = { status: number; headers: Record<string, string>; body: string; json?: unknown }

/** Writes an answer the way a fault wants it. */
export async function spoil(
  strike: Strike,
  wire: Wire,
  response: ServerResponse,
  world: { nowMs: number; foreign(): Record<string, unknown> | null },
): Promise<void> {
  const { fault } = strike
  switch (fault.kind) {
    case 'status':
      return send(response, {
        status: fault.status,
        headers: { 'content-type': 'application/json; charset=utf-8', ...fault.headers },
        body:
          typeof fault.body === 'string'
            ? fault.body
            : JSON.stringify(fault.body ?? { detail: 'Something went wrong.' }),
      })
    case 'latency':
      await delay(fault.ms)
      return send(response, wire)
    case 'hang':
      return
    case 'reset':
    case 'boost_lost':
    case 'lost':
      response.destroy()
      return
    case 'rate_limit':
      return send(response, {
        status: 429,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...(fault.retry_after_s === undefined ? {} : { 'retry-after': String(fault.retry_after_s) }),
        },
        body: JSON.stringify({ detail: 'Too Many Requests' }),
      })
    case 'html':
      return send(response, {
        status: fault.status,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!doctype html><title>Sign in</title><h1>Please sign in</h1>',
      })
    case 'redirect':
      return send(response, { status: 302, headers: { location: fault.location }, body: '' })
    case 'truncate':
      response.setHeader('content-length', Buffer.byteLength(wire.body))
      response
        .writeHead(wire.status, wire.headers)
        .write(wire.body.slice(0, Math.floor(wire.body.length / 2)), () => response.destroy())
      return
    case 'drip':
      return drip(response, wire, fault)
    case 'huge':
      // Trailing white space is still JSON: only the size is wrong.
      return send(response, { ...wire, body: wire.body + ' '.repeat(fault.bytes) })
    case 'invalid_json':
      return send(response, {
        ...wire,
        body: wire.body.replace(/":-?\d+(\.\d+)?/g, '":NaN').replace(/^\[\]$/, '[NaN]'),
      })
    case 'empty_list':
      return send(response, { ...wire, body: Array.isArray(wire.json) ? '[]' : wire.body })
    case 'wrong_owner':
      return send(response, { ...wire, body: JSON.stringify(withForeign(wire.json, world.foreign())) })
    case 'clock_skew':
      response.setHeader('date', new Date(world.nowMs + fault.seconds * 1000).toUTCString())
      return send(response, { ...wire, body: distorted(strike, wire) })
    case 'wrong_types':
    case 'unknown_enums':
    case 'missing_fields':
    case 'null_fields':
    case 'extra_fields':
    case 'sentinel_dates':
    case 'repeated_list':
    case 'reordered_list':
    case 'shrinking_list':
      return send(response, { ...wire, body: distorted(strike, wire) })
    case 'token_revoked':
    case 'token_expire':
    case 'boost_fail':
    case 'boost_slow':
    case 'boost_drop':
    case 'boost_refuse':
    case 'secret_expire':
      // These happened before the answer was made.
      return send(response, wire)
  }
}

const distorted = (strike: Strike, wire: Wire) =>
  wire.json === undefined ? wire.body : JSON.stringify(distort(wire.json, strike))

function send(response: ServerResponse, { status, headers, body }: Wire): void {
  if (response.destroyed) return
  if (status !== 204 && status !== 304) response.setHeader('content-length', Buffer.byteLength(body))
  response.writeHead(status, headers).end(status === 204 || status === 304 ? undefined : body)
}

async function drip(
  response: ServerResponse,
  { status, headers, body }: Wire,
  pace: { ms: number; bytes: number },
): Promise<void> {
  const whole = Buffer.from(body)
  response.setHeader('content-length', whole.length)
  response.writeHead(status, headers)
  for (let sent = 0; sent < whole.length && !response.destroyed; sent += pace.bytes) {
    response.write(whole.subarray(sent, sent + pace.bytes))
    await delay(pace.ms)
  }
  response.end()
}

function withForeign(json: unknown, foreign: Record<string, unknown> | null): unknown {
  if (!foreign) return json
  if (Array.isArray(json)) return [...(json as unknown[]), foreign]
  return foreign
}
