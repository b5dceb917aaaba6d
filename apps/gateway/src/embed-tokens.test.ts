import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair, type CryptoKey, type JWTPayload } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openForger, type Forger } from './forger.test-support.ts'
import { openHouse, type House } from './house.test-support.ts'

const publicUrl = new URL('https://energy.example')
const ISSUER = 'https://portal.example'

let directory: string
let house: House
let keys: Forger
let stranger: CryptoKey
beforeAll(async () => {
  keys = await openForger()
  stranger = (await generateKeyPair('RS256', { extractable: true })).privateKey
  // Keys over plain http are for this machine alone, so that is where the gateway believes to be.
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  house = await openHouse({
    storeFile: join(directory, 'store.sqlite'),
    publicUrl: new URL('http://localhost:3000'),
    start: new Date(),
    embed: {
      issuer: ISSUER,
      keysUrl: new URL(`${keys.url}/keys`),
      userClaim: { name: 'customer', holds: 'external_user_id' },
    },
  })
})
afterAll(async () => {
  await house.close()
  await keys.close()
  rmSync(directory, { recursive: true })
})
beforeEach(() => house.time.advance(5_000))

const AUDIENCE = 'http://localhost:3000'
const nowS = () => Math.floor(house.time.wallMs() / 1000)
let made = 0

/** What an honest portal makes, but for what is said. `undefined` leaves out. */
function claims(over: Record<string, unknown> = {}): JWTPayload {
  const honest = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'anna',
    customer: 'full',
    iat: nowS(),
    exp: nowS() + 60,
    jti: `token-number-${++made}-of-the-test`,
  }
  return Object.fromEntries(Object.entries({ ...honest, ...over }).filter(([, value]) => value !== undefined))
}

const typed = { typ: 'homewatt-embed+jwt' }
const sign = (payload: JWTPayload, header: Record<string, unknown> = {}, key?: CryptoKey | Uint8Array) =>
  keys.sign(payload, { header: { ...typed, ...header }, ...(key ? { key } : {}) })

const redeem = (token: unknown) =>
  house.request('/api/embed/session', {
    method: 'POST',
    headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })

async function expectRefused(token: unknown, status = 401) {
  const answer = await redeem(token)
  expect(answer.status).toBe(status)
  expect(answer.headers.getSetCookie()).toEqual([])
}

test('a token of the portal opens the home of the person it names', async () => {
  const answer = await redeem(await sign(claims()))
  expect(answer.status).toBe(204)
  const cookie = (answer.headers.getSetCookie().at(-1) ?? '').split(';', 1)[0] ?? ''
  expect((await house.request('/api/home', { headers: { cookie } })).status).toBe(200)
})

test.each([-25, 25])('the clock of the portal may be %i s off', async (seconds) => {
  const iat = nowS() + seconds
  expect((await redeem(await sign(claims({ iat, exp: iat + 60 })))).status).toBe(204)
})

test('a token opens one session, whoever brings it again', async () => {
  const token = await sign(claims())
  const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(token)))
  expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
  await house.time.advance(20_000)
  await expectRefused(token)
})

