import { Capability, PriceZone } from '@homewatt/contract'
import * as v from 'valibot'
import { BadEnvironment } from './bad-environment.ts'
import { brandOf, supportEmail, supportUrl } from './brand.ts'
import { switchedOffIn } from './capabilities.ts'
import type { Env } from './env.ts'
import { isLoopback } from './links.ts'
import { policyIn, PolicyEntry } from './partner-policy.ts'
import { refuseUnsafe } from './safe-tenant.ts'
import {
  historyMinutes,
  historyMonths,
  httpsOrigin,
  plainUrl,
  publicUrl,
  scope,
  sessionLength,
  someText,
  timeZone,
} from './tenant-values.ts'
import { historyPolicyOf, sessionLifeOf, type Tenant } from './tenants.ts'

/**
 * The tenants of a file: `{"tenants": [{"id", "url", "partner", "sign_in", …}]}`. A secret may stand in the file, or
 * be named there and stand in the environment: `{"env": "ACME_SECRET"}`. Throws `BadEnvironment`.
 *
 * @param readText contents of a file; throws when there is none
 */
export function readTenants(env: Env, path: string, readText: (path: string) => string): Tenant[] {
  const { tenants } = parsed(jsonOf(path, readText))
  const read = tenants.map((tenant, n) => tenantOf(tenant, `tenants[${n}]`, env))
  refuseDouble(
    read.map(({ id }) => id),
    'id',
  )
  refuseDouble(
    read.map(({ publicUrl }) => publicUrl.host),
    'url',
  )
  return read
}

const secret = v.union([someText, v.strictObject({ env: someText })], 'must be a text, or {"env": "NAME"}')
const holds = v.optional(v.picklist(['user_id', 'external_user_id']), 'external_user_id')
const claim = { user_claim: v.optional(someText, 'sub'), user_claim_holds: holds }

const capabilities = v.entriesFromList(
  Capability.options,
  v.optional(v.boolean('must be true or false'), true),
)

const TenantEntry = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be of a-z, 0-9 and -')),
  url: publicUrl,
  partner: v.strictObject({
    url: plainUrl,
    client_id: someText,
    client_secret: secret,
    org_id: v.pipe(v.string(), v.uuid('must be a UUID')),
    policy: v.optional(PolicyEntry, {}),
  }),
  sign_in: v.strictObject({
    issuer: plainUrl,
    client_id: someText,
    client_secret: secret,
    scope: v.optional(scope, 'openid email'),
    ...claim,
    create_users: v.optional(v.boolean(), false),
  }),
  embed: v.optional(v.strictObject({ issuer: someText, keys_url: plainUrl, ...claim })),
  brand: v.optional(
    v.strictObject({
      name: v.optional(someText),
      support_name: v.optional(someText),
      support_email: v.optional(supportEmail),
      support_url: v.optional(supportUrl),
    }),
    {},
  ),
  session: v.optional(
    v.strictObject({
      idle_hours: v.optional(sessionLength),
      absolute_days: v.optional(sessionLength),
    }),
    {},
  ),
  history: v.optional(
    v.strictObject({
      months: v.optional(historyMonths),
      every_minutes: v.optional(historyMinutes),
    }),
    {},
  ),
  capabilities: v.optional(v.strictObject(capabilities), {}),
  action_origins: v.optional(v.array(httpsOrigin), []),
  frame_ancestors: v.optional(v.array(httpsOrigin), []),
  time_zone: v.optional(timeZone, 'Europe/Berlin'),
  price_zone: v.optional(PriceZone, 'DE_LU'),
})
const TenantsFile = v.strictObject({
  tenants: v.pipe(v.array(TenantEntry), v.minLength(1, 'must not be empty')),
})

