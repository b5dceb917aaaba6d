import type { IncomingMessage } from 'node:http'
import { clientAddress, subscriberOf, type TrustedProxies } from './client-address.ts'
import { isPrivate } from './private-networks.ts'

/** How many streams there may be; asked before anything else about a stream is looked up. */
export type StreamGate = {
  /** A place, to be given back once; or the status that says why there is none. */
  enter(request: IncomingMessage): { leave: () => void } | 429 | 503
}

const MOST = { subscriber: 60, node: 10_000 }

/**
 * Many homes may share a proxy that nobody told us of, so addresses of private networks are counted only where
 * `proxies` says who stands between.
 */
export function createStreamGate({
  proxies,
  most = MOST,
}: {
  proxies: TrustedProxies
  most?: { subscriber: number; node: number }
}): StreamGate {
  const bySubscriber = new Map<string, number>()
  let all = 0
  return {
    enter(request) {
      if (all >= most.node) return 503
      const address = clientAddress(request, proxies)
      const isCounted = !proxies.isEmpty || !isPrivate(address)
      const key = subscriberOf(address)
      const present = bySubscriber.get(key) ?? 0
      if (isCounted && present >= most.subscriber) return 429
      all++
      bySubscriber.set(key, present + 1)
      let isOver = false
      return {
        leave() {
          if (isOver) return
          isOver = true
          all--
          const left = (bySubscriber.get(key) ?? 1) - 1
          if (left === 0) bySubscriber.delete(key)
          else bySubscriber.set(key, left)
        },
      }
    },
  }
}
