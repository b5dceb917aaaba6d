import type { Time } from '@homewatt/client'
import type { ReturnTo, SignInReason } from '@homewatt/contract'
import type { JWTPayload } from 'jose'
import * as oidc from 'openid-client'
import { createIssuer, IssuerUnavailable, TokenRefused } from './issuer.ts'
import type { SignInSettings, Tenant, UserClaim } from './tenants.ts'
import { beginTransaction, readTransaction, TRANSACTION_MS } from './transaction.ts'
import type { OnceRows } from './once-rows.ts'

/** Signs people in through the tenant's OpenID provider: authorization code, PKCE, state and nonce. */
export type SignIn = {
  readonly userClaim: UserClaim
  /** Where to send the browser, and what to put into its cookie meanwhile. Rejects with `SignInRefused`. */
  start(returnTo: ReturnTo): Promise<{ redirectUrl: string; cookie: string }>
  /**
   * Who came back. Rejects with `SignInRefused`, whatever is wrong.
   *
   * @param cookie what `start` put into this browser
   * @param query of the callback, as it came
   */
  finish(cookie: string | null, query: string): Promise<Arrival>
  /** Whose sessions a logout token ends. Rejects with `TokenRefused` or `IssuerUnavailable`. */
  readLogout(token: string): Promise<{ subject?: string; issuerSid?: string }>
  /** Where the person signs out at the issuer too; `null` when it has no such page, or cannot be asked. */
  signOutUrl(idToken: string | null): Promise<string | null>
}

/** Somebody that the issuer vouches for. */
export type Arrival = {
  subject: string
  issuerSid: string | null
  /** For signing out at the issuer; a secret of the session. */
  idToken: string
  /** Value of the tenant's user claim; `null` when there is none. */
  userClaim: string | null
  /** Only when the issuer has verified it. */
  email: string | null
  returnTo: ReturnTo
}

/** Nobody is signed in; the reason is what the sign-in page shows, the message is for the log. */
export class SignInRefused extends Error {
  override name = 'SignInRefused'
  readonly reason: SignInReason

  constructor(reason: SignInReason, message: string) {
    super(message)
    this.reason = reason
  }
}

/** Where the issuer sends people back to. */
export const CALLBACK_PATH = '/api/sign-in/callback'
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const MOST_QUERY_CHARS = 4_000

