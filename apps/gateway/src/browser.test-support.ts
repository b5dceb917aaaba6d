/** A browser without a screen: follows redirects and pages that move on by themselves, keeps cookies by host. */
export type Browser = {
  /** Opens an address and goes wherever that leads. */
  open(url: string): Promise<Page>
  /** What a script of ours on the page may do. */
  send(method: string, url: string, body?: unknown): Promise<Response>
  get(url: string): Promise<Response>
  /** Sends a form as a page does. */
  post(url: string, fields: Record<string, string>): Promise<Response>
  /** `name=value` of the cookies for a URL. */
  cookies(url: string): string
  put(url: string, cookie: string): void
  /** Stops right before an address that begins with this; the next `open` of it goes on. */
  stopAt(prefix: string | null): void
}

export type Page = { url: string; status: number; text: string }

/** @param seen where an address is to be found really, for hosts that exist in the test only */
export function openBrowser(seen: (url: string) => string = (url) => url): Browser {
  const jars = new Map<string, Map<string, string>>()
  let stop: string | null = null

  function jarOf(url: string): Map<string, string> {
    const { host } = new URL(url)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    return jar
  }

  const cookies = (url: string) => [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ')

  async function ask(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    const cookie = cookies(url)
    if (cookie) headers.set('cookie', cookie)
    headers.set('user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')
    const response = await fetch(seen(url), { ...init, headers, redirect: 'manual' })
    for (const header of response.headers.getSetCookie()) {
      const [pair = '', ...rules] = header.split(';').map((part) => part.trim())
      const at = pair.indexOf('=')
      const isGone = rules.some((rule) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(rule))
      if (isGone) jarOf(url).delete(pair.slice(0, at))
      else jarOf(url).set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  return {
    async open(url) {
      let at = url
      for (let hops = 0; hops < 20; hops++) {
        if (stop !== null && hops > 0 && at.startsWith(stop)) return { url: at, status: 0, text: '' }
        const response = await ask(at)
        const text = await response.text()
        const next =
          response.headers.get('location') ?? /http-equiv="refresh" content="0; url=([^"]+)"/.exec(text)?.[1]
        if (next === undefined || next === null) return { url: at, status: response.status, text }
        at = new URL(next, at).href
      }
      throw new Error(`${url} leads round and round.`)
    },
    send: (method, url, body) =>
      ask(url, {
        method,
        headers: {
          'x-homewatt': '1',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    get: (url) => ask(url),
    post: (url, fields) => ask(url, { method: 'POST', body: new URLSearchParams(fields) }),
    cookies,
    put(url, cookie) {
      const at = cookie.indexOf('=')
      jarOf(url).set(cookie.slice(0, at), cookie.slice(at + 1))
    },
    stopAt(prefix) {
      stop = prefix
    },
  }
}
