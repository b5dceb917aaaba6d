import type { Session } from '@homewatt/contract'

/** Under whose name Homewatt appears, and whom its users may ask for help. */
export type Brand = Pick<Session, 'brand' | 'support'>

export function brandOf(env: Readonly<Record<string, string | undefined>>): Brand {
  const name = env['BRAND_NAME'] || 'Homewatt'
  return {
    brand: { name },
    support: {
      name: env['SUPPORT_NAME'] || name,
      email: env['SUPPORT_EMAIL'] || null,
      url: env['SUPPORT_URL'] || null,
    },
  }
}