export function createSignIn({
  tenant,
  settings,
  once,
  time,
}: {
  tenant: Pick<Tenant, 'id' | 'publicUrl'>
  settings: SignInSettings
  once: OnceRows
  time: Time
}): SignIn {
  const issuer = createIssuer(settings, time)
  const redirectUri = new URL(CALLBACK_PATH, tenant.publicUrl).href

  async function useOnce(kind: string, name: string, forMs: number): Promise<boolean> {
    const nowMs = time.wallMs()
    return once.take(`${kind}/${tenant.id}/${name}`, nowMs + forMs, nowMs)
  }

  return {
    userClaim: settings.userClaim,

    async start(returnTo) {
      const transaction = beginTransaction(tenant.id, returnTo, time.wallMs())
      const configuration = await issuer.configuration().catch(refuse)
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: settings.scope,
        state: transaction.state,
        nonce: transaction.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(transaction.verifier),
        code_challenge_method: 'S256',
      })
      return { redirectUrl: url.href, cookie: transaction.cookie }
    },

    async finish(cookie, query) {
      const transaction = readTransaction(tenant.id, cookie, time.wallMs())
      if (transaction === null) throw new SignInRefused('expired', 'no_transaction')
      if (query.length > MOST_QUERY_CHARS) throw new SignInRefused('failed', 'query_too_long')
      const answer = new URL(`${redirectUri}?${query}`)
      // Checked before anything is asked or written, so a stranger's callback costs nothing.
      if (answer.searchParams.getAll('state').join('\n') !== transaction.state)
        throw new SignInRefused('failed', 'state')
      if (!(await useOnce('sign-in', transaction.name, 2 * TRANSACTION_MS)))
        throw new SignInRefused('expired', 'replayed')
      try {
        const configuration = await issuer.configuration()
        const tokens = await oidc.authorizationCodeGrant(configuration, answer, {
          expectedState: transaction.state,
          expectedNonce: transaction.nonce,
          pkceCodeVerifier: transaction.verifier,
          idTokenExpected: true,
        })
        const idToken = tokens.id_token ?? ''
        const claims = await issuer.verify(idToken, null)
        const subject = textOf(claims.sub)
        if (subject === null || claims['nonce'] !== transaction.nonce) throw new TokenRefused('nonce_or_sub')
        const person = await personOf(configuration, claims, tokens.access_token, subject)
        return {
          subject,
          issuerSid: textOf(claims['sid']),
          idToken,
          userClaim: textOf(person[settings.userClaim.name]),
          email: person['email_verified'] === true ? textOf(person['email']) : null,
          returnTo: transaction.returnTo,
        }
      } catch (error) {
        return refuse(error)
      }
    },

    async readLogout(token) {
      const claims = await issuer.verify(token, null)
      const events = claims['events']
      const isLogout = typeof events === 'object' && events !== null && LOGOUT_EVENT in events
      // An ID token must not pass for a logout token: one has a nonce, the other must not.
      if (!isLogout || 'nonce' in claims) throw new TokenRefused('not_a_logout_token')
      const subject = textOf(claims.sub)
      const issuerSid = textOf(claims['sid'])
      const jti = textOf(claims.jti)
      if ((subject === null && issuerSid === null) || jti === null) throw new TokenRefused('names_nobody')
      if (!(await useOnce('logout', jti, TRANSACTION_MS))) throw new TokenRefused('replayed')
      return {
        ...(subject === null ? {} : { subject }),
        ...(issuerSid === null ? {} : { issuerSid }),
      }
    },

    async signOutUrl(idToken) {
      try {
        const configuration = await issuer.configuration()
        if (configuration.serverMetadata().end_session_endpoint === undefined) return null
        return oidc.buildEndSessionUrl(configuration, {
          post_logout_redirect_uri: new URL('/sign-in', tenant.publicUrl).href,
          ...(idToken === null ? {} : { id_token_hint: idToken }),
        }).href
      } catch {
        // Our own session is over all the same.
        return null
      }
    },
  }

  /** The claims, and what the issuer tells about the person elsewhere when the user is not among them. */
  async function personOf(
    configuration: oidc.Configuration,
    claims: JWTPayload,
    accessToken: string,
    subject: string,
  ): Promise<Record<string, unknown>> {
    const isComplete = settings.userClaim.name in claims
    if (isComplete || configuration.serverMetadata().userinfo_endpoint === undefined) return claims
    return { ...(await oidc.fetchUserInfo(configuration, accessToken, subject)), ...claims }
  }
}

function refuse(error: unknown): never {
  if (error instanceof IssuerUnavailable) throw new SignInRefused('unavailable', 'issuer_unavailable')
  if (error instanceof oidc.AuthorizationResponseError) {
    const isTheirChoice = error.error === 'access_denied' || error.error === 'login_required'
    throw new SignInRefused(isTheirChoice ? 'cancelled' : 'failed', 'refused_by_issuer')
  }
  if (error instanceof TokenRefused) throw new SignInRefused('failed', error.message)
  throw new SignInRefused(isAway(error) ? 'unavailable' : 'failed', codeOf(error))
}

/** Whether nobody answered, or with a failure of their own. */
function isAway(error: unknown): boolean {
  if (error instanceof TypeError && error.message === 'fetch failed') return true
  const { code, cause, status } = error as { code?: unknown; cause?: unknown; status?: unknown }
  const isTheirFailure = (found: unknown) => typeof found === 'number' && found >= 500
  return (
    code === 'OAUTH_TIMEOUT' ||
    isTheirFailure(status) ||
    (cause instanceof Response && isTheirFailure(cause.status)) ||
    (cause instanceof Error && cause !== error && isAway(cause))
  )
}

/** Only the code: messages and causes quote what was sent and received. */
function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown }
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown'
}

const textOf = (value: unknown) =>
  typeof value === 'string' && value !== '' && value.length <= 255 ? value : null
