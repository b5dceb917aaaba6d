import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { pause, within, type Time } from '@homewatt/client'
import { Answer, headersOfNobody } from './answer.ts'
import { endpointsOf } from './api.ts'
import { trustedProxies, type TrustedProxies } from './client-address.ts'
import { refuseBadBytes } from './bad-bytes.ts'
import { writeBusyPage } from './busy-page.ts'
import { busy, internalFailure, misdirected, overloaded, toApiFailure, tooManyRequests } from './errors.ts'
import { framePolicy } from './headers.ts'
import { createLearnedStore } from './learned.ts'
import { aliasesOf, isLoopback } from './links.ts'
import { traceOf, type Log } from './log.ts'
import { answerApi, write } from './node-bridge.ts'
import { noMeters, type Meters, type TenantStatus } from './meters.ts'
import { alone, type Nodes } from './nodes.ts'
import { loadPages, noPages, type Door, type Pages } from './pages.ts'
import { createPlaces } from './places.ts'
import { isPlain } from './plain-request.ts'
import { releaseOf } from './release.ts'
import { createSessionRetention } from './retention.ts'
import { createConnectionGate } from './connection-gate.ts'
import { createStreamGate } from './stream-gate.ts'
import { inRequestScope, outsideRequests } from './request-scope.ts'
import { serveTenant, type ServedTenant, type TenantOptions } from './served-tenant.ts'
import { createShedding, noPressure, shedClassOf, type Pressure } from './shedding.ts'
import type { Store } from './store.ts'
import { noOutlets, type Outlets } from './telling.ts'
import { tenantHosts, type TenantHosts } from './tenant-hosts.ts'
import { createTurns } from './turns.ts'

export type GatewayOptions = {
  /** At least one; no two with the same host or the same id. */
  tenants: readonly TenantOptions[]
  store: Store
  log: Log
  time: Time
  random: () => number
  /** Directory of the built web app; `null` for none. */
  webBuild: string | null
  /** How messages leave the house; none leaves unless said. */
  outlets?: Outlets
  /** The other gateways of the deployment; there is none unless said. */
  nodes?: Nodes
  /** Proxies that are believed about where requests come from; none unless said. */
  proxies?: TrustedProxies
  /** How many connections one subscriber may have open; as many as usual unless said. */
  connectionsPerSubscriber?: number | undefined
  /** What counts; nothing does unless said. */
  meters?: Meters
  /** How late the process is, by which requests are turned away; not at all unless said. */
  pressure?: Pressure
}

export type Gateway = {
  /** Listens; port 0 takes a free one. Rejects with the system's error, for example `EADDRINUSE`. */
  listen(port: number, host?: string): Promise<{ url: string }>
  /** Resolves when all types of the demo home are known, for every tenant that has the demo. */
  warm(home: string): Promise<void>
  /** Everything that the API answers to, for whoever must not miss one: `GET /api/home`, … */
  endpoints(): string[]
  /** Whether it is to be given requests: it listens, is not about to stop, and its store answers within a second. */
  isReady(): Promise<boolean>
  /** How each tenant is doing just now. */
  status(): TenantStatus[]
  /**
   * Finishes what is under way, ends the streams, keeps what has to be kept.
   *
   * @param graceMs for so long new requests are still answered, while `/api/health` says 503, so that whatever shares
   *   the requests out has time to notice; none unless said
   */
  close(options?: { graceMs?: number }): Promise<void>
}

/** Where requests come in. What a page asks inside was let in at the front with the page, and is not refused any more. */
type Entrance = { tenantOf: (host: string) => ServedTenant | null; isInside: boolean }

/** A store that takes longer is none to rely on. */
const READY_WAIT_MS = 1_000
/** When to ask again for a stream that there was no place for. */
const FULL_MS = 30_000
/** A proxy ends its idle connections itself, usually after 60 s, and must not find that we did so just before. */
const KEEP_ALIVE_MS = { exposed: 5_000, behindProxy: 65_000 }
/** Each is made in many small steps; those of a crowd would all be made before any of them is done. */
const PAGES_AT_ONCE = 4
/** No request takes longer to be answered. */
const LONGEST_ANSWER_MS = 10_000

