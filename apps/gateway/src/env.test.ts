import { expect, test } from 'vitest'
import { BadEnvironment, readSettings } from './env.ts'

const read = (env: Record<string, string>) => readSettings(env, '/web')
const real = {
  PARTNER_API_URL: 'https://app.podero.com/api/partners/v2.0',
  PARTNER_CLIENT_ID: 'id',
  PARTNER_CLIENT_SECRET: 'secret',
  PARTNER_ORG_ID: '11111111-1111-4111-8111-111111111111',
}

test('with nothing set it runs against the simulator on this machine', () => {
  const settings = read({})
  expect(settings).toMatchObject({ port: 3000, demo: true, timeZone: 'Europe/Berlin', dataDir: './.data' })
  expect(settings.publicUrl.href).toBe('http://localhost:3000/')
  expect(settings.partner.url.href).toBe('http://localhost:4010/api/partners/v2.0')
})

test('an empty value is no value', () => {
  expect(read({ PORT: '', DATA_DIR: '', PARTNER_API_URL: '' })).toMatchObject({ port: 3000, demo: true })
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
    'a sign-in that is not built yet',
    { ...real, OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' },
    /cannot sign people in/,
  ],
  ['another client id on this machine', { PARTNER_CLIENT_ID: 'mine' }, /people have to sign in/],
  ['a public URL without TLS', { PUBLIC_URL: 'http://energy.example' }, /PUBLIC_URL must begin with https/],
  ['a time zone that does not exist', { TIME_ZONE: 'Europe/Konstanz' }, /TIME_ZONE must be an IANA name/],
  ['a log level that does not exist', { LOG_LEVEL: 'loud' }, /LOG_LEVEL must be one of/],
  [
    'an action origin with a path',
    { ACTION_ORIGINS: 'https://a.example/x' },
    /ACTION_ORIGINS must list origins/,
  ],
])('%s is refused in one sentence that says what to do', (_, env, sentence) => {
  const refuse = () => read(env)
  expect(refuse).toThrow(BadEnvironment)
  expect(refuse).toThrow(sentence)
  expect(refuse).not.toThrow(/\n|secret'|"b"/)
})
