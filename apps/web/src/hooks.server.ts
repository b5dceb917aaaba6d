import type { Handle } from '@sveltejs/kit/hooks'
import { createGatewayApi } from '@homewatt/queries'
import { cookieJar } from '#lib/server/cookie-jar.ts'
import { gatewayUrl } from '#lib/server/gateway-url.ts'
import { languageOf } from '#lib/server/language-of.ts'

/** Longer than the gateway ever takes for a home it has to ask for first. */
const GATEWAY_DEADLINE_MS = 10_000

export const handle: Handle = async ({ event, resolve }) => {
  const { language, locale } = languageOf(
    event.cookies.get('lang'),
    event.request.headers.get('accept-language'),
  )
  const jar = cookieJar(event.request.headers.get('cookie'))
  event.locals.language = language
  event.locals.locale = locale
  event.locals.api = createGatewayApi({
    base: gatewayUrl(process.env, event.platform?.req),
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers)
      if (jar.header()) headers.set('cookie', jar.header())
      const signal = init?.signal ?? AbortSignal.timeout(GATEWAY_DEADLINE_MS)
      const response = await fetch(input, { ...init, headers, signal })
      jar.take(response.headers.getSetCookie())
      return response
    },
  })

  const response = await resolve(event, {
    transformPageChunk: ({ html }) => html.replace('%lang%', language),
  })
  for (const cookie of jar.news()) response.headers.append('set-cookie', cookie)
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-store')
  return response
}
