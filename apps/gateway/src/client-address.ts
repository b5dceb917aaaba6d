import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { familyOf } from './private-networks.ts'

/** Who may say for whom they ask. */
export type TrustedProxies = { has(address: string): boolean; readonly isEmpty: boolean }

/** @param ranges addresses and CIDR ranges; throws `TypeError` with the first that is neither */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const version = isIP(address)
    const most = version === 4 ? 32 : 128
    if (version === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)))
      throw new TypeError(range)
    list.addSubnet(address, bits === undefined ? most : Number(bits), familyOf(address))
  }
  return {
    has: (address) => isIP(address) !== 0 && list.check(address, familyOf(address)),
    isEmpty: ranges.length === 0,
  }
}

/**
 * Where a request comes from: the last address on its way that is no trusted proxy. What a browser itself wrote into
 * `X-Forwarded-For` stands before that and is not believed.
 */
export function clientAddress(request: IncomingMessage, proxies: TrustedProxies): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((text) => plainAddress(text.trim()))
    .filter((text) => isIP(text) !== 0)
  let address = plainAddress(request.socket.remoteAddress ?? '')
  while (proxies.has(address)) {
    const before = forwarded.pop()
    if (before === undefined) break
    address = before
  }
  return address
}

/** What one subscriber has: an IPv4 address, or the 64 bits that are theirs of an IPv6 address. */
export function subscriberOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const [first, last] = [head, tail].map((part) => part.split(':').filter(Boolean))
  const missing = 8 - (first?.length ?? 0) - (last?.length ?? 0)
  const groups = [...(first ?? []), ...Array<string>(Math.max(0, missing)).fill('0'), ...(last ?? [])]
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** IPv4 as it comes over a socket of both kinds. */
export const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '')
