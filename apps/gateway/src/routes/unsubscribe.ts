import { Hono } from 'hono'
import type { Parts } from './context.ts'

/**
 * The end of mail by the link in it. A mail program asks here without browser, cookie or our header (RFC 8058); the
 * token in the address says whose mail it is, and opens nothing else.
 */
export function unsubscribeRoutes({
  telling: { emails },
  signInGate,
}: Pick<Parts, 'telling' | 'signInGate'>) {
  return new Hono().post('/', async (c) => {
    if (!signInGate.admit()) return c.json({ error: 'slow_down' }, 429)
    // The same whether there was anything to end, for nobody is to find out by trying.
    await emails.unsubscribe(c.req.query('token') ?? '')
    return c.body(null, 204)
  })
}
