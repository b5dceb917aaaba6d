import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BadEnvironment } from './bad-environment.ts'
import { readSettings } from './env.ts'

const noFile = () => {
  throw new Error('ENOENT')
}
const read = (env: Record<string, string>) => readSettings(env, '/web', noFile)
const only = (env: Record<string, string>) => {
  const {
    tenants: [tenant, ...others],
    ...settings
  } = read(env)
  if (!tenant || others.length > 0) throw new Error('The environment describes one tenant.')
  return { ...settings, ...tenant }
}
const signIn = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }
const real = {
  PARTNER_API_URL: 'https://app.podero.com/api/partners/v2.0',
  PARTNER_CLIENT_ID: 'id',
  PARTNER_CLIENT_SECRET: 'secret',
  PARTNER_ORG_ID: '11111111-1111-4111-8111-111111111111',
}

test('with nothing set it runs against the simulator on this machine', () => {
  const settings = only({})
  expect(settings).toMatchObject({ port: 3000, demo: true, timeZone: 'Europe/Berlin', dataDir: './.data' })
  expect(settings.publicUrl.href).toBe('http://localhost:3000/')
  expect(settings.partner.url.href).toBe('http://localhost:4010/api/partners/v2.0')
})

test('an empty value is no value', () => {
  expect(only({ PORT: '', DATA_DIR: '', PARTNER_API_URL: '' })).toMatchObject({ port: 3000, demo: true })
})

