import type { Session } from '@homewatt/contract'
import * as v from 'valibot'
import { checked } from './checked.ts'

/** Under whose name Homewatt appears, and whom its users may ask for help. */
export type Brand = Pick<Session, 'brand' | 'support'>

export function brandOf(env: Readonly<Record<string, string | undefined>>): Brand {
  const name = env['BRAND_NAME'] || 'Homewatt'
  return {
    brand: { name },
    support: {
      name: env['SUPPORT_NAME'] || name,
      email: saidIn(env, 'SUPPORT_EMAIL', supportEmail),
      url: saidIn(env, 'SUPPORT_URL', supportUrl),
    },
  }
}

export const supportEmail = v.pipe(v.string(), v.email('must be an e-mail address'))
/** It becomes a link on every page. */
export const supportUrl = v.pipe(v.string(), v.check(isWebAddress, 'must be an address with https://'))

function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url?.protocol === 'https:' && !url.username && !url.password
}

function saidIn(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  schema: v.GenericSchema<string>,
): string | null {
  return env[name] ? checked(name, schema, env[name]) : null
}
