import type { IncomingMessage, ServerResponse } from 'node:http'
import { API, type Context } from './context.ts'
import type { Fault } from './faults.ts'
import { HttpError, notFound, readRequest, type Answer, type Request } from './http.ts'
import { createRouter, type Found, type Route } from './router.ts'
import { connectRoutes } from './routes/connect.ts'
import { controlRoutes } from './routes/control.ts'
import { cueRoutes } from './routes/cues.ts'
import { deviceRoutes } from './routes/devices.ts'
import { userRoutes } from './routes/users.ts'
import { spoil, type Wire } from './spoil.ts'
import { deviceOnWire } from './wire.ts'

/** Answers requests. `publicUrl` is where the caller's browser reaches us, if that is not where the caller does. */
export function createApp(
  context: Context,
  options: { publicUrl: string | null; control: boolean; log: (line: string) => void },
) {
  const routes: Route[] = [
    { method: 'POST', template: '/oauth2/token/', bearer: false, handler: context.tokens.issue },
    ...userRoutes(context),
    ...deviceRoutes(context),
    ...cueRoutes(context),
    ...connectRoutes(context),
    ...(options.control ? controlRoutes(context) : []),
  ]
  const find = createRouter(routes)

  return async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
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
    const found = find(request.method, request.path)
    if (request.path.startsWith('/_control/')) return write(response, handled(found, request, nowMs))

    const home = homeName(request.path)
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
    const fault = context.faults.strike({ method: request.method, path: request.path, home, type })
    if (fault?.kind === 'token_revoked') context.tokens.revoke(request.header('authorization'))
    if (fault?.kind === 'token_expire') context.tokens.revoke()

    context.fault = fault
    const given = handled(found, request, nowMs)
    context.fault = null
    entry.status = given.status
    if (!fault) return write(response, given)
    await spoil(fault, wireOf(given), response, { foreign: () => foreignDevice(home, type, nowMs) })
  }

  function handled(found: Found, request: Request, nowMs: number): Answer {
    if (
      request.path.startsWith(API) &&
      needsBearer(found) &&
      !context.tokens.isValid(request.header('authorization'), nowMs)
    )
      return unauthorized
    if (found === null) return notFound
    if (found === 'other-method') return { status: 405, json: { detail: 'Method Not Allowed' } }
    if (skipsHandler(context.fault)) return { status: 200, json: null }
    try {
      return found.route.handler({ request, params: found.params, nowMs })
    } catch (error) {
      if (error instanceof HttpError) return error.answer
      throw error
    }
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
  fault !== null && ['status', 'hang', 'reset', 'html', 'redirect'].includes(fault.kind)

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