test.each<[string, Record<string, string>, RegExp]>([
  ['a port that is none', { PORT: 'http' }, /PORT must be a port number/],
  ['a port too high', { PORT: '70000' }, /PORT must be a port number/],
  ['a partner URL that is none', { PARTNER_API_URL: 'podero' }, /PARTNER_API_URL must be a plain URL/],
  [
    'a partner without TLS',
    { ...real, PARTNER_API_URL: 'http://app.podero.com/api' },
    /PARTNER_API_URL must begin with https/,
  ],
  [
    'a secret in a URL',
    { PARTNER_API_URL: 'https://a:b@app.podero.com/' },
    /PARTNER_API_URL must be a plain URL/,
  ],
  [
    'a budget that is none',
    { PARTNER_RATE_PER_S: 'much' },
    /PARTNER_RATE_PER_S must be a number from 0.1 to/,
  ],
  [
    'half a try',
    { PARTNER_READ_ATTEMPTS: '1.5' },
    /PARTNER_READ_ATTEMPTS must be a whole number from 1 to 10/,
  ],
  ['no client id', { ...real, PARTNER_CLIENT_ID: '' }, /PARTNER_CLIENT_ID is missing/],
  ['no secret', { ...real, PARTNER_CLIENT_SECRET: '' }, /PARTNER_CLIENT_SECRET is missing/],
  ['no organisation', { ...real, PARTNER_ORG_ID: '' }, /PARTNER_ORG_ID is missing/],
  ['an organisation that is no UUID', { ...real, PARTNER_ORG_ID: 'acme' }, /PARTNER_ORG_ID must be a UUID/],
  ['a partner account without sign-in', real, /set OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET too/],
  [
    'a partner account with half a sign-in',
    { ...real, OIDC_ISSUER: 'https://id.example' },
    /set OIDC_CLIENT_ID, OIDC_CLIENT_SECRET too/,
  ],
  [
    'half a sign-in with the simulator',
    { OIDC_ISSUER: 'https://id.example' },
    /set OIDC_CLIENT_ID, OIDC_CLIENT_SECRET too/,
  ],
  [
    'an issuer without TLS',
    { ...real, ...signIn, OIDC_ISSUER: 'http://id.example' },
    /OIDC_ISSUER must begin with https/,
  ],
  [
    'an issuer on this machine for people elsewhere',
    { ...real, ...signIn, OIDC_ISSUER: 'http://localhost:9000', PUBLIC_URL: 'https://energy.example' },
    /OIDC_ISSUER must begin with https/,
  ],
  [
    "the simulator's credentials at a real Partner API",
    { ...real, ...signIn, PARTNER_CLIENT_ID: 'homewatt-demo' },
    /PARTNER_CLIENT_ID and its secret are the simulator's/,
  ],
  [
    "the simulator's secret at a real Partner API",
    { ...real, ...signIn, PARTNER_CLIENT_SECRET: 'homewatt-demo-secret' },
    /PARTNER_CLIENT_ID and its secret are the simulator's/,
  ],
  ['the demo for people elsewhere', { PUBLIC_URL: 'https://energy.example' }, /PUBLIC_URL is open to other/],
  [
    'the simulator for people elsewhere, signed in or not',
    { ...signIn, PUBLIC_URL: 'https://energy.example' },
    /PUBLIC_URL is open to other people/,
  ],
  ['a scope without openid', { ...real, ...signIn, OIDC_SCOPE: 'email' }, /OIDC_SCOPE must name openid/],
  [
    'a claim that holds something else',
    { ...real, ...signIn, OIDC_USER_CLAIM_HOLDS: 'email' },
    /OIDC_USER_CLAIM_HOLDS must be one of/,
  ],
  ['half an embedding', { ...real, ...signIn, EMBED_ISSUER: 'x' }, /EMBED_ISSUER and EMBED_KEYS_URL belong/],
  [
    'keys without TLS',
    { ...real, ...signIn, EMBED_ISSUER: 'x', EMBED_KEYS_URL: 'http://portal.example/keys' },
    /EMBED_KEYS_URL must begin with https/,
  ],
  [
    'a public URL with a path',
    { PUBLIC_URL: 'http://localhost:3000/home' },
    /PUBLIC_URL must not have a path/,
  ],
  ['half a month of history', { HISTORY_MONTHS: '0.5' }, /HISTORY_MONTHS must be a whole number from 1 to/],
  ['more rounds than a day has', { HISTORY_EVERY_MINUTES: '1441' }, /HISTORY_EVERY_MINUTES must be a number/],
  ['a round that is none', { HISTORY_EVERY_MINUTES: '-1' }, /HISTORY_EVERY_MINUTES must be a number from 0/],
  ['a session without an end', { SESSION_DAYS: '10001' }, /SESSION_DAYS must be a number above 0, 10000/],
  ['no time to drain that is a number', { DRAIN_S: '5s' }, /DRAIN_S must be a number of seconds from 0/],
  ['a session of no length', { SESSION_IDLE_HOURS: '0' }, /SESSION_IDLE_HOURS must be a number above 0/],
  [
    'a bus that is none',
    { VALKEY_URL: 'http://x', DATABASE_URL: 'postgres://x/y' },
    /VALKEY_URL must look like redis/,
  ],
  ['a bus without a shared store', { VALKEY_URL: 'redis://x:6379/0' }, /set DATABASE_URL too/],
  [
    'a proxy that is no address',
    { TRUSTED_PROXIES: '10.0.0.0/8, proxy.internal' },
    /TRUSTED_PROXIES must list addresses/,
  ],
  [
    'a range that is too wide to be one',
    { TRUSTED_PROXIES: '10.0.0.0/33' },
    /TRUSTED_PROXIES must list addresses/,
  ],
  [
    'as many connections as one likes',
    { CONNECTIONS_PER_SUBSCRIBER: 'many' },
    /CONNECTIONS_PER_SUBSCRIBER must be a whole number/,
  ],
  ['a database that is none', { DATABASE_URL: 'mysql://x' }, /DATABASE_URL must look like postgres/],
  ['a file of tenants that is not there', { TENANTS_FILE: '/nowhere' }, /TENANTS_FILE cannot be read/],
  ['another client id on this machine', { PARTNER_CLIENT_ID: 'mine' }, /people have to sign in/],
  ['a public URL without TLS', { PUBLIC_URL: 'http://energy.example' }, /PUBLIC_URL must begin with https/],
  ['a time zone that does not exist', { TIME_ZONE: 'Europe/Konstanz' }, /TIME_ZONE must be an IANA name/],
  ['a log level that does not exist', { LOG_LEVEL: 'loud' }, /LOG_LEVEL must be one of/],
  [
    'an action origin with a path',
    { ACTION_ORIGINS: 'https://a.example/x' },
    /ACTION_ORIGINS must list origins/,
  ],
  [
    'a capability that there is none of',
    { CAPABILITIES_OFF: 'boost,heating' },
    /CAPABILITIES_OFF must list some of boost, readyBy, /,
  ],
  ['a script for help', { SUPPORT_URL: 'javascript:alert(1)' }, /SUPPORT_URL must be an address with https/],
  ['help in the open', { SUPPORT_URL: 'http://help.example/' }, /SUPPORT_URL must be an address with https/],
  ['help with a password', { SUPPORT_URL: 'https://a:b@x.example' }, /SUPPORT_URL must be an address with/],
  ['help at no address', { SUPPORT_EMAIL: 'a@b?bcc=c@d' }, /SUPPORT_EMAIL must be an e-mail address/],
  ['any page around ours', { FRAME_ANCESTORS: 'https://*' }, /FRAME_ANCESTORS must list origins/],
  ['a page without TLS around ours', { FRAME_ANCESTORS: 'http://a.example' }, /FRAME_ANCESTORS must list/],
  [
    'a policy for an origin',
    { FRAME_ANCESTORS: 'https://a.example;script-src' },
    /FRAME_ANCESTORS must list/,
  ],
])('%s is refused in one sentence that says what to do', (_, env, sentence) => {
  const refuse = () => read(env)
  expect(refuse).toThrow(BadEnvironment)
  expect(refuse).toThrow(sentence)
  expect(refuse).not.toThrow(/\n|secret'|"b"/)
})

test('how the partner is asked is as usual, but for what is said', () => {
  expect(only({}).partner.policy).toEqual({})
  expect(
    only({ PARTNER_RATE_PER_S: '20', PARTNER_BURST: '40', PARTNER_RETRY_SHARE: '0' }).partner.policy,
  ).toEqual({ ratePerS: 20, burst: 40, retryShare: 0 })
})

test('every setting is explained to those who run it', () => {
  const asked = new Set<string>()
  const watched = (env: Record<string, string>) =>
    new Proxy(env, {
      get(target, name) {
        asked.add(String(name))
        return target[String(name)]
      },
    })
  const embed = { EMBED_ISSUER: 'x', EMBED_KEYS_URL: 'https://portal.example/keys' }
  for (const env of [
    {},
    { ...real, ...signIn, ...embed, PUBLIC_URL: 'https://a.example', METRICS_PORT: '1' },
  ])
    readSettings(watched(env), '/web', noFile)
  const docs = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')
  expect(asked.size).toBeGreaterThan(50)
  expect([...asked].filter((name) => !new RegExp(`(?<![A-Z_])${name}(?![A-Z_])`).test(docs))).toEqual([])
})

test('what is the usual may be said, too', () => {
  const usual = { DRAIN_S: '0', HISTORY_MONTHS: '25', HISTORY_EVERY_MINUTES: '15', SESSION_DAYS: '7' }
  const { drainS, history, sessionLife } = only({})
  expect(only(usual)).toMatchObject({ drainS, history, sessionLife })
  expect(only({ HISTORY_EVERY_MINUTES: '0' }).history.roundMs).toBeNull()
  expect(only({ DRAIN_S: '1.5' }).drainS).toBe(1.5)
})

test('what is switched off is listed, with commas between', () => {
  expect(only({}).switchedOff).toEqual([])
  expect(only({ CAPABILITIES_OFF: 'boost, weeklyPlan,' }).switchedOff).toEqual(['boost', 'weeklyPlan'])
})

test('a real account with sign-in is open to people elsewhere, and has no demo', () => {
  const settings = only({ ...real, ...signIn, PUBLIC_URL: 'https://energy.example' })
  expect(settings).toMatchObject({
    demo: false,
    signIn: {
      userClaim: { name: 'sub', holds: 'external_user_id' },
      scope: 'openid email',
      createUsers: false,
    },
    sessionLife: { idleMs: 12 * 3_600_000, absoluteMs: 7 * 24 * 3_600_000 },
    embed: null,
  })
})

test('help is where the partner says it is', () => {
  const help = {
    SUPPORT_EMAIL: 'help@energy.example',
    SUPPORT_URL: 'https://energy.example/help?from=app#top',
  }
  expect(only(help).brand.support).toEqual({
    name: 'Homewatt',
    email: 'help@energy.example',
    url: 'https://energy.example/help?from=app#top',
  })
})

test('nobody frames the pages but who is named', () => {
  expect(only({}).frameAncestors).toEqual([])
  const named = only({ FRAME_ANCESTORS: 'https://portal.example, https://app.example:8443/' })
  expect(named.frameAncestors).toEqual(['https://portal.example', 'https://app.example:8443'])
})

test('the simulator may be tried with a sign-in of its own, on this machine', () => {
  const settings = only({ ...signIn, OIDC_ISSUER: 'http://localhost:9000', OIDC_USER_CLAIM: 'customer' })
  expect(settings).toMatchObject({ demo: false, signIn: { userClaim: { name: 'customer' } } })
})