test('nor does it at another gateway', async () => {
  const other = await house.second(join(directory, 'store.sqlite'))
  const atOther = (token: string) =>
    fetch(`${other.url}/api/embed/session`, {
      method: 'POST',
      headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
  const [used, unused] = [await sign(claims()), await sign(claims())]
  expect((await redeem(used)).status).toBe(204)
  expect((await atOther(used)).status).toBe(401)
  expect((await atOther(unused)).status).toBe(204)
  await expectRefused(unused)
  await other.close()
})

test('a token for somebody the Partner API does not know opens nothing', async () => {
  await expectRefused(await sign(claims({ customer: 'nobody-here' })), 404)
})

test.each<[string, Record<string, unknown>]>([
  ['of another portal', { iss: 'https://portal.example.evil' }],
  ['of the portal by almost the same name', { iss: `${ISSUER}/` }],
  ['of no portal', { iss: undefined }],
  ['for another tenant', { aud: 'https://energy.other.example' }],
  ['for us by almost the same name', { aud: `${AUDIENCE}/` }],
  ['for us and others', { aud: [AUDIENCE, 'https://other.example'] }],
  ['for nobody', { aud: undefined }],
  ['without an end', { exp: undefined }],
  ['without a beginning', { iat: undefined }],
  ['without a name of its own', { jti: undefined }],
  ['with a name that can be guessed', { jti: '1' }],
  ['about nobody', { sub: undefined }],
  ['without a customer', { customer: undefined }],
  ['with a customer that is no text', { customer: ['full', 'car'] }],
])('a token %s is refused', async (_, over) => {
  await expectRefused(await sign(claims(over)))
})

test.each<[string, (now: number) => Record<string, unknown>]>([
  ['that has ended', (now) => ({ iat: now - 120, exp: now - 60 })],
  ['that lives for an hour', (now) => ({ exp: now + 3_600 })],
  ['that was made long ago and has been given a long life', (now) => ({ iat: now - 300, exp: now + 60 })],
  ['from the future', (now) => ({ iat: now + 45, exp: now + 100 })],
  ['that ends before it begins', (now) => ({ iat: now, exp: now - 10 })],
  ['that may be used later only', (now) => ({ nbf: now + 120 })],
])('a token %s is refused', async (_, over) => {
  await expectRefused(await sign(claims(over(nowS()))))
})

test.each<[string, () => Promise<string> | string]>([
  ['nobody signed', () => `${part({ alg: 'none', kid: 'honest', ...typed })}.${part(claims())}.`],
  [
    'signed with a shared secret',
    () => sign(claims(), { alg: 'HS256' }, new TextEncoder().encode('x'.repeat(32))),
  ],
  ['signed by a stranger', () => sign(claims(), {}, stranger)],
  ['signed by a key nobody knows', () => sign(claims(), { kid: 'unknown' }, stranger)],
  ['that brings its own key', () => sign(claims(), { jwk: { kty: 'RSA' } })],
  ['that says where its keys are', () => sign(claims(), { jku: `${keys.url}/keys` })],
  ['that does not say which key', () => sign(claims(), { kid: undefined })],
  ['made for signing in', () => sign(claims(), { typ: 'JWT' })],
  ['made for something else', () => sign(claims(), { typ: 'at+jwt' })],
  [
    'changed on the way',
    async () => {
      const [header, , signature] = (await sign(claims())).split('.')
      return `${header}.${part(claims({ customer: 'car' }))}.${signature}`
    },
  ],
  ['that is none', () => 'a.b.c'],
])('a token %s is refused', async (_, token) => {
  await expectRefused(await token())
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a number', 5],
  ['an object', { toString: 'x' }],
  ['a text far too long', 'x'.repeat(5_000)],
])('%s in place of a token is refused before it is read', async (_, token) => {
  await expectRefused(token, 422)
})

test('a token in the address opens nothing', async () => {
  const token = await sign(claims())
  const answer = await house.request(`/api/embed/session?token=${token}`, {
    method: 'POST',
    headers: { 'x-homewatt': '1' },
  })
  expect(answer.status).toBe(422)
  expect(house.logged()).not.toContain('eyJ')
})

test('a foreign page cannot bring a token', async () => {
  const token = await sign(claims())
  const answer = await house.request('/api/embed/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
    body: JSON.stringify({ token }),
  })
  expect(answer.status).toBe(403)
})

test('where nobody embeds Homewatt there is no such door', async () => {
  const plain = await openHouse({ publicUrl })
  try {
    const answer = await plain.request('/api/embed/session', {
      method: 'POST',
      headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
      body: '{"token":"x"}',
    })
    // The same as for any path that is not there, for whoever is not signed in.
    expect(answer.status).toBe(401)
    expect(answer.headers.getSetCookie()).toEqual([])
  } finally {
    await plain.close()
  }
})

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
