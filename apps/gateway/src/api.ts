import { Hono } from 'hono'
import { ApiFailure, internalFailure, notFound, toApiFailure } from './errors.ts'
import { traceOf, type Log } from './log.ts'
import { openApi } from './openapi.ts'
import { requestGuard } from './request-guard.ts'
import type { Parts } from './routes/context.ts'
import { demoRoutes } from './routes/demo.ts'
import { deviceRoutes } from './routes/devices.ts'
import { homeRoutes } from './routes/home.ts'
import { requireSession, sessionRoutes } from './routes/session.ts'

/** The gateway's API but for the stream, which is written to the raw response. */
export function createApi(
  parts: Parts & { origins: readonly string[]; clock: { now(): string }; log: Log },
): Hono<never> {
  let description: string | null = null
  const app = new Hono()
  app.use(requestGuard(parts.origins))
  app.get('/api/health', (c) => c.json({ status: 'ok', partner: parts.poller.blockedBy() ?? 'ok' }))
  app.get('/api/openapi.json', (c) =>
    c.body((description ??= JSON.stringify(openApi())), 200, { 'content-type': 'application/json' }),
  )
  app.route('/api/session', sessionRoutes(parts))
  app.route('/api/demo', demoRoutes(parts))
  const signedIn = new Hono().use(requireSession(parts))
  signedIn.route('/', homeRoutes(parts))
  signedIn.route('/devices', deviceRoutes(parts))
  app.route('/api', signedIn)
  app.notFound(() => toResponse(notFound()))
  app.onError((error) => {
    const failure = toApiFailure(error)
    if (!failure) parts.log.error({ event: 'unexpected_error', error: traceOf(error) })
    return toResponse(failure ?? internalFailure())
  })
  return app as unknown as Hono<never>
}

function toResponse({ status, body }: ApiFailure): Response {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (body.retry_after_s !== undefined) headers['retry-after'] = String(body.retry_after_s)
  return new Response(JSON.stringify({ error: body }), { status, headers })
}
