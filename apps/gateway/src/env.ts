import { isUuid } from '@homewatt/client'
import { brandOf, type Brand } from './brand.ts'
import { isLoopback } from './links.ts'

/** What the environment says, checked. */
export type Settings = {
  port: number
  dataDir: string
  /** PostgreSQL; `null` for SQLite in `dataDir`. A secret: it may hold a password. */
  databaseUrl: string | null
  publicUrl: URL
  partner: { url: URL; clientId: string; clientSecret: string; orgId: string }
  actionOrigins: string[]
  timeZone: string
  brand: Brand
  demo: boolean
  webBuild: string | null
  logLevel: string
}

/** The environment cannot be used; the message is one sentence that says what to do. */
export class BadEnvironment extends Error {
  override name = 'BadEnvironment'
}

type Env = Readonly<Record<string, string | undefined>>

const DEMO = {
  clientId: 'homewatt-demo',
  clientSecret: 'homewatt-demo-secret',
  orgId: '00000000-0000-4000-8000-00000000d0d0',
}
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/**
 * Reads the environment. Throws `BadEnvironment` at the first thing that cannot work.
 *
 * @param webBuild where the web app is built to, unless `WEB_BUILD` says otherwise
 */
export function readSettings(env: Env, webBuild: string): Settings {
  const port = portOf(env, 'PORT', 3000)
  const simulatorPort = portOf(env, 'SIMULATOR_PORT', 4010)
  const partnerUrl = urlOf(env, 'PARTNER_API_URL', `http://localhost:${simulatorPort}/api/partners/v2.0`)
  const mayBeDemo = isLoopback(partnerUrl)
  if (partnerUrl.protocol !== 'https:' && !mayBeDemo)
    throw new BadEnvironment(
      'PARTNER_API_URL must begin with https:// because the credential travels over it.',
    )
  const partner = {
    url: partnerUrl,
    clientId: needed(env, 'PARTNER_CLIENT_ID', mayBeDemo ? DEMO.clientId : null),
    clientSecret: needed(env, 'PARTNER_CLIENT_SECRET', mayBeDemo ? DEMO.clientSecret : null),
    orgId: needed(env, 'PARTNER_ORG_ID', mayBeDemo ? DEMO.orgId : null),
  }
  if (!isUuid(partner.orgId))
    throw new BadEnvironment('PARTNER_ORG_ID must be a UUID; your account manager has it.')
  const demo = mayBeDemo && partner.clientId === DEMO.clientId
  if (!demo) refuseWithoutSignIn(env)
  const publicUrl = urlOf(env, 'PUBLIC_URL', `http://localhost:${port}`)
  if (publicUrl.protocol !== 'https:' && !isLoopback(publicUrl))
    throw new BadEnvironment('PUBLIC_URL must begin with https:// unless it is this machine itself.')

  return {
    port,
    dataDir: env['DATA_DIR'] || './.data',
    databaseUrl: databaseUrlOf(env),
    publicUrl,
    partner,
    actionOrigins: originsOf(env),
    timeZone: timeZoneOf(env),
    brand: brandOf(env),
    demo,
    webBuild: env['WEB_BUILD'] || webBuild,
    logLevel: oneOf(env, 'LOG_LEVEL', LOG_LEVELS, 'info'),
  }
}

function refuseWithoutSignIn(env: Env): never {
  const missing = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'].filter((name) => !env[name])
  throw new BadEnvironment(
    missing.length > 0
      ? `With a real partner account people have to sign in: set ${missing.join(', ')} too, or leave out PARTNER_CLIENT_ID and PARTNER_API_URL to run against the simulator.`
      : 'This version of Homewatt cannot sign people in through OIDC_ISSUER yet; leave out PARTNER_CLIENT_ID and PARTNER_API_URL to run against the simulator.',
  )
}

function needed(env: Env, name: string, fallback: string | null): string {
  const value = env[name] || fallback
  if (value === null || value === '')
    throw new BadEnvironment(`${name} is missing: set it to the value of your partner account.`)
  return value
}

function portOf(env: Env, name: string, fallback: number): number {
  const text = env[name]
  if (!text) return fallback
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new BadEnvironment(`${name} must be a port number from 0 to 65535.`)
  return port
}

function urlOf(env: Env, name: string, fallback: string): URL {
  const text = env[name] || fallback
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw new BadEnvironment(`${name} must be a plain URL, for example ${fallback}.`)
  return url
}

function databaseUrlOf(env: Env): string | null {
  const text = env['DATABASE_URL']
  if (!text) return null
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    throw new BadEnvironment('DATABASE_URL must look like postgres://user:password@host:5432/database.')
  return text
}

/** Origins that actions may lead to, besides the partner's own. */
function originsOf(env: Env): string[] {
  const entries = (env['ACTION_ORIGINS'] ?? '').split(',').map((text) => text.trim())
  return entries.filter(Boolean).map((text) => {
    const url = URL.canParse(text) ? new URL(text) : null
    if (!url || url.protocol !== 'https:' || url.origin !== text.replace(/\/$/, ''))
      throw new BadEnvironment(
        'ACTION_ORIGINS must list origins such as https://connect.example.com, with commas between.',
      )
    return url.origin
  })
}

function timeZoneOf(env: Env): string {
  const timeZone = env['TIME_ZONE'] || 'Europe/Berlin'
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  } catch {
    throw new BadEnvironment('TIME_ZONE must be an IANA name, for example Europe/Berlin.')
  }
}

function oneOf(env: Env, name: string, values: string[], fallback: string): string {
  const value = env[name] || fallback
  if (!values.includes(value)) throw new BadEnvironment(`${name} must be one of ${values.join(', ')}.`)
  return value
}
