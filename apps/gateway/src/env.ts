import { isUuid } from '@homewatt/client'
import { Capability, PriceZone } from '@homewatt/contract'
import * as v from 'valibot'
import { BadEnvironment } from './bad-environment.ts'
import { brandOf } from './brand.ts'
import { checked } from './checked.ts'
import { trustedProxies, type TrustedProxies } from './client-address.ts'
import { isHttpsOrigin, isLoopback } from './links.ts'
import { readOutlets, type OutletSettings } from './outlets.ts'
import { policyOfEnv } from './partner-policy.ts'
import { refuseUnsafe, simulatorAccount } from './safe-tenant.ts'
import { readTenants } from './tenants-file.ts'
import * as tenantValues from './tenant-values.ts'
import {
  historyPolicyOf,
  sessionLifeOf,
  type EmbedSettings,
  type SignInSettings,
  type Tenant,
  type UserClaim,
} from './tenants.ts'

/** What the environment says, checked. */
export type Settings = {
  port: number
  /** Which address to listen on; `undefined` for all. */
  host: string | undefined
  dataDir: string
  /** PostgreSQL; `null` for SQLite in `dataDir`. A secret: it may hold a password. */
  databaseUrl: string | null
  /** Valkey or Redis, through which several gateways hear each other; `null` for one alone. A secret likewise. */
  valkeyUrl: string | null
  /** Who may say for whom they ask. */
  proxies: TrustedProxies
  /** How many connections one subscriber may have open; `undefined` for as many as usual. */
  connectionsPerSubscriber: number | undefined
  webBuild: string | null
  logLevel: string
  /** How long a gateway that was told to stop still takes requests, s, so that a balancer notices. */
  drainS: number
  /** Where metrics and readiness are told; `null`: nowhere. */
  operating: { port: number; host: string } | null
  outlets: OutletSettings
  /** At least one. */
  tenants: Tenant[]
}

export type Env = Readonly<Record<string, string | undefined>>

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
const SIGN_IN = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']

/**
 * Reads the environment. Throws `BadEnvironment` at the first thing that cannot work.
 *
 * @param webBuild where the web app is built to, unless `WEB_BUILD` says otherwise
 * @param readText contents of a file; throws when there is none
 */
export function readSettings(env: Env, webBuild: string, readText: (path: string) => string): Settings {
  const port = portOf(env, 'PORT', 3000)
  return {
    port,
    host: env['HOST'] || undefined,
    dataDir: env['DATA_DIR'] || './.data',
    databaseUrl: databaseUrlOf(env),
    valkeyUrl: valkeyUrlOf(env),
    proxies: proxiesOf(env),
    connectionsPerSubscriber: numberOf(env, 'CONNECTIONS_PER_SUBSCRIBER', connections) ?? undefined,
    webBuild: env['WEB_BUILD'] || webBuild,
    logLevel: oneOf(env, 'LOG_LEVEL', LOG_LEVELS, 'info'),
    drainS: numberOf(env, 'DRAIN_S', drainSeconds) ?? 0,
    operating: env['METRICS_PORT']
      ? { port: portOf(env, 'METRICS_PORT', 0), host: env['METRICS_HOST'] || '127.0.0.1' }
      : null,
    outlets: readOutlets(env),
    tenants: env['TENANTS_FILE'] ? readTenants(env, env['TENANTS_FILE'], readText) : [tenantOf(env, port)],
  }
}

