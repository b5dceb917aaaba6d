/** Where it was to listen, and how the operator calls the settings that say so. */
export type Door = {
  port: number
  /** `undefined`: on all addresses. */
  host: string | undefined
  names: { port: string; host: string }
}

/** Why it cannot listen there, in one sentence that says what to do; `null` for what nobody expected. */
export function listenFailure(error: unknown, { port, host, names }: Door): string | null {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use: stop what listens there, or set ${names.port} to another one.`
    case 'EACCES':
      return `Port ${port} is not open to this user: set ${names.port} to one above 1023, or allow the process to use it.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine: set ${names.host} to one that is, or leave it out.`
    default:
      return null
  }
}
