import type { Fault } from './faults.ts'
import type { Answer, Request } from './http.ts'
import type { Actor } from './oauth.ts'

/** A request on its way through a route. */
export type Call = {
  request: Request
  /** Values of the `{names}` in the path. */
  params: Record<string, string>
  /** The simulated time of the request, ms. */
  nowMs: number
  /** Whom the token speaks for; `null` where none is asked for. */
  actor: Actor | null
  /** The fault that struck it. */
  fault: Fault | null
}

/** Answers a call; at once, unless it takes so long that others would wait. */
export type Handler = (call: Call) => Answer | Promise<Answer>

export type Route = {
  method: string
  /** Path with `{names}`, from the root of the host. */
  template: string
  /** Whether a bearer token is asked for. */
  bearer: boolean
  handler: Handler
}

/** What a router found: a route, or only that the path exists with another method. */
export type Found = { route: Route; params: Record<string, string> } | 'other-method' | null

/** Finds routes by method and path, segment by segment. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Found {
  const bySize = new Map<number, { route: Route; segments: string[] }[]>()
  for (const route of routes) {
    const segments = route.template.split('/')
    const list = bySize.get(segments.length) ?? []
    list.push({ route, segments })
    bySize.set(segments.length, list)
  }
  return (method, path) => {
    const segments = path.split('/')
    let found: Found = null
    for (const candidate of bySize.get(segments.length) ?? []) {
      const params = paramsOf(candidate.segments, segments)
      if (!params) continue
      if (candidate.route.method === method) return { route: candidate.route, params }
      found = 'other-method'
    }
    return found
  }
}

function paramsOf(template: string[], path: string[]): Record<string, string> | null {
  const params: Record<string, string> = {}
  for (let i = 0; i < template.length; i++) {
    const expected = template[i] ?? ''
    const actual = path[i] ?? ''
    if (!expected.startsWith('{')) {
      if (expected !== actual) return null
    } else if (actual === '') return null
    else params[expected.slice(1, -1)] = actual
  }
  return params
}
