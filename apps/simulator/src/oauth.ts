import { timingSafeEqual } from 'node:crypto'
import { chance, keyOf } from './hash.ts'
import { userIdOf } from './homes/cast.ts'
import type { Answer } from './http.ts'
import type { Handler } from './router.ts'

/** The one organisation of the simulator. */
export const demo = {
  clientId: 'homewatt-demo',
  clientSecret: 'homewatt-demo-secret',
  orgId: '00000000-0000-4000-8000-00000000d0d0',
} as const

/** Whom a token speaks for. Client credentials act as an administrator; the others are for trying roles. */
export type Actor = { role: 'admin' | 'staff' } | { role: 'user'; userId: string }

const clients: readonly { id: string; secret: string; actor: Actor }[] = [
  { id: demo.clientId, secret: demo.clientSecret, actor: { role: 'admin' } },
  { id: 'homewatt-demo-staff', secret: 'homewatt-demo-staff-secret', actor: { role: 'staff' } },
  {
    id: 'homewatt-demo-user',
    secret: 'homewatt-demo-user-secret',
    actor: { role: 'user', userId: userIdOf('full') },
  },
]

/** Tokens in circulation. They live by the simulated clock. */
export type Tokens = {
  /** Answers `POST /oauth2/token/`. */
  issue: Handler
  /** Whom a token speaks for; `null` when it is none or dead. */
  actorOf(authorization: string | undefined, nowMs: number): Actor | null
  /** Makes one token, or every one, worthless. */
  revoke(authorization?: string): void
}

export function createTokens(seed: number): Tokens {
  const given = new Map<string, { expiryMs: number; actor: Actor }>()
  let issued = 0
  return {
    issue({ request, nowMs }) {
      const actor = clientOf(request.header('authorization'))
      if (!actor) return invalidClient
      const form = request.header('content-type')?.startsWith('application/x-www-form-urlencoded') === true
      const body: unknown = form ? Object.fromEntries(request.form()) : request.json()
      const grant =
        typeof body === 'object' && body !== null
          ? (body as Record<string, unknown>)['grant_type']
          : undefined
      if (grant !== 'client_credentials') return { status: 400, json: { error: 'unsupported_grant_type' } }
      const token = tokenText(keyOf(seed, 'token', ++issued))
      for (const [old, { expiryMs }] of given) if (expiryMs <= nowMs) given.delete(old)
      given.set(token, { expiryMs: nowMs + LIFE_S * 1000, actor })
      return {
        status: 200,
        headers: { 'cache-control': 'no-store' },
        json: { access_token: token, expires_in: LIFE_S, token_type: 'Bearer', scope: 'read write' },
      }
    },
    actorOf(authorization, nowMs) {
      const found = given.get(tokenOf(authorization))
      return found && found.expiryMs > nowMs ? found.actor : null
    },
    revoke(authorization) {
      if (authorization === undefined) given.clear()
      else given.delete(tokenOf(authorization))
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

function clientOf(authorization = ''): Actor | null {
  if (!/^basic /i.test(authorization)) return null
  const given = Buffer.from(authorization.slice(6), 'base64')
  const found = clients.find(({ id, secret }) => {
    const expected = Buffer.from(`${id}:${secret}`)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  return found?.actor ?? null
}

function tokenText(key: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length: 30 }, (_, i) => letters[Math.floor(chance(key, i) * letters.length)]).join('')
}
