import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { isPrivate } from './private-networks.ts'
import type { PushRequest } from './web-push.ts'

/** `gone`: the browser does not listen there any more. `later`: try again, not before so long. */
export type PushOutcome = { kind: 'sent' } | { kind: 'gone' } | { kind: 'later'; afterMs: number | null }

/** Brings requests to push services. Never rejects. */
export type PushSender = {
  /** Whether this is the address of a push service that browsers use. */
  isKnown(endpoint: string): boolean
  send(request: PushRequest): Promise<PushOutcome>
}

/** Where browsers listen. What somebody says of their browser must not make us knock at other doors. */
const SERVICES = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  '*.notify.windows.com',
  '*.push.apple.com',
]
const DEADLINE_MS = 8_000

/** @param alsoOrigins further origins, for a push service of a test's own */
export function createPushSender({ alsoOrigins = [] }: { alsoOrigins?: readonly string[] } = {}): PushSender {
  function isKnown(endpoint: string): boolean {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : null
    if (!url || url.username || url.password || url.hash) return false
    if (alsoOrigins.includes(url.origin)) return true
    if (url.protocol !== 'https:' || url.port !== '') return false
    return SERVICES.some((service) =>
      service.startsWith('*') ? url.hostname.endsWith(service.slice(1)) : url.hostname === service,
    )
  }

  return {
    isKnown,
    send(request) {
      // What is kept was checked when it came; the list may have changed since.
      if (!isKnown(request.url)) return Promise.resolve({ kind: 'gone' })
      const isOfTest = alsoOrigins.includes(new URL(request.url).origin)
      return exchange(request, isOfTest)
    },
  }
}

function exchange({ url, headers, body }: PushRequest, isOfTest: boolean): Promise<PushOutcome> {
  return new Promise((resolve) => {
    const send = new URL(url).protocol === 'http:' ? requestHttp : requestHttps
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const request = send(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': body.length },
        signal,
        ...(isOfTest ? {} : { lookup: publicOnly }),
      },
      (response) => {
        response.resume()
        resolve(outcomeOf(response.statusCode ?? 0, response.headers['retry-after']))
      },
    )
    request.on('error', () => resolve({ kind: 'later', afterMs: null }))
    request.end(body)
  })
}

function outcomeOf(status: number, retryAfter: string | undefined): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' }
  if (status === 404 || status === 410) return { kind: 'gone' }
  const seconds = Number(retryAfter)
  return { kind: 'later', afterMs: retryAfter && Number.isFinite(seconds) ? seconds * 1000 : null }
}

/** A name that leads inside, whoever made it lead there, leads nowhere. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const allowed = (addresses ?? []).filter(({ address }) => !isPrivate(address))
    const [first] = allowed
    if (error || !first) callback(error ?? new Error('No public address.'), '', 4)
    else if (options.all) callback(null, allowed)
    else callback(null, first.address, first.family)
  })
}