function tenantOf(entry: v.InferOutput<typeof TenantEntry>, at: string, env: Env): Tenant {
  const { partner, sign_in, embed, brand, session, history } = entry
  const secretOf = (value: v.InferOutput<typeof secret>, name: string) => {
    const found = typeof value === 'string' ? value : env[value.env]
    if (!found)
      throw new BadEnvironment(
        `TENANTS_FILE: ${at}.${name} names the variable ${typeof value === 'string' ? '' : value.env}, which is not set.`,
      )
    return found
  }
  const partnerUrl = new URL(partner.url)
  if (partnerUrl.protocol !== 'https:' && !isLoopback(partnerUrl))
    throw new BadEnvironment(
      `TENANTS_FILE: ${at}.partner.url must begin with https:// because the credential travels over it.`,
    )
  const tenant: Tenant = {
    id: entry.id,
    publicUrl: new URL(entry.url),
    partner: {
      url: partnerUrl,
      clientId: partner.client_id,
      clientSecret: secretOf(partner.client_secret, 'partner.client_secret'),
      orgId: partner.org_id,
      policy: policyIn(partner.policy),
    },
    signIn: {
      issuer: new URL(sign_in.issuer),
      clientId: sign_in.client_id,
      clientSecret: secretOf(sign_in.client_secret, 'sign_in.client_secret'),
      scope: sign_in.scope,
      userClaim: { name: sign_in.user_claim, holds: sign_in.user_claim_holds },
      createUsers: sign_in.create_users,
    },
    embed: embed
      ? {
          issuer: embed.issuer,
          keysUrl: new URL(embed.keys_url),
          userClaim: { name: embed.user_claim, holds: embed.user_claim_holds },
        }
      : null,
    brand: brandOf({
      BRAND_NAME: brand.name,
      SUPPORT_NAME: brand.support_name,
      SUPPORT_EMAIL: brand.support_email,
      SUPPORT_URL: brand.support_url,
    }),
    sessionLife: sessionLifeOf({
      idleHours: session.idle_hours ?? null,
      absoluteDays: session.absolute_days ?? null,
    }),
    history: historyPolicyOf({
      keptMonths: history.months ?? null,
      roundMinutes: history.every_minutes ?? null,
    }),
    switchedOff: switchedOffIn(entry.capabilities),
    actionOrigins: entry.action_origins,
    frameAncestors: entry.frame_ancestors,
    timeZone: entry.time_zone,
    priceZone: entry.price_zone,
    demo: false,
  }
  refuseUnsafe(tenant, {
    publicUrl: `TENANTS_FILE: ${at}.url`,
    partner: `TENANTS_FILE: ${at}.partner.client_id`,
    issuer: `TENANTS_FILE: ${at}.sign_in.issuer`,
    keysUrl: `TENANTS_FILE: ${at}.embed.keys_url`,
  })
  return tenant
}

function jsonOf(path: string, readText: (path: string) => string): unknown {
  let contents
  try {
    contents = readText(path)
  } catch {
    throw new BadEnvironment('TENANTS_FILE cannot be read: set it to the path of a file that can.')
  }
  try {
    return JSON.parse(contents) as unknown
  } catch {
    throw new BadEnvironment('TENANTS_FILE is not JSON: look for a missing comma, quote or bracket.')
  }
}

function parsed(json: unknown): v.InferOutput<typeof TenantsFile> {
  const read = v.safeParse(TenantsFile, json, { abortEarly: true })
  if (read.success) return read.output
  const [issue] = read.issues
  const path = v.getDotPath(issue)?.replace(/\.(\d+)/g, '[$1]') ?? 'the file'
  // Valibot's own messages quote what they were given, and that may be a secret.
  const isOurs = issue.message.startsWith('must ')
  const what = isOurs
    ? issue.message
    : issue.expected === 'never'
      ? 'is not a setting'
      : issue.received === 'undefined'
        ? 'is missing'
        : 'has a value that cannot be used'
  throw new BadEnvironment(`TENANTS_FILE: ${path} ${what}.`)
}

function refuseDouble(values: string[], name: string) {
  const twice = values.find((value, n) => values.indexOf(value) !== n)
  if (twice !== undefined) throw new BadEnvironment(`TENANTS_FILE: two tenants have the ${name} ${twice}.`)
}
