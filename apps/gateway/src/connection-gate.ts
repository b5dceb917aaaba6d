import type { Socket } from 'node:net'
import { plainAddress, subscriberOf, type TrustedProxies } from './client-address.ts'
import { isPrivate } from './private-networks.ts'

/** How many connections one subscriber may have open; asked before anything is read from one. */
export type ConnectionGate = {
  /** Whether there is a place, which is given back when the connection closes. */
  admits(socket: Socket): boolean
}

/** A browser opens six; behind one address there may be a whole office of them. */
export const MOST_CONNECTIONS = 300

/**
 * A proxy that is believed brings the connections of many and counts for nobody; so may one that nobody told us of, and
 * therefore addresses of private networks are counted only where `proxies` says who stands between, as for streams.
 */
export function createConnectionGate({
  proxies,
  most = MOST_CONNECTIONS,
}: {
  proxies: TrustedProxies
  most?: number | undefined
}): ConnectionGate {
  const bySubscriber = new Map<string, number>()

  function leave(key: string) {
    const left = (bySubscriber.get(key) ?? 1) - 1
    if (left === 0) bySubscriber.delete(key)
    else bySubscriber.set(key, left)
  }

  return {
    admits(socket) {
      const address = plainAddress(socket.remoteAddress ?? '')
      if (proxies.has(address) || (proxies.isEmpty && isPrivate(address))) return true
      const key = subscriberOf(address)
      const present = bySubscriber.get(key) ?? 0
      if (present >= most) return false
      bySubscriber.set(key, present + 1)
      socket.once('close', () => leave(key))
      return true
    },
  }
}
