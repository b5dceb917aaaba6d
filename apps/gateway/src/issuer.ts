import type { Time } from '@homewatt/client'
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import * as oidc from 'openid-client'
import { isLoopback } from './links.ts'
import type { SignInSettings } from './tenants.ts'

/** The OpenID provider of a tenant, as far as we trust it. */
export type Issuer = {
  /** How to talk to it. Rejects with `IssuerUnavailable`. */
  configuration(): Promise<oidc.Configuration>
  /**
   * Claims of a token that this issuer made for us, moments ago. Rejects with `TokenRefused`, or with
   * `IssuerUnavailable` when its keys are not known and cannot be asked for.
   *
   * @param type the `typ` that its header has to carry; `null` takes any
   */
  verify(token: string, type: string | null): Promise<JWTPayload>
}

/** The issuer cannot be asked, or not in a way that can be believed. */
export class IssuerUnavailable extends Error {
  override name = 'IssuerUnavailable'
}

/** A token that must not be believed. The message is a code of the check that failed, never of what it held. */
export class TokenRefused extends Error {
  override name = 'TokenRefused'
}

/** Signatures that only the holder of a private key can make; `none` and shared secrets are not among them. */
export const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

/** How far the clocks of issuer and gateway may be apart. */
const SKEW_S = 90
/** Tokens are used the moment they are made; an older one has been lying about. */
const MOST_AGE_S = 5 * 60
const DEADLINE_MS = 5_000
const METADATA_MS = 60 * 60_000
/** An issuer that could not be asked is left alone this long. */
const REST_MS = 2_000

export function createIssuer(settings: SignInSettings, time: Time): Issuer {
  const { issuer, clientId, clientSecret } = settings
  let known: { metadata: oidc.ServerMetadata; keys: JWTVerifyGetKey; askedMs: number } | null = null
  let asking: Promise<void> | null = null
  let restUntilMs = -Infinity

  async function ask() {
    try {
      const found = await oidc.discovery(issuer, clientId, clientSecret, undefined, {
        timeout: DEADLINE_MS / 1000,
        execute: isLoopback(issuer) ? [oidc.allowInsecureRequests] : [],
      })
      const metadata = found.serverMetadata()
      known = { metadata, keys: keysAt(metadata.jwks_uri, issuer), askedMs: time.monotonicMs() }
    } catch (cause) {
      restUntilMs = time.monotonicMs() + REST_MS
      throw new IssuerUnavailable('The OpenID provider cannot be asked for its metadata.', { cause })
    }
  }

  /** What is known, asked for once however many need it; a failed renewal leaves what was known before. */
  async function current() {
    const nowMs = time.monotonicMs()
    if (known === null || nowMs - known.askedMs > METADATA_MS) {
      if (asking === null && nowMs >= restUntilMs)
        asking = ask().finally(() => {
          asking = null
        })
      if (known === null) await asking
      else asking?.catch(() => {})
    }
    if (known === null) throw new IssuerUnavailable('The OpenID provider could not be asked a moment ago.')
    return known
  }

  return {
    async configuration() {
      const { metadata } = await current()
      const configuration = new oidc.Configuration(
        metadata,
        clientId,
        {
          client_secret: clientSecret,
          [oidc.clockSkew]: Math.round((time.wallMs() - Date.now()) / 1000),
          [oidc.clockTolerance]: SKEW_S,
        },
        authenticationFor(metadata, clientSecret),
      )
      configuration.timeout = DEADLINE_MS / 1000
      if (isLoopback(issuer)) oidc.allowInsecureRequests(configuration)
      return configuration
    },
    async verify(token, type) {
      const { metadata, keys } = await current()
      return verifyToken(token, {
        keys,
        issuer: metadata.issuer,
        audience: clientId,
        type,
        nowMs: time.wallMs(),
        skewS: SKEW_S,
        mostAgeS: MOST_AGE_S,
      })
    },
  }
}

/**
 * Claims of a signed token after every check that needs no state: signature, algorithm, issuer, audience, times.
 * Rejects with `TokenRefused`, or with `IssuerUnavailable` when the keys cannot be had.
 */
export async function verifyToken(
  token: string,
  {
    keys,
    issuer,
    audience,
    type,
    nowMs,
    skewS,
    mostAgeS,
  }: {
    keys: JWTVerifyGetKey
    issuer: string
    audience: string
    type: string | null
    nowMs: number
    skewS: number
    mostAgeS: number
  },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms,
      issuer,
      audience,
      currentDate: new Date(nowMs),
      clockTolerance: skewS,
      maxTokenAge: mostAgeS,
      requiredClaims: ['exp', 'iat'],
      ...(type === null ? {} : { typ: type }),
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError) || isAboutTheKeys(error))
      throw new IssuerUnavailable('The keys of the issuer cannot be asked for.', { cause: error })
    throw new TokenRefused(error.code)
  }
}

/** The keys at a URL: kept for ten minutes, asked for at most every 30 s when a key is missing. */
export function keysAt(url: URL | string | undefined, near: URL): JWTVerifyGetKey {
  const address = url === undefined ? null : new URL(url)
  const mayBePlain = isLoopback(near)
  if (address === null || (address.protocol !== 'https:' && !(mayBePlain && isLoopback(address))))
    throw new IssuerUnavailable('The keys of the issuer are not at an https address.')
  return createRemoteJWKSet(address, { timeoutDuration: DEADLINE_MS, cooldownDuration: 30_000 })
}

/** jose tells a failed fetch by its plain error class. */
function isAboutTheKeys(error: errors.JOSEError): boolean {
  return error.code === 'ERR_JOSE_GENERIC' || error.code === 'ERR_JWKS_INVALID'
}

function authenticationFor(metadata: oidc.ServerMetadata, secret: string): oidc.ClientAuth {
  // RFC 8414: `client_secret_basic` when the server does not say.
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  return methods.includes('client_secret_basic')
    ? oidc.ClientSecretBasic(secret)
    : oidc.ClientSecretPost(secret)
}
