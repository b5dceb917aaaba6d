/** One request that came in. No headers, no bodies: nothing secret is kept. */
export type LoggedRequest = {
  at: string
  method: string
  path: string
  route: string
  home: string | null
  status: number | null
}

/** Counts what comes in, so that tests can say how often somebody asked. */
export type RequestLog = {
  add(request: LoggedRequest): void
  report(): { total: number; counts: Record<string, number>; log: LoggedRequest[] }
  clear(): void
}

export function createRequestLog(): RequestLog {
  const counts = new Map<string, number>()
  const log: LoggedRequest[] = []
  let total = 0
  return {
    add(request) {
      total++
      const name = `${request.method} ${request.route}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
      log.push(request)
      if (log.length > KEPT) log.splice(0, log.length - KEPT)
    },
    report: () => ({ total, counts: Object.fromEntries([...counts].sort()), log: [...log] }),
    clear() {
      total = 0
      counts.clear()
      log.length = 0
    },
  }
}

const KEPT = 1000
