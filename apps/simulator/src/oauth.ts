import { timingSafeEqual } from 'node:crypto'
import { chance, keyOf } from './hash.ts'
import type { Answer } from './http.ts'
import type { Handler } from './router.ts'

/** The one organisation of the simulator. */
export const demo = {
  clientId: 'homewatt-demo',
  clientSecret: 'homewatt-demo-secret',
  orgId: '00000000-0000-4000-8000-00000000d0d0',
} as const

/** Tokens in circulation. They live by the simulated clock. */
export type Tokens = {
  /** Answers `POST /oauth2/token/`. */
  issue: Handler
  isValid(authorization: string | undefined, nowMs: number): boolean
  /** Makes one token, or every one, worthless. */
  revoke(authorization?: string): void
}

export function createTokens(seed: number): Tokens {
  const expiries = new Map<string, number>()
  let issued = 0
  return {
    issue({ request, nowMs }) {
      if (!isDemoClient(request.header('authorization'))) return invalidClient
      const form = request.header('content-type')?.startsWith('application/x-www-form-urlencoded') === true
      const body: unknown = form ? Object.fromEntries(request.form()) : request.json()
      const grant =
        typeof body === 'object' && body !== null
          ? (body as Record<string, unknown>)['grant_type']
          : undefined
      if (grant !== 'client_credentials') return { status: 400, json: { error: 'unsupported_grant_type' } }
      const token = tokenText(keyOf(seed, 'token', ++issued))
      for (const [old, expiryMs] of expiries) if (expiryMs <= nowMs) expiries.delete(old)
      expiries.set(token, nowMs + LIFE_S * 1000)
      return {
        status: 200,
        headers: { 'cache-control': 'no-store' },
        json: { access_token: token, expires_in: LIFE_S, token_type: 'Bearer', scope: 'read write' },
      }
    },
    isValid: (authorization, nowMs) => (expiries.get(tokenOf(authorization)) ?? -Infinity) > nowMs,
    revoke(authorization) {
      if (authorization === undefined) expiries.clear()
      else expiries.delete(tokenOf(authorization))
    },
  }
}

const LIFE_S = 36_000

const invalidClient: Answer = {
  status: 401,
  json: { error: 'invalid_client' },
  headers: { 'www-authenticate': 'Basic' },
}

const tokenOf = (authorization = '') => (/^bearer /i.test(authorization) ? authorization.slice(7).trim() : '')

function isDemoClient(authorization = ''): boolean {
  if (!/^basic /i.test(authorization)) return false
  const given = Buffer.from(authorization.slice(6), 'base64')
  const expected = Buffer.from(`${demo.clientId}:${demo.clientSecret}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function tokenText(key: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length: 30 }, (_, i) => letters[Math.floor(chance(key, i) * letters.length)]).join('')
}
