/** The session cookie: `__Host-` and `Secure` where there is https, by its plain name on this machine. */
export type SessionCookie = {
  /** Id of the session in a `Cookie` header; `null` when there is none, or more than one. */
  read(header: string | undefined): string | null
  /** `Set-Cookie` that keeps the id until the browser is closed, or the session ends. */
  set(id: string): string
  /** `Set-Cookie` that takes it away. */
  clear(): string
}

export function sessionCookie(publicUrl: URL): SessionCookie {
  const isSecure = publicUrl.protocol === 'https:'
  const name = isSecure ? '__Host-homewatt' : 'homewatt'
  const rules = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  return {
    read(header) {
      const values = (header ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`${name}=`))
      return values.length === 1 ? (values[0]?.slice(name.length + 1) ?? null) : null
    },
    set: (id) => `${name}=${id}; ${rules}`,
    clear: () => `${name}=; ${rules}; Max-Age=0`,
  }
}
