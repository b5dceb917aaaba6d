import type { IncomingMessage, ServerResponse } from 'node:http'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { constants } from 'node:zlib'
import compression from 'compression'

/** Answers everything that is not the API. */
export type Pages = (request: IncomingMessage, response: ServerResponse, tenant: string) => void

/** The handler that a build of the web app exports. */
type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void

/** Where a browser finds a tenant, where its pages ask the gateway, and who may frame them (see `framePolicy`). */
export type Door = { publicUrl: URL; gatewayUrl: string; framePolicy: string }

/**
 * Takes the built web app into this process. It asks the gateway over HTTP like any other client, so it has to
 * know where that is, and what its own origin is. It reads nothing but the environment and what `node:http` gave
 * it: with one tenant `GATEWAY_URL` and `ORIGIN` are set for it, with several every request says so.
 * Without a build every page is a short note that says so.
 *
 * @param build directory with `handler.js`; `null` for none
 * @param doors by tenant
 */
export async function loadPages({
  build,
  doors,
}: {
  build: string | null
  doors: ReadonlyMap<string, Door>
}): Promise<Pages> {
  if (build === null || !existsSync(join(build, 'handler.js'))) return noPages
  const [only, ...others] = doors.values()
  if (only && others.length === 0) {
    process.env['GATEWAY_URL'] = only.gatewayUrl
    process.env['ORIGIN'] = only.publicUrl.origin
  } else {
    process.env['PROTOCOL_HEADER'] = PROTOCOL_HEADER
  }
  const { handler } = (await import(pathToFileURL(join(build, 'handler.js')).href)) as { handler: Handler }
  return (request, response, tenant) => {
    const door = doors.get(tenant)
    if (!door) throw new TypeError(`There is no door to the tenant ${tenant}.`)
    // Overwritten whatever the browser sent, and a symbol is nothing that it could send.
    request.headers[PROTOCOL_HEADER] = door.publicUrl.protocol.slice(0, -1)
    Object.assign(request, { [GATEWAY_URL]: door.gatewayUrl })
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
    // `compress` wraps this, and by then has put in place also those headers that were given to `writeHead`.
    response.writeHead = (...args: unknown[]) => {
      finishHeaders(response, door.framePolicy)
      return writeHead(...args)
    }
    compress(request, response, () => handler(request, response, () => noPages(request, response, tenant)))
  }
}

const PROTOCOL_HEADER = 'x-homewatt-protocol'
/** The web app looks for it by the same name. */
const GATEWAY_URL = Symbol.for('homewatt.gateway-url')

/** What is rendered for this request. Files come compressed from the build already. */
const compress = compression({
  threshold: 0,
  filter: (_request, response) => isRendered(response),
  // Good enough for a page of 50 KB in about a millisecond.
  brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } },
}) as unknown as Handler

/** What there is without a build. */
export const noPages: Pages = (_request, response) => {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end('There is no such page. If there is none at all, build the web app: npm run build.\n')
}

/**
 * Files of the build with a hash in their name may be kept by anybody for as long as they like (the build says so
 * itself), its other files by browsers for a while; what shows a home, by nobody.
 */
function finishHeaders(response: ServerResponse, framePolicy: string) {
  // One build serves all tenants, so a page's own policy cannot know who may frame it.
  const policy = response.getHeader('content-security-policy')
  if (policy !== undefined) response.setHeader('content-security-policy', `${String(policy)}; ${framePolicy}`)
  const isFile = response.hasHeader('last-modified') || response.hasHeader('etag')
  if (isRendered(response) || response.statusCode >= 400) {
    response.setHeader('cache-control', 'private, no-store')
    // It would be the tag of the bytes before they were compressed, and nobody keeps them.
    response.removeHeader('etag')
  } else if (!response.hasHeader('cache-control'))
    response.setHeader('cache-control', isFile ? 'private, max-age=3600' : 'private, no-store')
}

const isRendered = (response: ServerResponse) =>
  /^(text\/html|application\/json|text\/plain)/.test(String(response.getHeader('content-type') ?? ''))
