import { Hono } from 'hono'
import { capabilityGate } from './capabilities.ts'
import { ApiFailure, internalFailure, notFound, toApiFailure } from './errors.ts'
import { traceOf } from './log.ts'
import { openApi } from './openapi.ts'
import { requestGuard } from './request-guard.ts'
import type { Parts } from './routes/context.ts'
import { actionsRoutes } from './routes/actions.ts'
import { auditRoutes } from './routes/audit.ts'
import { awayRoutes } from './routes/away.ts'
import { connectRoutes } from './routes/connect.ts'
import { demoRoutes } from './routes/demo.ts'
import { deviceRoutes } from './routes/devices.ts'
import { embedRoutes } from './routes/embed.ts'
import { historyRoutes } from './routes/history.ts'
import { homeRoutes } from './routes/home.ts'
import { logoutRoutes } from './routes/logout.ts'
import { noticeRoutes } from './routes/notices.ts'
import { priceRoutes } from './routes/prices.ts'
import { pushRoutes } from './routes/push.ts'
import { buildingRoutes, energyContractRoutes } from './routes/records.ts'
import { requireProof, requireSession, sessionRoutes } from './routes/session.ts'
import { sessionsRoutes } from './routes/sessions.ts'
import { chargingConfigRoutes, settingsRoutes } from './routes/settings.ts'
import { signInRoutes } from './routes/sign-in.ts'
import { unsubscribeRoutes } from './routes/unsubscribe.ts'

/** The gateway's API but for the home and its stream, which are written to the raw response. */
export function createApi(
  parts: Parts & { origins: readonly string[]; clock: { now(): string } },
): Hono<never> {
  let description: string | null = null
  const app = new Hono()
  app.route('/api/sign-in/backchannel-logout', logoutRoutes(parts))
  app.route('/api/notices/unsubscribe', unsubscribeRoutes(parts))
  app.use(requestGuard(parts.origins))
  app.get('/api/health', (c) => c.json({ status: 'ok', partner: parts.poller.blockedBy() ?? 'ok' }))
  app.get('/api/openapi.json', (c) =>
    c.body((description ??= JSON.stringify(openApi())), 200, { 'content-type': 'application/json' }),
  )
  app.route('/api/session', sessionRoutes(parts))
  app.route('/api/sign-in', signInRoutes(parts))
  app.route('/api/embed', embedRoutes(parts))
  app.route('/api/demo', demoRoutes(parts))
  const signedIn = new Hono().use(requireSession(parts), capabilityGate(parts.switchedOff))
  // To be asked anew changes nothing, whatever its method.
  signedIn.route('/', homeRoutes(parts))
  signedIn.use(requireProof(parts))
  signedIn.route('/sessions', sessionsRoutes(parts))
  signedIn.route('/devices', deviceRoutes(parts))
  signedIn.route('/actions', actionsRoutes(parts))
  signedIn.route('/devices', settingsRoutes(parts))
  signedIn.route('/charging-config', chargingConfigRoutes(parts))
  signedIn.route('/onboarding', connectRoutes(parts))
  signedIn.route('/buildings', buildingRoutes(parts))
  signedIn.route('/energy-contracts', energyContractRoutes(parts))
  signedIn.route('/history', historyRoutes(parts))
  signedIn.route('/prices', priceRoutes(parts))
  signedIn.route('/audit', auditRoutes(parts))
  signedIn.route('/away', awayRoutes(parts))
  signedIn.route('/notices', noticeRoutes(parts))
  signedIn.route('/push', pushRoutes(parts))
  app.route('/api', signedIn)
  app.notFound(() => toResponse(notFound()))
  app.onError((error) => {
    const failure = toApiFailure(error)
    if (!failure) parts.log.error({ event: 'unexpected_error', error: traceOf(error) })
    return toResponse(failure ?? internalFailure())
  })
  return app as unknown as Hono<never>
}

/** What the API answers to, for example `GET /api/devices/:type/:id`; once each. */
export function endpointsOf(api: Hono<never>): string[] {
  const endpoints = api.routes.filter(({ method }) => method !== 'ALL')
  return [...new Set(endpoints.map(({ method, path }) => `${method} ${path}`))]
}

function toResponse({ status, body }: ApiFailure): Response {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (body.retry_after_s !== undefined) headers['retry-after'] = String(body.retry_after_s)
  return new Response(JSON.stringify({ error: body }), { status, headers })
}
