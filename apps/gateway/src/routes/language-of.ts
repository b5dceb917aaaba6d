import type { Context } from 'hono'

/** The language a page of the partner should greet in: the one chosen here, else the browser's. */
export function languageOf(c: Pick<Context, 'req'>): 'en' | 'de' {
  const chosen = /(?:^|;\s*)lang=(en|de)(?:;|$)/.exec(c.req.header('cookie') ?? '')?.[1]
  return (chosen ?? c.req.header('accept-language') ?? '').toLowerCase().startsWith('de') ? 'de' : 'en'
}
