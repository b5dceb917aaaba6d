import type { IncomingMessage, ServerResponse } from 'node:http'
import { API, type Context } from './context.ts'
import { describe } from './descriptions.ts'
import { canonicalBody, canonicalPath, inEdition, isGone, unknownFields } from './editions.ts'
import type { Fault } from './faults.ts'
import { HttpError, notFound, readRequest, unprocessable, type Answer, type Request } from './http.ts'
import { openApiOf } from './openapi.ts'
import { forbidden, mayUse } from './rights.ts'
import { createRouter, type Found, type Route } from './router.ts'
import { buildingRoutes } from './routes/buildings.ts'
import { chargingRoutes } from './routes/charging.ts'
import { connectRoutes } from './routes/connect.ts'
import { contractRoutes } from './routes/contracts.ts'
import { controlRoutes } from './routes/control.ts'
import { cueRoutes } from './routes/cues.ts'
import { descriptionRoutes } from './routes/description.ts'
import { deviceRoutes } from './routes/devices.ts'
import { hemsRoutes } from './routes/hems.ts'
import { onboardingPages } from './routes/onboarding-pages.ts'
import { onboardingRoutes } from './routes/onboarding.ts'
import { registrationRoutes } from './routes/registration.ts'
import { savingsRoutes } from './routes/savings.ts'
import { seriesRoutes } from './routes/series.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { tradingRoutes } from './routes/trading.ts'
import { userRoutes } from './routes/users.ts'
import { spoil, type Wire } from './spoil.ts'
import { newerSides, type Variants } from './variants.ts'
import { deviceOnWire } from './wire.ts'

/** What a watcher sees of every answer, before a fault spoils it. */
export type Witness = (seen: {
  method: string
  path: string
  /** The path with its `{names}`; `null` for none that we know. */
  template: string | null
  answer: Answer
  /** The home that the path names. */
  home: string | null
  /** Everything in the answer is as the newer documents have it, and nothing was pinned by hand. */
  plain: boolean
}) => void

/**
 * Answers requests. `publicUrl` is where the caller's browser reaches us, if that is not where the caller does.
 * Throws `RangeError` for a route of the API that `descriptions.ts` does not know.
 */