/** The one tenant that the environment itself describes. */
function tenantOf(env: Env, port: number): Tenant {
  const simulatorPort = portOf(env, 'SIMULATOR_PORT', 4010)
  const partnerUrl = urlOf(env, 'PARTNER_API_URL', `http://localhost:${simulatorPort}/api/partners/v2.0`)
  const mayBeDemo = isLoopback(partnerUrl)
  if (partnerUrl.protocol !== 'https:' && !mayBeDemo)
    throw new BadEnvironment(
      'PARTNER_API_URL must begin with https:// because the credential travels over it.',
    )
  const partner = {
    url: partnerUrl,
    clientId: needed(env, 'PARTNER_CLIENT_ID', mayBeDemo ? simulatorAccount.clientId : null),
    clientSecret: needed(env, 'PARTNER_CLIENT_SECRET', mayBeDemo ? simulatorAccount.clientSecret : null),
    orgId: needed(env, 'PARTNER_ORG_ID', mayBeDemo ? simulatorAccount.orgId : null),
    policy: policyOfEnv(env),
  }
  if (!isUuid(partner.orgId))
    throw new BadEnvironment('PARTNER_ORG_ID must be a UUID; your account manager has it.')
  const isSimulator = mayBeDemo && partner.clientId === simulatorAccount.clientId
  const signIn = signInOf(env, isSimulator)
  const publicUrl = urlOf(env, 'PUBLIC_URL', `http://localhost:${port}`, tenantValues.publicUrl)
  const tenant: Tenant = {
    id: 'default',
    publicUrl,
    partner,
    switchedOff: switchedOffOf(env),
    actionOrigins: originsOf(env, 'ACTION_ORIGINS'),
    frameAncestors: originsOf(env, 'FRAME_ANCESTORS'),
    timeZone: timeZoneOf(env),
    priceZone: oneOf(env, 'PRICE_ZONE', PriceZone.options, 'DE_LU') as PriceZone,
    brand: brandOf(env),
    demo: signIn === null,
    signIn,
    embed: embedOf(env),
    sessionLife: sessionLifeOf({
      idleHours: numberOf(env, 'SESSION_IDLE_HOURS', tenantValues.sessionLength),
      absoluteDays: numberOf(env, 'SESSION_DAYS', tenantValues.sessionLength),
    }),
    history: historyPolicyOf({
      keptMonths: numberOf(env, 'HISTORY_MONTHS', tenantValues.historyMonths),
      roundMinutes: numberOf(env, 'HISTORY_EVERY_MINUTES', tenantValues.historyMinutes),
    }),
  }
  refuseUnsafe(tenant, {
    publicUrl: 'PUBLIC_URL',
    partner: 'PARTNER_CLIENT_ID',
    issuer: 'OIDC_ISSUER',
    keysUrl: 'EMBED_KEYS_URL',
  })
  return tenant
}

/** `null` only against the simulator, where nobody has to sign in. */
function signInOf(env: Env, isSimulator: boolean): SignInSettings | null {
  const missing = SIGN_IN.filter((name) => !env[name])
  if (missing.length === SIGN_IN.length && isSimulator) return null
  if (missing.length > 0)
    throw new BadEnvironment(
      isSimulator
        ? `To sign people in, set ${missing.join(', ')} too.`
        : `With a real partner account people have to sign in: set ${missing.join(', ')} too, or leave out PARTNER_CLIENT_ID and PARTNER_API_URL to run against the simulator.`,
    )
  return {
    issuer: urlOf(env, 'OIDC_ISSUER', 'https://id.example.com'),
    clientId: env['OIDC_CLIENT_ID'] ?? '',
    clientSecret: env['OIDC_CLIENT_SECRET'] ?? '',
    scope: scopeOf(env),
    userClaim: claimOf(env, 'OIDC_USER_CLAIM'),
    createUsers: oneOf(env, 'OIDC_CREATE_USERS', ['yes', 'no'], 'no') === 'yes',
  }
}

function embedOf(env: Env): EmbedSettings | null {
  const issuer = env['EMBED_ISSUER']
  if (!issuer && !env['EMBED_KEYS_URL']) return null
  if (!issuer || !env['EMBED_KEYS_URL'])
    throw new BadEnvironment('EMBED_ISSUER and EMBED_KEYS_URL belong together: set both, or neither.')
  return {
    issuer,
    keysUrl: urlOf(env, 'EMBED_KEYS_URL', 'https://portal.example.com/keys.json'),
    userClaim: claimOf(env, 'EMBED_USER_CLAIM'),
  }
}

