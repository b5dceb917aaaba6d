/** Checks a URL that a person is to be sent to; the result is written anew, `null` when it is not allowed. */
export type LinkCheck = (link: string) => string | null

/**
 * Allows exactly the given origins (scheme, host and port), nothing with a user name, a control character or a
 * back slash. The checked URL is serialised anew, so what was checked is what the browser follows.
 *
 * @param origins as `URL.origin` writes them; all https, but for the partner's own on this machine
 */
export function createLinkCheck(origins: readonly string[]): LinkCheck {
  const allowed = new Set(origins)
  return (link) => {
    // eslint-disable-next-line no-control-regex -- URL parsers drop some of these silently
    if (/[\u0000-\u0020\u007f-\u009f\\]/.test(link) || !URL.canParse(link)) return null
    const url = new URL(link)
    if (url.username || url.password || !/^https?:$/.test(url.protocol)) return null
    return allowed.has(url.origin) ? url.href : null
  }
}

/** Whether this is an https origin as `URL.origin` writes it, of one host and not of a pattern of hosts. */
export function isHttpsOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url?.protocol === 'https:' && url.origin === text && /^[a-z\d.-]+$/.test(url.hostname)
}

/** The other ways to write an origin of this machine; just the origin itself for any other. */
export function aliasesOf(url: URL): string[] {
  if (!isLoopback(url)) return [url.origin]
  const port = url.port ? `:${url.port}` : ''
  return ['localhost', '127.0.0.1', '[::1]'].map((host) => `${url.protocol}//${host}${port}`)
}

/** Whether the host is this machine itself. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname)
}
