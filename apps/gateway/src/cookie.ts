/** The session cookie: `__Host-Http-` and `Secure` where there is https, by its plain name on this machine. */
export type SessionCookie = {
  /** Id of the session in a `Cookie` header; `null` when there is none, or more than one. */
  read(header: string | undefined): string | null
  /** `Set-Cookie` headers that keep the id until the browser is closed, or the session ends. */
  set(id: string): string[]
  /** The same inside a page of the partner, where the browser keeps it apart for that page's site. */
  setEmbedded(id: string): string[]
  /** `Set-Cookie` headers that take it away. */
  clear(): string[]
}

/** The cookie of an attempt to sign in: sent when the issuer sends the browser back, and gone soon after. */
export type SignInCookie = {
  read(header: string | undefined): string | null
  set(value: string): string
  clear(): string
}

export function sessionCookie(publicUrl: URL): SessionCookie {
  const { name, rules, isSecure } = cookieOf(publicUrl, 'homewatt')
  const strict = `${rules}; SameSite=Strict`
  const embedded = `${rules}; SameSite=None; Partitioned`
  const gone = (where: string) => `${name}=; ${where}; Max-Age=0`
  // Where the partner's page is of our own site a browser would send both, and two are as good as none.
  // What goes is said first: a browser that knows no partitions takes both for the same cookie.
  return {
    read: (header) => readOne(name, header),
    set: (id) => [...(isSecure ? [gone(embedded)] : []), `${name}=${id}; ${strict}`],
    setEmbedded: (id) => [gone(strict), `${name}=${id}; ${isSecure ? embedded : strict}`],
    clear: () => [...(isSecure ? [gone(embedded)] : []), gone(strict)],
  }
}

/** @param maxAgeS how long an attempt may take */
export function signInCookie(publicUrl: URL, maxAgeS: number): SignInCookie {
  const { name, rules } = cookieOf(publicUrl, 'homewatt-sign-in')
  return {
    read: (header) => readOne(name, header),
    // The way back from the issuer begins on another site, where a strict cookie would stay at home.
    set: (value) => `${name}=${value}; ${rules}; SameSite=Lax; Max-Age=${maxAgeS}`,
    clear: () => `${name}=; ${rules}; SameSite=Lax; Max-Age=0`,
  }
}

/**
 * By its prefix a browser takes the cookie from an answer of this very host only, and not from a script. Browsers that do
 * not know all of it know `__Host-`, and hold it to that.
 */
function cookieOf(publicUrl: URL, plainName: string) {
  const isSecure = publicUrl.protocol === 'https:'
  return {
    isSecure,
    name: isSecure ? `__Host-Http-${plainName}` : plainName,
    rules: `Path=/; HttpOnly${isSecure ? '; Secure' : ''}`,
  }
}

function readOne(name: string, header: string | undefined): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  return values.length === 1 ? (values[0]?.slice(name.length + 1) ?? null) : null
}
