import { Hono } from 'hono'
import { tooManyRequests, unsupportedMediaType } from '../errors.ts'
import type { Parts } from './context.ts'

/**
 * The end of mail by the link in it. A mail program asks here without browser, cookie or our header (RFC 8058); the
 * token in the address says whose mail it is, and opens nothing else.
 */
export function unsubscribeRoutes({ telling: { emails, unsubscribeGate } }: Pick<Parts, 'telling'>) {
  return new Hono().post('/', async (c) => {
    if (!unsubscribeGate.admit()) throw tooManyRequests(1_000)
    const type = c.req.header('content-type') ?? ''
    if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)(;|$)/i.test(type))
      throw unsupportedMediaType('Send a form.')
    // The same whether there was anything to end, for nobody is to find out by trying.
    await emails.unsubscribe(c.req.query('token') ?? '')
    return c.body(null, 204)
  })
}
