import type { IncomingMessage } from 'node:http'

/**
 * Whether a proxy in front and we are sure to read the same in a request: one host, a path and not a whole address,
 * each decisive header once, no body where none is expected, no other protocol than this one, and no echo of it all.
 */
export function isPlain({ method, url = '', headers, headersDistinct }: IncomingMessage): boolean {
  if (!url.startsWith('/') || !headers.host || headers.upgrade !== undefined) return false
  if (method === 'TRACE' || decisive.some((name) => (headersDistinct[name]?.length ?? 0) > 1)) return false
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  return !(hasBody && (method === 'GET' || method === 'HEAD'))
}

const decisive = ['host', 'content-type', 'content-length', 'transfer-encoding', 'origin', 'sec-fetch-site']
