import { BadEnvironment } from './bad-environment.ts'
import { areVapidKeys, type VapidKeys } from './web-push.ts'

/** How messages leave the house, as the environment says. */
export type OutletSettings = {
  /** `null`: no mail can be sent. `url` is a secret: it may hold a password. */
  mail: { url: string; from: string } | null
  /** `null`: each tenant gets keys of its own. */
  vapid: VapidKeys | null
}

type Env = Readonly<Record<string, string | undefined>>

/** Throws `BadEnvironment` at the first thing that cannot work. */
export function readOutlets(env: Env): OutletSettings {
  return { mail: mailOf(env), vapid: vapidOf(env) }
}

function mailOf(env: Env): OutletSettings['mail'] {
  const { SMTP_URL: url, SMTP_FROM: from } = env
  if (!url && !from) return null
  if (!url || !from) throw new BadEnvironment('SMTP_URL and SMTP_FROM belong together: set both, or neither.')
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol) || new URL(url).hostname === '')
    throw new BadEnvironment('SMTP_URL must look like smtp://user:password@host:587 or smtps://….')
  if (!/^(?:[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/.test(from))
    throw new BadEnvironment('SMTP_FROM must be an address, for example Homewatt <home@example.com>.')
  return { url, from }
}

function vapidOf(env: Env): VapidKeys | null {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = env
  if (!publicKey && !privateKey) return null
  if (!publicKey || !privateKey || !areVapidKeys({ publicKey, privateKey }))
    throw new BadEnvironment(
      'VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY must be a pair of P-256 keys in base64url; leave both out to have one made.',
    )
  return { publicKey, privateKey }
}
