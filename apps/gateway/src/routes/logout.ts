import { Hono } from 'hono'
import { IssuerUnavailable, TokenRefused } from '../issuer.ts'
import type { Parts } from './context.ts'

/**
 * Back-channel logout: the issuer itself says that somebody is signed out. No browser is part of it, so neither our
 * header nor a cookie is; the signed token says who asks.
 */
export function logoutRoutes({ tenant, signIn, sessions, signInGate, log }: Parts) {
  const routes = new Hono()
  if (!signIn) return routes
  return routes.post('/', async (c) => {
    if (!signInGate.admit()) return c.json({ error: 'slow_down' }, 429)
    const type = c.req.header('content-type') ?? ''
    if (!/^application\/x-www-form-urlencoded(; ?charset=utf-8)?$/i.test(type))
      return c.json({ error: 'invalid_request' }, 415)
    const tokens = new URLSearchParams(await c.req.text()).getAll('logout_token')
    try {
      if (tokens.length !== 1) throw new TokenRefused('logout_token')
      await sessions.endOfIssuer(await signIn.readLogout(tokens[0] ?? ''))
      return c.body(null, 200)
    } catch (error) {
      const isAway = error instanceof IssuerUnavailable
      if (!isAway && !(error instanceof TokenRefused)) throw error
      log.warn({ event: 'logout_refused', tenant, why: error.message })
      // The issuer may try again later when it was its keys that could not be had.
      return c.json({ error: isAway ? 'temporarily_unavailable' : 'invalid_request' }, isAway ? 503 : 400)
    }
  })
}
