import type { ServerResponse } from 'node:http'

/**
 * Headers of every answer, failures included; set before anything else may write.
 *
 * @param frameAncestors see `framePolicy`
 */
export function setSecurityHeaders(
  response: ServerResponse,
  kind: 'api' | 'page',
  isHttps: boolean,
  frameAncestors: readonly string[],
) {
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  response.setHeader('cross-origin-resource-policy', 'same-origin')
  response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
  if (isHttps) response.setHeader('strict-transport-security', 'max-age=31536000')
  // For whatever is no page of the web app: those bring a policy of their own that lets their own script run.
  response.setHeader(
    'content-security-policy',
    `${nothingAllowed}; ${framePolicy(kind === 'page' ? frameAncestors : [])}`,
  )
  if (kind === 'api') {
    response.setHeader('cache-control', 'private, no-store')
    response.setHeader('referrer-policy', 'no-referrer')
  } else {
    // With `no-referrer` browsers send forms with `Origin: null`, which no check could tell from a foreign page.
    response.setHeader('referrer-policy', 'same-origin')
  }
}

/**
 * Who may show us inside a page of theirs, as a directive of a content security policy.
 *
 * @param origins as `URL.origin` writes them; none for nobody
 */
export function framePolicy(origins: readonly string[]): string {
  return `frame-ancestors ${origins.length === 0 ? "'none'" : origins.join(' ')}`
}

const nothingAllowed =
  "default-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
