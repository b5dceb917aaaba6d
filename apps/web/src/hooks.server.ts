import type { Handle } from '@sveltejs/kit/hooks'
import {
  createAccountApi,
  createCareApi,
  createConnectApi,
  createGatewayApi,
  createPricesApi,
  createSettingsApi,
} from '@homewatt/queries'
import { cookieJar } from '#lib/server/cookie-jar.ts'
import { gatewayUrl } from '#lib/server/gateway-url.ts'
import { languageOf } from '#lib/server/language-of.ts'

/** Longer than the gateway ever takes for a home it has to ask for first. */
const GATEWAY_DEADLINE_MS = 10_000

/** Set for a moment, so that a browser that still calls it cross-site is not sent round in circles. */
const ASKED_AGAIN = 'asked-again'

export const handle: Handle = async ({ event, resolve }) => {
  if (comesFromAnotherSite(event.request) && !event.cookies.get(ASKED_AGAIN)) return askAgainFromHere()
  const { language, locale } = languageOf(
    event.cookies.get('lang'),
    event.request.headers.get('accept-language'),
  )
  const jar = cookieJar(event.request.headers.get('cookie'))
  event.locals.language = language
  event.locals.locale = locale
  const gateway = {
    base: gatewayUrl(process.env, event.platform?.req),
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const headers = new Headers(init?.headers)
      if (jar.header()) headers.set('cookie', jar.header())
      const signal = init?.signal ?? AbortSignal.timeout(GATEWAY_DEADLINE_MS)
      const response = await fetch(input, { ...init, headers, signal })
      jar.take(response.headers.getSetCookie())
      return response
    },
  }
  event.locals.api = createGatewayApi(gateway)
  event.locals.settings = createSettingsApi(gateway)
  event.locals.care = createCareApi(gateway)
  event.locals.connect = createConnectApi(gateway)
  event.locals.prices = createPricesApi(gateway)
  event.locals.account = createAccountApi(gateway)

  const response = await resolve(event, {
    transformPageChunk: ({ html }) => html.replace('%lang%', language),
  })
  for (const cookie of jar.news()) response.headers.append('set-cookie', cookie)
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-store')
  return response
}

/** A page opened by a link elsewhere: the browser then keeps back the session cookie, which is `SameSite=Strict`. */
function comesFromAnotherSite({ method, headers }: Request): boolean {
  return (
    method === 'GET' &&
    headers.get('sec-fetch-site') === 'cross-site' &&
    headers.get('sec-fetch-mode') === 'navigate'
  )
}

/** Opens the same address once more, now from our own site and with the cookie. */
function askAgainFromHere(): Response {
  return new Response('<!doctype html><meta http-equiv="refresh" content="0"><title>…</title>', {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-store',
      'set-cookie': `${ASKED_AGAIN}=1; Max-Age=10; Path=/; HttpOnly; SameSite=Lax`,
    },
  })
}
