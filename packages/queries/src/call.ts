import type { GatewayError } from '@homewatt/contract'

export type Options = { signal?: AbortSignal | undefined }

/** One call of the gateway's API. Rejects with `GatewayFailure` or `GatewayUnreachable`, or as its signal says. */
export type Call = (method: string, path: string, options?: Options, body?: unknown) => Promise<unknown>

/** The gateway said no. `code` has words of its own on the screen; `message` is for developers. */
export class GatewayFailure extends Error {
  override name = 'GatewayFailure'
  readonly status: number
  readonly code: GatewayError['error']['code']
  readonly reason: GatewayError['error']['reason']
  /** What is wrong with a request, by field: a code to find words by, or `invalid`. */
  readonly complaints: Readonly<Record<string, string>>
  /** Seconds to wait before it makes sense to try again; `null` when not said. */
  readonly retryAfterS: number | null

  constructor(status: number, error: GatewayError['error']) {
    super(error.message)
    this.status = status
    this.code = error.code
    this.reason = error.reason
    const fields = Object.keys(error.fields ?? {})
    this.complaints = Object.fromEntries(fields.map((name) => [name, error.codes?.[name] ?? 'invalid']))
    this.retryAfterS = error.retry_after_s ?? null
  }
}

/** No answer that the gateway could have given: no network, a proxy's error page, a gateway that is restarting. */
export class GatewayUnreachable extends Error {
  override name = 'GatewayUnreachable'
}

/** What all clients of the gateway's API are made of; `base` as for `createGatewayApi`. */
export function createCall({ fetch, base }: { fetch: typeof globalThis.fetch; base: string }): Call {
  return async (method, path, { signal } = {}, body) => {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (method !== 'GET') headers['x-homewatt'] = '1'
    if (body !== undefined) headers['content-type'] = 'application/json'
    let response: Response
    let text: string
    try {
      response = await fetch(`${base}${path}`, {
        method,
        headers,
        credentials: 'same-origin',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      })
      text = await response.text()
    } catch (cause) {
      if (signal?.aborted) throw cause
      throw new GatewayUnreachable('The gateway could not be reached.', { cause })
    }
    if (response.status === 204) return undefined
    const json = parsed(text)
    if (response.ok && json !== undefined) return json
    const error = (json as Partial<GatewayError> | undefined)?.error
    if (!response.ok && error?.code) throw new GatewayFailure(response.status, error)
    throw new GatewayUnreachable(`The gateway's answer could not be read (status ${response.status}).`)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
