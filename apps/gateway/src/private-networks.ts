import { BlockList, isIP } from 'node:net'

const networks = new BlockList()
for (const [network, bits] of [
  // "This network": on many systems an address in it is this machine.
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // Behind a provider's own translation of addresses.
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  networks.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  // `::` and `::1`.
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  networks.addSubnet(network, bits, 'ipv6')

/**
 * Whether an address is of this machine or of a private network: nobody's browser is there, but a proxy may be, and no
 * push service is. What is no address at all counts as one.
 */
export function isPrivate(address: string): boolean {
  return isIP(address) === 0 || networks.check(address, familyOf(address))
}

/** As `BlockList` calls it. */
export const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
