import type { MiddlewareHandler } from 'hono'
import { forbiddenOrigin, unsupportedMediaType } from './errors.ts'

/**
 * Lets a request that changes something pass only when a page of ours can have sent it: with our header, which no
 * form can set and no foreign script may; and not from elsewhere, as far as the browser says.
 *
 * @param origins where our own pages are
 */
export function requestGuard(origins: readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    const site = c.req.header('sec-fetch-site') ?? 'none'
    const origin = c.req.header('origin')
    const isOurs =
      (site === 'same-origin' || site === 'none') && (origin === undefined || origins.includes(origin))
    if (c.req.header('x-homewatt') !== '1' || !isOurs) throw forbiddenOrigin()
    const type = c.req.header('content-type')
    const hasBody =
      type !== undefined ||
      Number(c.req.header('content-length') ?? 0) > 0 ||
      c.req.header('transfer-encoding')
    if (hasBody && !/^application\/json(; ?charset=utf-8)?$/i.test(type ?? '')) throw unsupportedMediaType()
    return next()
  }
}
