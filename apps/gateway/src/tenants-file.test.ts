import { expect, test } from 'vitest'
import { BadEnvironment } from './bad-environment.ts'
import { readTenants } from './tenants-file.ts'

const entry = {
  id: 'north',
  url: 'https://energy.north.example',
  partner: {
    url: 'https://app.podero.com/api/partners/v2.0',
    client_id: 'north',
    client_secret: 'canary-partner',
    org_id: '11111111-1111-4111-8111-111111111111',
  },
  sign_in: {
    issuer: 'https://id.north.example',
    client_id: 'homewatt',
    client_secret: { env: 'NORTH_SECRET' },
  },
}

const read = (tenants: unknown[], env: Record<string, string> = { NORTH_SECRET: 'canary-issuer' }) =>
  readTenants(env, '/tenants.json', () => JSON.stringify({ tenants }))

test('a file describes tenants, with secrets in it or in the environment', () => {
  const south = { ...entry, id: 'south', url: 'https://energy.south.example', session: { idle_hours: 1 } }
  const [north, other] = read([entry, south])
  expect(north).toMatchObject({
    id: 'north',
    partner: { clientSecret: 'canary-partner' },
    signIn: { clientSecret: 'canary-issuer', userClaim: { name: 'sub', holds: 'external_user_id' } },
    sessionLife: { idleMs: 12 * 3_600_000 },
    demo: false,
    embed: null,
  })
  expect(other?.sessionLife).toEqual({ idleMs: 3_600_000, absoluteMs: 7 * 24 * 3_600_000 })
})

test('a tenant switches off what it names, and nothing else', () => {
  const south = { ...entry, id: 'south', url: 'https://energy.south.example' }
  const tenants = read([{ ...entry, capabilities: { away: false, boost: false, history: true } }, south])
  expect(tenants.map(({ switchedOff }) => switchedOff)).toEqual([['boost', 'away'], []])
})

test('each tenant has its own way of asking its partner', () => {
  const south = { ...entry, id: 'south', url: 'https://energy.south.example' }
  const partner = { ...entry.partner, policy: { rate_per_s: 20, exchange_ms: 6_000 } }
  const tenants = read([{ ...entry, partner }, south])
  expect(tenants.map(({ partner }) => partner.policy)).toEqual([{ ratePerS: 20, exchangeMs: 6_000 }, {}])
})

const without = (name: string) => Object.fromEntries(Object.entries(entry).filter(([key]) => key !== name))

test.each<[string, unknown[], RegExp]>([
  ['nobody', [], /tenants must not be empty/],
  ['an id with a slash', [{ ...entry, id: 'a/b' }], /tenants\[0\]\.id must be of/],
  [
    'a pattern of pages around ours',
    [{ ...entry, frame_ancestors: ['https://*.a.example'] }],
    /tenants\[0\]\.frame_ancestors\[0\] must be an origin/,
  ],
  [
    'a try less than one',
    [{ ...entry, partner: { ...entry.partner, policy: { read_attempts: 0 } } }],
    /tenants\[0\]\.partner\.policy\.read_attempts must be a whole number from 1 to 10/,
  ],
  [
    'a policy that there is none of',
    [{ ...entry, partner: { ...entry.partner, policy: { rate: 5 } } }],
    /tenants\[0\]\.partner\.policy\.rate is not a setting/,
  ],
  ['no sign-in', [without('sign_in')], /tenants\[0\]\.sign_in is missing/],
  [
    'a capability that there is none of',
    [{ ...entry, capabilities: { bost: false } }],
    /tenants\[0\]\.capabilities\.bost is not a setting/,
  ],
  [
    'a capability that is neither on nor off',
    [{ ...entry, capabilities: { boost: 'off' } }],
    /tenants\[0\]\.capabilities\.boost must be true or false/,
  ],
  ['a misspelt setting', [{ ...entry, sing_in: {} }], /tenants\[0\]\.sing_in is not a setting/],
  [
    'an address with a path',
    [{ ...entry, url: 'https://a.example/x' }],
    /tenants\[0\]\.url must not have a path/,
  ],
  [
    'an address without TLS',
    [{ ...entry, url: 'http://a.example' }],
    /tenants\[0\]\.url must begin with https/,
  ],
  ['a week of history', [{ ...entry, history: { months: 0.25 } }], /history\.months must be a whole number/],
  [
    'a zone that does not exist',
    [{ ...entry, time_zone: 'Europe/Konstanz' }],
    /tenants\[0\]\.time_zone must be an IANA name/,
  ],
  [
    'a secret that is none',
    [{ ...entry, partner: { ...entry.partner, client_secret: ['canary'] } }],
    /client_secret must be a text/,
  ],
  [
    'an organisation that is none',
    [{ ...entry, partner: { ...entry.partner, org_id: 'canary' } }],
    /org_id must be a UUID/,
  ],
  [
    'an issuer without TLS',
    [{ ...entry, sign_in: { ...entry.sign_in, issuer: 'http://id.example' } }],
    /sign_in\.issuer must begin with https/,
  ],
  [
    "the simulator's account",
    [{ ...entry, partner: { ...entry.partner, client_id: 'homewatt-demo' } }],
    /partner\.client_id and its secret are the simulator's/,
  ],
  [
    'a link to help that is a script',
    [{ ...entry, brand: { support_url: 'javascript:alert(1)' } }],
    /tenants\[0\]\.brand\.support_url must be an address with https/,
  ],
  [
    'a style sheet in place of a name',
    [{ ...entry, brand: { css: 'body{}' } }],
    /tenants\[0\]\.brand\.css is not a setting/,
  ],
  ['one id twice', [entry, { ...entry, url: 'https://b.example' }], /two tenants have the id north/],
  ['one host twice', [entry, { ...entry, id: 'south' }], /two tenants have the url energy\.north\.example/],
])('%s is refused in one sentence that says where', (_, tenants, sentence) => {
  const refuse = () => read(tenants)
  expect(refuse).toThrow(BadEnvironment)
  expect(refuse).toThrow(sentence)
  expect(refuse).not.toThrow(/canary|\n/)
})

test('a secret that the environment lacks is named', () => {
  expect(() => read([entry], {})).toThrow(/names the variable NORTH_SECRET, which is not set/)
})

test('a file that is not JSON is refused without being quoted', () => {
  const refuse = () => readTenants({}, '/tenants.json', () => '{"client_secret": "canary')
  expect(refuse).toThrow('TENANTS_FILE is not JSON')
  expect(refuse).not.toThrow(/canary/)
})
