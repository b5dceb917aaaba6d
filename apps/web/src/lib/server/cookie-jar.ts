export type CookieJar = {
  /** Value of a `Cookie` header; empty when there are none. */
  header(): string
  /** Takes `Set-Cookie` headers of an answer, for the next request and for the browser. */
  take(setCookies: readonly string[]): void
  /** `Set-Cookie` headers that the browser has to hear of. */
  news(): readonly string[]
}

/** The browser's cookies for the time of one page: what the gateway sets counts for our next question already. */
export function cookieJar(cookieHeader: string | null): CookieJar {
  const values = new Map(pairs(cookieHeader ?? ''))
  const news: string[] = []
  return {
    header: () => [...values].map(([name, value]) => `${name}=${value}`).join('; '),
    take(setCookies) {
      for (const setCookie of setCookies) {
        news.push(setCookie)
        for (const [name, value] of pairs(setCookie.split(';', 1)[0] ?? '')) values.set(name, value)
      }
    },
    news: () => news,
  }
}

function pairs(header: string): [string, string][] {
  return header.split(';').flatMap((part) => {
    const at = part.indexOf('=')
    return at > 0 ? [[part.slice(0, at).trim(), part.slice(at + 1).trim()]] : []
  })
}
