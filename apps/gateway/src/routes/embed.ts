import { EmbedSignIn } from '@homewatt/contract'
import { Hono } from 'hono'
import * as v from 'valibot'
import { clientName } from '../client-name.ts'
import { invalidRequest, notFound, notSignedIn, partnerUnavailable, tooManyRequests } from '../errors.ts'
import { IssuerUnavailable, TokenRefused } from '../issuer.ts'
import type { Parts } from './context.ts'

/** Swaps a token of the partner for a session inside the partner's page. Not there without such a partner. */
export function embedRoutes(parts: Parts) {
  const { tenant, embedTokens, people, sessions, cookie, signInGate, log } = parts
  const routes = new Hono()
  if (!embedTokens) return routes
  return routes.post('/session', async (c) => {
    if (!signInGate.admit()) throw tooManyRequests(1_000)
    const body = v.safeParse(EmbedSignIn, await c.req.json().catch(() => null))
    if (!body.success) throw invalidRequest({ token: 'Send the token of the partner as a string.' })
    const { subject, userClaim } = await embedTokens.redeem(body.output.token).catch((error: unknown) => {
      if (error instanceof IssuerUnavailable) throw partnerUnavailable(5_000)
      if (!(error instanceof TokenRefused)) throw error
      log.warn({ event: 'embed_token_refused', tenant, why: error.message })
      throw notSignedIn()
    })
    const userId = await people.userIdOf(embedTokens.userClaim.holds, userClaim, null)
    if (userId === null) throw notFound()
    const before = await sessions.find(cookie.read(c.req.header('cookie')))
    const id = await sessions.begin(
      { tenant, userId },
      { subject: `embed:${subject}`, client: clientName(c.req.header('user-agent')) },
    )
    if (before) await sessions.end(before)
    for (const header of cookie.setEmbedded(id)) c.header('set-cookie', header, { append: true })
    return c.body(null, 204)
  })
}