function scopeOf(env: Env): string {
  return checked('OIDC_SCOPE', tenantValues.scope, env['OIDC_SCOPE'] || 'openid email')
}

function claimOf(env: Env, name: string): UserClaim {
  const holds = `${name}_HOLDS`
  return {
    name: env[name] || 'sub',
    holds:
      oneOf(env, holds, ['external_user_id', 'user_id'], 'external_user_id') === 'user_id'
        ? 'user_id'
        : 'external_user_id',
  }
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

const connections = v.message(
  v.pipe(v.number(), v.integer(), v.minValue(6)),
  'must be a whole number from 6 on, for a browser opens as many',
)

const drainSeconds = v.message(
  v.pipe(v.number(), v.minValue(0), v.maxValue(3_600)),
  'must be a number of seconds from 0 to 3600',
)

function numberOf(env: Env, name: string, schema: v.GenericSchema<number>): number | null {
  const text = env[name]
  if (!text) return null
  return checked(name, schema, /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN)
}

function urlOf(
  env: Env,
  name: string,
  fallback: string,
  schema: v.GenericSchema<string> = tenantValues.plainUrl,
): URL {
  return new URL(checked(name, schema, env[name] || fallback, `, for example ${fallback}`))
}

function databaseUrlOf(env: Env): string | null {
  const text = env['DATABASE_URL']
  if (!text) return null
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    throw new BadEnvironment('DATABASE_URL must look like postgres://user:password@host:5432/database.')
  return text
}

function valkeyUrlOf(env: Env): string | null {
  const text = env['VALKEY_URL']
  if (!text) return null
  if (!URL.canParse(text) || !/^rediss?:\/\/[^/]+(\/\d*)?$/.test(text))
    throw new BadEnvironment(
      'VALKEY_URL must look like redis://user:password@host:6379/0, or rediss:// for TLS.',
    )
  if (!env['DATABASE_URL'])
    throw new BadEnvironment(
      'VALKEY_URL is for several gateways, which need one store: set DATABASE_URL too, or leave VALKEY_URL out.',
    )
  return text
}

function proxiesOf(env: Env): TrustedProxies {
  const ranges = (env['TRUSTED_PROXIES'] ?? '').split(',').map((text) => text.trim())
  try {
    return trustedProxies(ranges.filter(Boolean))
  } catch {
    throw new BadEnvironment(
      'TRUSTED_PROXIES must list addresses or ranges such as 10.0.0.0/8, with commas between.',
    )
  }
}

/** Origins with commas between. */
function originsOf(env: Env, name: string): string[] {
  const entries = (env[name] ?? '').split(',').map((text) => text.trim())
  return entries.filter(Boolean).map((text) => {
    const origin = text.replace(/\/$/, '')
    if (!isHttpsOrigin(origin))
      throw new BadEnvironment(
        `${name} must list origins such as https://connect.example.com, with commas between.`,
      )
    return origin
  })
}

/** Names of capabilities with commas between. */
function switchedOffOf(env: Env): Capability[] {
  const names = (env['CAPABILITIES_OFF'] ?? '').split(',').map((text) => text.trim())
  return names.filter(Boolean).map((text) => {
    const name = Capability.options.find((one) => one === text)
    if (!name)
      throw new BadEnvironment(
        `CAPABILITIES_OFF must list some of ${Capability.options.join(', ')}, with commas between.`,
      )
    return name
  })
}

function timeZoneOf(env: Env): string {
  return checked('TIME_ZONE', tenantValues.timeZone, env['TIME_ZONE'] || 'Europe/Berlin')
}

function oneOf(env: Env, name: string, values: readonly string[], fallback: string): string {
  const value = env[name] || fallback
  if (!values.includes(value)) throw new BadEnvironment(`${name} must be one of ${values.join(', ')}.`)
  return value
}