export function createApp(
  context: Context,
  options: {
    publicUrl: string | null
    control: boolean
    log: (line: string) => void
    witness: Witness | null
  },
) {
  const routes: Route[] = [
    { method: 'POST', template: '/oauth2/token/', bearer: false, handler: context.tokens.issue },
    ...userRoutes(context),
    ...buildingRoutes(context),
    ...contractRoutes(context),
    ...onboardingRoutes(context),
    ...registrationRoutes(context),
    ...chargingRoutes(context),
    ...deviceRoutes(context),
    ...cueRoutes(context),
    ...connectRoutes(context),
    ...seriesRoutes(context),
    ...savingsRoutes(context),
    ...sessionRoutes(context),
    ...hemsRoutes(context),
    ...tradingRoutes(context),
    ...onboardingPages(context),
    ...(options.control ? controlRoutes(context) : []),
  ]
  for (const { method, template } of routes)
    if (template.startsWith(API) && !describe(method, template))
      throw new RangeError(`${method} ${template} has no description; add one to descriptions.ts.`)
  routes.push(...descriptionRoutes(routes))
  const find = createRouter(routes)

  return { handle, openApi: () => openApiOf(routes) }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const nowMs = context.clock.nowMs()
    // Whoever pushes our clock pushes the time that clients take from this header.
    response.setHeader('date', new Date(nowMs).toUTCString())
    try {
      const request = await readRequest(message, options.publicUrl)
      await answer(request, response, nowMs)
    } catch (error) {
      if (!(error instanceof HttpError))
        options.log(
          `Unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        )
      const problem =
        error instanceof HttpError ? error.answer : { status: 500, json: { detail: 'Internal Server Error' } }
      if (!response.headersSent && !response.destroyed) write(response, problem)
    }
  }

  async function answer(request: Request, response: ServerResponse, nowMs: number): Promise<void> {
    context.scenario?.until(nowMs)
    if (request.path.startsWith('/_control/'))
      return write(response, await handled(find(request.method, request.path), request, nowMs, null))

    const home = homeName(request.path)
    const variants = context.variants.of(home)
    const path = canonicalPath(request.path, variants)
    const found = path === null ? null : find(request.method, path)
    const type = /\/(heat-pumps|electric-vehicles|inverters|wallboxes)(\/|$)/.exec(request.path)?.[1] ?? null
    const entry = {
      at: new Date(nowMs).toISOString(),
      method: request.method,
      path: request.path,
      route: found && found !== 'other-method' ? found.route.template : '(unknown)',
      home,
      status: null as number | null,
    }
    context.requests.add(entry)
    const strike = context.faults.strike({
      method: request.method,
      path: request.path,
      endpoint: entry.route,
      home,
      type,
    })
    const fault = strike?.fault ?? null
    if (fault?.kind === 'token_revoked') context.tokens.revoke(request.header('authorization'))
    if (fault?.kind === 'token_expire') context.tokens.revoke()

    const given = await (context.variants.switched
      ? inTheirWords(found, request, nowMs, fault, home, variants)
      : handled(found, request, nowMs, fault))
    entry.status = given.status
    options.witness?.({
      method: request.method,
      path: request.path,
      template: found && found !== 'other-method' ? found.route.template : null,
      answer: given,
      home,
      plain:
        (!context.variants.switched || (home !== null && variants === newerSides)) && !skipsHandler(fault),
    })
    if (!strike) return write(response, given)
    await spoil(strike, wireOf(given), response, {
      nowMs,
      foreign: () => foreignDevice(home, type, nowMs),
    })
  }

  async function handled(
    found: Found,
    request: Request,
    nowMs: number,
    fault: Fault | null,
  ): Promise<Answer> {
    const actor = context.tokens.actorOf(request.header('authorization'), nowMs)
    if (request.path.startsWith(API) && needsBearer(found) && !actor) return unauthorized
    if (found === null) return notFound
    if (found === 'other-method') return { status: 405, json: { detail: 'Method Not Allowed' } }
    if (skipsHandler(fault)) return { status: 200, json: null }
    try {
      if (actor && found.route.bearer && !mayUse(actor, found.route.template, found.params)) return forbidden
      return await found.route.handler({ request, params: found.params, nowMs, actor, fault })
    } catch (error) {
      if (error instanceof HttpError) return error.answer
      throw error
    }
  }

  /** The answer in the words of the edition that a home, or else the run, has been switched to. */
  async function inTheirWords(
    found: Found,
    request: Request,
    nowMs: number,
    fault: Fault | null,
    home: string | null,
    variants: Variants,
  ): Promise<Answer> {
    if (found === null || found === 'other-method' || !found.route.template.startsWith(API))
      return handled(found, request, nowMs, fault)
    const { method, template } = found.route
    const timeZone = context.world.heads().find(({ name }) => name === home)?.place.timeZone ?? 'UTC'
    const setting = { template, timeZone, nowMs }
    const json = () => {
      const body = canonicalBody(request.json(), variants, setting)
      const unknown =
        method === 'PUT' && variants.read_only === 'refused'
          ? unknownFields(body, describe(method, template)?.body)
          : []
      if (unknown.length > 0) throw new HttpError(unprocessable(unknown))
      return body
    }
    const given = await handled(found, { ...request, json }, nowMs, fault)
    if (given.status >= 300 || given.json === undefined) return given
    if (isGone(given.json, variants)) return notFound
    const ofUser = (userId: string) => context.variants.of(context.world.nameOf(userId))
    return { ...given, json: inEdition(given.json, variants, setting, ofUser) }
  }

  /** The name of the home that a path is about. */
  function homeName(path: string): string | null {
    const userId = /\/users\/([^/]+)/.exec(path)?.[1]
    return userId === undefined ? null : context.world.nameOf(userId)
  }

  /** A device of the same type from the first other home that has one. */
  function foreignDevice(
    homeAsked: string | null,
    type: string | null,
    nowMs: number,
  ): Record<string, unknown> | null {
    for (const head of context.world.heads()) {
      if (head.name === homeAsked) continue
      const home = context.world.homeNamed(head.name, nowMs)
      const device = home?.devices.find((d) => d.type === type)
      if (home && device) return deviceOnWire(home, device)
    }
    return null
  }
}

const unauthorized: Answer = { status: 401, json: { detail: 'Unauthorized' } }

const needsBearer = (found: Found) => found === null || found === 'other-method' || found.route.bearer

/** Faults that never reach the handler: nothing is carried out. */
const skipsHandler = (fault: Fault | null) =>
  fault !== null && ['status', 'rate_limit', 'hang', 'reset', 'html', 'redirect'].includes(fault.kind)

/** An answer as it goes on the wire. */
export function wireOf({ status, json, html, headers = {} }: Answer): Wire {
  if (html !== undefined)
    return {
      status,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
      body: html,
    }
  if (json === undefined) return { status, headers, body: '' }
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(json),
    json,
  }
}

function write(response: ServerResponse, answer: Answer): void {
  const { status, headers, body } = wireOf(answer)
  if (status !== 204) response.setHeader('content-length', Buffer.byteLength(body))
  response.writeHead(status, headers).end(body)
}