/** The server: API, stream, poller, sessions and the pages of the web app, for all tenants, in this process. */
export function createGateway({
  tenants: all,
  store,
  log,
  time: ownTime,
  random,
  webBuild,
  outlets = noOutlets,
  nodes = alone,
  proxies = trustedProxies([]),
  connectionsPerSubscriber,
  meters = noMeters,
  pressure = noPressure,
}: GatewayOptions): Gateway {
  const time = outsideRequests(ownTime)
  const gate = createStreamGate({ proxies })
  const connections = createConnectionGate({ proxies, most: connectionsPerSubscriber })
  const release = releaseOf(webBuild)
  const nowMs = () => ownTime.monotonicMs()
  const turns = createTurns({ nowMs, afterTurn: setImmediate })
  const pagesAtOnce = createPlaces(PAGES_AT_ONCE, nowMs)
  const waitMs = () => Math.max(turns.waitMs(), pagesAtOnce.waitMs())
  const shedding = createShedding({ pressure: () => pressure() + waitMs(), nowMs, random })
  const learned = createLearnedStore({ store, time, log })
  const tenants = all.map((options) =>
    serveTenant(options, { store, learned, log, time, random, outlets, nodes, release, meters }),
  )
  if (new Set(all.map(({ id }) => id)).size !== all.length)
    throw new TypeError('Two tenants have the same id.')
  const sessionRetention = createSessionRetention({
    store,
    lives: all.map(({ sessionLife }) => sessionLife),
    time,
    log,
  })
  /** One door to the tenant of the request, and one to each tenant for pages that are made here. */
  const servers: Server[] = []
  let hosts: TenantHosts<ServedTenant> = tenantHosts(tenants, [])
  let pages: Pages = noPages
  let isListening = false
  let isClosing = false

  async function answer(
    request: IncomingMessage,
    response: Answer,
    { tenantOf, isInside }: Entrance,
    requestId: string,
  ) {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const isApi = path === '/api' || path.startsWith('/api/')
    const kind = path === '/api/stream' ? 'stream' : isApi ? 'api' : 'page'
    response.on('close', () => meters.answered(kind, response.headersSent ? response.statusCode : 'aborted'))
    const host = request.headers.host ?? ''
    const tenant = tenantOf(host)
    const headers = (tenant?.headers ?? headersOfNobody)[isApi ? 'api' : 'page']
    response.always = [...headers, 'x-request-id', requestId]
    if (isClosing) {
      response.setHeader('connection', 'close')
      if (path === '/api/health') {
        response.writeHead(503, { 'cache-control': 'private, no-store', 'content-type': 'application/json' })
        response.end('{"status":"stopping"}')
        return
      }
    }
    if (!isPlain(request)) {
      response.writeHead(400, { 'cache-control': 'private, no-store', connection: 'close' }).end()
      return
    }
    // Whoever watches the process asks it by its address.
    const served = tenant ?? (path === '/api/health' ? tenants[0] : null)
    if (!served) {
      response.setHeader('cache-control', 'private, no-store')
      return write(response, misdirected())
    }
    const what = isInside ? null : shedClassOf(request, path)
    if (what) {
      const awayMs = shedding.refuses(what)
      if (awayMs !== null) {
        meters.shed(what)
        return isApi ? write(response, overloaded(awayMs)) : writeBusyPage(response, awayMs)
      }
      const turn = turns.mine()
      if (turn) await turn
      if (response.destroyed) return
      if (kind === 'page') {
        const place = pagesAtOnce.take()
        if (place) await place
        // Whether somebody reads it is another matter.
        void within(ownTime, LONGEST_ANSWER_MS, sent(response)).then(() => pagesAtOnce.leave())
        if (response.destroyed) return
      }
    }
    if (path === '/api/stream' && request.method === 'GET') {
      const place = gate.enter(request)
      if (typeof place === 'number') {
        response.setHeader('cache-control', 'private, no-store')
        return write(response, place === 429 ? tooManyRequests(FULL_MS) : busy(FULL_MS))
      }
      response.on('close', place.leave)
      return served.stream(request, response)
    }
    if (path === '/api/home' && (request.method === 'GET' || request.method === 'HEAD'))
      return served.home(request, response)
    if (isApi) return answerApi(served.api, request, response)
    const { publicUrl } = served.options
    if (
      request.method === 'GET' &&
      isLoopback(publicUrl) &&
      host !== publicUrl.host &&
      isAliasOf(publicUrl, host)
    ) {
      // Cookies and form posts go by the one name of this machine that we announce.
      response
        .writeHead(307, {
          // Put together and not resolved: a path such as //elsewhere would name another host.
          location: `${publicUrl.origin}${request.url}`,
          'cache-control': 'no-store',
        })
        .end()
      return
    }
    pages(request, response, served.options.id)
  }

  function serverFor(entrance: Entrance): Server {
    const server = createServer(
      {
        ServerResponse: Answer,
        headersTimeout: 5_000,
        requestTimeout: 10_000,
        // Often, so that not too many slow ones are cut off in one go.
        connectionsCheckingInterval: 250,
        maxHeaderSize: 16 * 1024,
        keepAliveTimeout: proxies.isEmpty ? KEEP_ALIVE_MS.exposed : KEEP_ALIVE_MS.behindProxy,
        // Asked for by `isPlain`, whose refusal says who may keep it.
        requireHostHeader: false,
      },
      (request, response) => {
        inRequestScope((id) => {
          answer(request, response, entrance, id).catch((error: unknown) => {
            if (!toApiFailure(error)) log.error({ event: 'unexpected_error', error: traceOf(error) })
            if (response.headersSent) response.destroy()
            else write(response, toApiFailure(error) ?? internalFailure())
          })
        })
      },
    )
    if (!entrance.isInside) server.on('connection', refuseTooMany)
    refuseBadBytes(server)
    servers.push(server)
    return server
  }

  function refuseTooMany(socket: Socket) {
    if (connections.admits(socket)) return
    meters.connectionRefused()
    socket.destroy()
  }

  /** Pages ask over HTTP like any other client, and cannot name a host: each tenant has a door for them alone. */
  async function doorOf(tenant: ServedTenant): Promise<string> {
    const entrance = { tenantOf: () => tenant, isInside: true }
    const port = await listening(serverFor(entrance), 0, '127.0.0.1')
    return `http://127.0.0.1:${port}`
  }

  return {
    async listen(port, host) {
      const doors = new Map<string, Door>()
      for (const tenant of tenants)
        doors.set(tenant.options.id, {
          publicUrl: tenant.options.publicUrl,
          gatewayUrl: await doorOf(tenant),
          framePolicy: framePolicy(tenant.options.frameAncestors),
        })
      // Before anybody can ask for one: who comes too early is turned away by the system, and goes to another gateway.
      pages = await loadPages({ build: webBuild, doors })
      const entrance = { tenantOf: (name: string) => hosts.of(name), isInside: false }
      const bound = await listening(serverFor(entrance), port, host)
      hosts = tenantHosts(
        tenants,
        ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${bound}`),
      )
      isListening = true
      return { url: `http://127.0.0.1:${bound}` }
    },
    async warm(name) {
      await Promise.all(tenants.filter(({ options }) => options.demo).map((tenant) => tenant.warm(name)))
    },
    endpoints: () => [
      ...new Set(['GET /api/stream', 'GET /api/home', ...tenants.flatMap(({ api }) => endpointsOf(api))]),
    ],
    async isReady() {
      if (isClosing || !isListening) return false
      const nobody = { tenant: 'nobody', userId: 'nobody' }
      const asked = store.settings.find(nobody, 'history').then(
        () => true,
        () => false,
      )
      return (await within(time, READY_WAIT_MS, asked)) ?? false
    },
    status: () => tenants.map((tenant) => tenant.status()),
    async close({ graceMs = 0 } = {}) {
      isClosing = true
      if (graceMs > 0) await pause(time, graceMs)
      sessionRetention.close()
      for (const tenant of tenants) tenant.stop()
      const closed = Promise.all(
        servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
      )
      await Promise.all(tenants.map((tenant) => tenant.closeStreams()))
      for (const server of servers) server.closeIdleConnections()
      await within(time, LONGEST_ANSWER_MS, closed)
      for (const server of servers) server.closeAllConnections()
      await learned.close()
      for (const tenant of tenants) await tenant.close()
      await nodes.close()
      await store.close()
    },
  }
}

/** The port it listens on. */
async function listening(server: Server, port: number, host: string | undefined): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}

function isAliasOf(publicUrl: URL, host: string): boolean {
  return aliasesOf(publicUrl).includes(`${publicUrl.protocol}//${host}`)
}

/** Resolves when an answer has left, or has nowhere to go any more. */
function sent(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve()
    response.on('finish', resolve)
    response.on('close', resolve)
  })
}
