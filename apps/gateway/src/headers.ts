/** By the kind of what is asked for: names and values in turn. */
export type SecurityHeaders = Readonly<Record<'api' | 'page', readonly string[]>>

/**
 * Headers of every answer of a tenant, failures included, where whoever writes it does not say otherwise.
 *
 * @param frameAncestors see `framePolicy`
 */
export function securityHeaders(isHttps: boolean, frameAncestors: readonly string[]): SecurityHeaders {
  const always = [
    ['x-content-type-options', 'nosniff'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
    ...(isHttps ? [['strict-transport-security', 'max-age=31536000']] : []),
  ].flat()
  // For whatever is no page of the web app: those bring a policy of their own that lets their own script run.
  const policy = (origins: readonly string[]) => [
    'content-security-policy',
    `${nothingAllowed}; ${framePolicy(origins)}`,
  ]
  return {
    api: [...always, ...policy([]), 'cache-control', 'private, no-store', 'referrer-policy', 'no-referrer'],
    // With `no-referrer` browsers send forms with `Origin: null`, which no check could tell from a foreign page.
    page: [...always, ...policy(frameAncestors), 'referrer-policy', 'same-origin'],
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
