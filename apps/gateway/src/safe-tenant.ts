import { BadEnvironment } from './bad-environment.ts'
import { isLoopback } from './links.ts'
import type { Tenant } from './tenants.ts'

/** What the simulator takes from anybody. It is written in every copy of the source, so it protects nothing. */
export const simulatorAccount = {
  clientId: 'homewatt-demo',
  clientSecret: 'homewatt-demo-secret',
  orgId: '00000000-0000-4000-8000-00000000d0d0',
}

/** How the operator calls the settings that are looked at. */
type Names = { publicUrl: string; partner: string; issuer: string; keysUrl: string }

/**
 * Refuses a tenant that would be open to people it is not meant for. Throws `BadEnvironment`; a tenant that only
 * this machine can reach may do as it likes.
 */
export function refuseUnsafe({ publicUrl, partner, signIn, embed }: Tenant, names: Names) {
  const isPublic = !isLoopback(publicUrl)
  const isSimulator =
    partner.clientId === simulatorAccount.clientId ||
    partner.clientSecret === simulatorAccount.clientSecret ||
    partner.orgId === simulatorAccount.orgId
  if (publicUrl.protocol !== 'https:' && isPublic)
    throw new BadEnvironment(`${names.publicUrl} must begin with https:// unless it is this machine itself.`)
  if (isSimulator && !isLoopback(partner.url))
    throw new BadEnvironment(
      `${names.partner} and its secret are the simulator's, which everybody knows: set those of your partner account.`,
    )
  if (isSimulator && isPublic)
    throw new BadEnvironment(
      `${names.publicUrl} is open to other people, and the simulator's account is known to everybody: connect your partner account, or leave ${names.publicUrl} out.`,
    )
  if (signIn === null && isPublic)
    throw new BadEnvironment(
      `${names.publicUrl} is open to other people: set ${names.issuer} so that they sign in.`,
    )
  refuseOpenUrl(signIn?.issuer, names.issuer, isPublic)
  refuseOpenUrl(embed?.keysUrl, names.keysUrl, isPublic)
}

/** Keys and tokens come from there. */
function refuseOpenUrl(url: URL | undefined, name: string, isPublic: boolean) {
  if (url && url.protocol !== 'https:' && (isPublic || !isLoopback(url)))
    throw new BadEnvironment(
      `${name} must begin with https:// because whoever answers there decides who people are.`,
    )
}
