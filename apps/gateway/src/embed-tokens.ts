import type { Time } from '@homewatt/client'
import { decodeProtectedHeader, type JWTPayload } from 'jose'
import { keysAt, TokenRefused, verifyToken } from './issuer.ts'
import type { OnceRows } from './once-rows.ts'
import type { EmbedSettings, Tenant, UserClaim } from './tenants.ts'

/** Tokens with which the partner's own pages and apps open Homewatt for somebody they know. */
export type EmbedTokens = {
  readonly userClaim: UserClaim
  /** Whom the token is for, by the tenant's user claim. Rejects with `TokenRefused` or `IssuerUnavailable`. */
  redeem(token: string): Promise<{ subject: string; userClaim: string }>
}

export const EMBED_TYPE = 'homewatt-embed+jwt'
/** A token lives no longer than this. */
const LIFE_S = 60
const SKEW_S = 30
/** Keys come from where the tenant said; a token that brings its own is not read any further. */
const forbiddenHeaders = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip']

export function createEmbedTokens({
  tenant,
  settings,
  once,
  time,
}: {
  tenant: Pick<Tenant, 'id' | 'publicUrl'>
  settings: EmbedSettings
  once: OnceRows
  time: Time
}): EmbedTokens {
  const keys = keysAt(settings.keysUrl, tenant.publicUrl)
  const audience = tenant.publicUrl.origin

  return {
    userClaim: settings.userClaim,
    async redeem(token) {
      checkHeader(token)
      const nowMs = time.wallMs()
      const claims = await verifyToken(token, {
        keys,
        issuer: settings.issuer,
        audience,
        type: EMBED_TYPE,
        nowMs,
        skewS: SKEW_S,
        mostAgeS: LIFE_S,
      })
      const { sub: subject, jti, aud, exp = 0, iat = 0 } = claims
      // A list could name others who may use it too.
      if (aud !== audience) throw new TokenRefused('audience')
      if (!(exp > iat && exp - iat <= LIFE_S)) throw new TokenRefused('lives_too_long')
      if (typeof jti !== 'string' || !/^[\w.~-]{16,200}$/.test(jti)) throw new TokenRefused('jti')
      if (typeof subject !== 'string' || subject === '' || subject.length > 255) throw new TokenRefused('sub')
      const userClaim = claimOf(claims, settings.userClaim.name)
      const untilMs = (exp + SKEW_S + 1) * 1000
      if (!(await once.take(`embed/${tenant.id}/${jti}`, untilMs, nowMs))) throw new TokenRefused('replayed')
      return { subject, userClaim }
    },
  }
}

function checkHeader(token: string) {
  if (token.length > 4_000) throw new TokenRefused('too_long')
  let header
  try {
    header = decodeProtectedHeader(token)
  } catch {
    throw new TokenRefused('malformed')
  }
  if (forbiddenHeaders.some((name) => name in header)) throw new TokenRefused('header')
  if (typeof header.kid !== 'string') throw new TokenRefused('kid')
}

function claimOf(claims: JWTPayload, name: string): string {
  const value = claims[name]
  if (typeof value !== 'string' || value === '') throw new TokenRefused('user_claim')
  return value
}
