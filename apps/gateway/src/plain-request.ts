import type { IncomingMessage } from 'node:http'

/**
 * Whether a proxy in front and we are sure to read the same in a request: one host, a path and not a whole address,
 * each decisive header once, no body where none is expected, no other protocol than this one, and no echo of it all.
 */
export function isPlain(request: IncomingMessage): boolean {
  const { method, url = '', headers } = request
  if (!url.startsWith('/') || !headers.host || headers.upgrade !== undefined) return false
  if (method === 'TRACE' || hasDecisiveTwice(request)) return false
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  return !(hasBody && (method === 'GET' || method === 'HEAD'))
}

const decisive = ['host', 'content-type', 'content-length', 'transfer-encoding', 'origin', 'sec-fetch-site']

function hasDecisiveTwice(request: IncomingMessage): boolean {
  // Names and values in turn; as many as there are different names: each of them once.
  if (request.rawHeaders.length === 2 * Object.keys(request.headers).length) return false
  return decisive.some((name) => (request.headersDistinct[name]?.length ?? 0) > 1)
}
