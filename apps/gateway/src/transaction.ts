import { createHash, randomBytes } from 'node:crypto'
import { ReturnTo } from '@homewatt/contract'
import * as v from 'valibot'

/**
 * One attempt to sign in, which lives in a cookie of the browser that began it and nowhere else. What travels
 * through the issuer is derived from its secret, so a callback fits one browser, one tenant and one attempt.
 */
export type Transaction = {
  readonly startedMs: number
  readonly returnTo: ReturnTo
  /** Names the attempt without giving the secret away. */
  readonly name: string
  readonly state: string
  readonly nonce: string
  /** PKCE. */
  readonly verifier: string
  /** What the cookie holds. */
  readonly cookie: string
}

/** How long somebody may take at the issuer. */
export const TRANSACTION_MS = 10 * 60_000

export function beginTransaction(tenant: string, returnTo: ReturnTo, nowMs: number): Transaction {
  return derive(tenant, randomBytes(32).toString('base64url'), Math.round(nowMs), returnTo)
}

/** The attempt that a cookie holds; `null` when it is none, or too old. */
export function readTransaction(tenant: string, cookie: string | null, nowMs: number): Transaction | null {
  const [, secret, started, returnTo] = /^([\w-]{43})\.(\d{1,15})\.([a-z]{1,20})$/.exec(cookie ?? '') ?? []
  const startedMs = Number(started)
  if (secret === undefined || !v.is(ReturnTo, returnTo)) return null
  // The clock may have been set in between, a little backwards too.
  if (nowMs - startedMs > TRANSACTION_MS || startedMs - nowMs > TRANSACTION_MS) return null
  return derive(tenant, secret, startedMs, returnTo)
}

function derive(tenant: string, secret: string, startedMs: number, returnTo: ReturnTo): Transaction {
  const part = (of: string) => createHash('sha256').update(`${of}\n${tenant}\n${secret}`).digest('base64url')
  return {
    startedMs,
    returnTo,
    name: part('name'),
    state: part('state'),
    nonce: part('nonce'),
    verifier: part('verifier'),
    cookie: `${secret}.${startedMs}.${returnTo}`,
  }
}
