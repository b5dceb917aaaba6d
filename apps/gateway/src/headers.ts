import type { ServerResponse } from 'node:http'

/** Headers of every answer, failures included; set before anything else may write. */
export function setSecurityHeaders(response: ServerResponse, kind: 'api' | 'page', isHttps: boolean) {
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  response.setHeader('cross-origin-resource-policy', 'same-origin')
  response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
  if (isHttps) response.setHeader('strict-transport-security', 'max-age=31536000')
  if (kind === 'api') {
    response.setHeader('cache-control', 'private, no-store')
    response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    response.setHeader('referrer-policy', 'no-referrer')
  } else {
    response.setHeader('content-security-policy', "frame-ancestors 'none'")
    // With `no-referrer` browsers send forms with `Origin: null`, which no check could tell from a foreign page.
    response.setHeader('referrer-policy', 'same-origin')
  }
}
