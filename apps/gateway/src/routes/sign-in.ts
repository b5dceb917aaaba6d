import { SignInStart, type SignInReason, type SignInStarted } from '@homewatt/contract'
import { PartnerError } from '@homewatt/client'
import { Hono, type Context } from 'hono'
import * as v from 'valibot'
import { clientName } from '../client-name.ts'
import { invalidRequest, tooManyRequests } from '../errors.ts'
import { pathOfReturn } from '../return-to.ts'
import { SignInRefused, type SignIn } from '../sign-in.ts'
import { StoreFailed } from '../store.ts'
import type { Parts } from './context.ts'

/** Signing in at the tenant's OpenID provider. Not there in the demo. */
export function signInRoutes({
  tenant,
  brand,
  signIn,
  people,
  sessions,
  cookie,
  signInCookie,
  signInGate,
  log,
}: Parts) {
  const routes = new Hono()
  if (!signIn) return routes

  async function arrive(signIn: SignIn, c: Context) {
    const arrival = await signIn.finish(
      signInCookie.read(c.req.header('cookie')),
      new URL(c.req.url).search.slice(1),
    )
    const { userClaim: value, email } = arrival
    const userId = value === null ? null : await people.userIdOf(signIn.userClaim.holds, value, email)
    if (userId === null) throw new SignInRefused('not_linked', 'no_such_user')
    const id = await sessions.begin(
      { tenant, userId },
      {
        subject: arrival.subject,
        issuerSid: arrival.issuerSid,
        idToken: arrival.idToken,
        client: clientName(c.req.header('user-agent')),
      },
    )
    return { id, path: pathOfReturn(arrival.returnTo) }
  }

  return routes
    .post('/', async (c) => {
      const body = v.safeParse(SignInStart, await c.req.json().catch(() => ({})))
      if (!body.success) throw invalidRequest({ return_to: 'Name one of the pages that can be returned to.' })
      try {
        const started = await signIn.start(body.output.return_to ?? 'overview')
        c.header('set-cookie', signInCookie.set(started.cookie))
        return c.json({ redirect_url: started.redirectUrl, reason: null } satisfies SignInStarted)
      } catch (error) {
        const reason = reasonOf(error)
        log.warn({ event: 'sign_in_refused', tenant, kind: reason, why: checkOf(error) })
        return c.json({ redirect_url: null, reason } satisfies SignInStarted)
      }
    })
    .get('/callback', async (c) => {
      if (!signInGate.admit()) throw tooManyRequests(1_000)
      try {
        const { id, path } = await arrive(signIn, c)
        c.header('set-cookie', signInCookie.clear(), { append: true })
        for (const header of cookie.set(id)) c.header('set-cookie', header, { append: true })
        // The session cookie is not sent along a redirect that began on the issuer's site; a page of our own
        // that moves on by itself begins here.
        return c.html(movingOn(path, brand.brand.name))
      } catch (error) {
        const reason = reasonOf(error)
        log.warn({ event: 'sign_in_refused', tenant, kind: reason, why: checkOf(error) })
        return c.redirect(`/sign-in?reason=${reason}`, 303)
      }
    })
}

/** What the person is told. Rejects with what nobody expected. */
function reasonOf(error: unknown): SignInReason {
  if (error instanceof SignInRefused) return error.reason
  if (error instanceof PartnerError || error instanceof StoreFailed) return 'unavailable'
  throw error
}

/** For the log: which check said no, never what it was given. */
const checkOf = (error: unknown) =>
  error instanceof SignInRefused ? error.message : error instanceof Error ? error.name : 'unknown'

function movingOn(path: string, name: string): string {
  const text = name.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return `<!doctype html><html><head><meta charset="utf-8"><title>${text}</title><meta http-equiv="refresh" content="0; url=${path}"></head><body><a href="${path}">${text}</a></body></html>`
}
