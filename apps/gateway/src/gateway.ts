import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pause, within, type PartnerClient, type Time } from '@homewatt/client'
import { deviceTypes } from '@homewatt/contract'
import { createStartAction } from './actions.ts'
import { createApi } from './api.ts'
import type { Brand } from './brand.ts'
import { createCommandLimits } from './command-limits.ts'
import { createCommands } from './commands.ts'
import { sessionCookie } from './cookie.ts'
import { createDemo } from './demo.ts'
import { internalFailure, notSignedIn } from './errors.ts'
import { setSecurityHeaders } from './headers.ts'
import { createHomes } from './homes.ts'
import { createLearnedStore } from './learned.ts'
import { aliasesOf, createLinkCheck, isLoopback } from './links.ts'
import { traceOf, type Log } from './log.ts'
import { answerApi, write } from './node-bridge.ts'
import { loadPages, type Pages } from './pages.ts'
import { createPoller } from './poller.ts'
import { createSessions } from './sessions.ts'
import type { Store } from './store.ts'
import { createStreams } from './stream.ts'
import { createUpstreamClock } from './upstream-clock.ts'

export type GatewayOptions = {
  client: PartnerClient
  store: Store
  log: Log
  time: Time
  random: () => number
  /** Where browsers find us. */
  publicUrl: URL
  /** Base URL of the Partner API; its origin is one that people may be sent to. */
  partnerUrl: URL
  /** Further origins that people may be sent to by actions. */
  actionOrigins: readonly string[]
  timeZone: string
  brand: Brand
  /** Against the simulator: anybody may enter any home. */
  demo: boolean
  /** Directory of the built web app; `null` for none. */
  webBuild: string | null
}

export type Gateway = {
  /** Listens; port 0 takes a free one. Rejects with the system's error, for example `EADDRINUSE`. */
  listen(port: number, host?: string): Promise<{ url: string }>
  /** Resolves when all types of the demo home are known. */
  warm(home: string): Promise<void>
  /** Finishes what is under way, ends the streams, keeps what has to be kept. */
  close(): Promise<void>
}

/** This installation has one tenant; keys carry it all the same. */
const TENANT = 'default'
const CONNECT_ORIGINS = ['https://connect.podero.com', 'https://app.podero.com']
const WARM_AGAIN_MS = 500

/** The server: API, stream, poller, sessions and the pages of the web app, in this process. */
export function createGateway(options: GatewayOptions): Gateway {
  const { client, store, log, time, random, publicUrl, partnerUrl } = options
  const clock = createUpstreamClock(time)
  const learned = createLearnedStore({ store, time, log })
  const homes = createHomes({
    epoch: store.epoch,
    clock,
    timeZone: options.timeZone,
    learnedOf: (owner) => learned.of(owner),
  })
  const checkLink = createLinkCheck([...aliasesOf(partnerUrl), ...CONNECT_ORIGINS, ...options.actionOrigins])
  const poller = createPoller({ homes, client, clock, time, random, log, checkLink })
  const limits = createCommandLimits(time)
  const sessions = createSessions({ store, time, log })
  const streams = createStreams({ poller, sessions, time, random })
  const cookie = sessionCookie(publicUrl)
  const demo = options.demo ? createDemo({ client, time }) : null
  const api = createApi({
    tenant: TENANT,
    brand: options.brand,
    homes,
    poller,
    commands: createCommands({ client, poller, limits, time, log }),
    startAction: createStartAction({ client, poller, limits, checkLink, publicUrl }),
    sessions,
    cookie,
    demo,
    origins: aliasesOf(publicUrl),
    clock,
    log,
  })
  let pages: Pages | null = null
  let isClosing = false

  async function stream(request: IncomingMessage, response: ServerResponse) {
    const session = await sessions.find(cookie.read(request.headers.cookie))
    if (!session) return write(response, notSignedIn())
    const home = homes.of({ tenant: session.tenant, userId: session.userId })
    await poller.load(home)
    if (response.destroyed) return
    streams.open(response, home, session)
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const isApi = path === '/api' || path.startsWith('/api/')
    setSecurityHeaders(response, isApi ? 'api' : 'page', publicUrl.protocol === 'https:')
    if (isClosing) response.setHeader('connection', 'close')
    if (!path.startsWith('/') || hostsOf(request).length !== 1) {
      response.writeHead(400, { 'cache-control': 'private, no-store' }).end()
      return
    }
    if (path === '/api/stream' && request.method === 'GET') return stream(request, response)
    if (isApi) return answerApi(api, request, response)
    const home = publicUrl.host
    if (
      request.method === 'GET' &&
      isLoopback(publicUrl) &&
      hostsOf(request)[0] !== home &&
      isAliasOf(publicUrl, request)
    ) {
      // Cookies and form posts go by the one name of this machine that we announce.
      response
        .writeHead(307, {
          location: new URL(request.url ?? '/', publicUrl).href,
          'cache-control': 'no-store',
        })
        .end()
      return
    }
    pages?.(request, response)
  }

  const server = createServer(
    {
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 * 1024,
      keepAliveTimeout: 5_000,
    },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        log.error({ event: 'unexpected_error', error: traceOf(error) })
        if (response.headersSent) response.destroy()
        else write(response, internalFailure())
      })
    },
  )

  return {
    async listen(port, host) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve()
        })
      })
      const address = server.address()
      const bound = typeof address === 'object' && address ? address.port : port
      const gatewayUrl = `http://127.0.0.1:${bound}`
      pages = await loadPages({ build: options.webBuild, gatewayUrl, publicUrl })
      return { url: gatewayUrl }
    },
    async warm(name) {
      for (;;) {
        const userId = await demo?.userIdOf(name).catch(() => null)
        if (userId) {
          const home = homes.of({ tenant: TENANT, userId })
          await poller.load(home)
          if (deviceTypes.every((type) => home.groups[type].state === 'known')) return
        }
        if (isClosing) return
        await pause(time, WARM_AGAIN_MS)
      }
    },
    async close() {
      isClosing = true
      poller.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await streams.close()
      server.closeIdleConnections()
      await within(time, 5_000, closed)
      server.closeAllConnections()
      await learned.close()
      await client.close()
      await store.close()
    },
  }
}

function hostsOf(request: IncomingMessage): string[] {
  return request.headersDistinct['host'] ?? []
}

function isAliasOf(publicUrl: URL, request: IncomingMessage): boolean {
  return aliasesOf(publicUrl).includes(`${publicUrl.protocol}//${hostsOf(request)[0]}`)
}
