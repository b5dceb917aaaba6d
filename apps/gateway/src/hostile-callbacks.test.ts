import { Buffer } from 'node:buffer'
import { exportSPKI, generateKeyPair, importJWK, exportJWK, type CryptoKey, type JWTPayload } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBrowser, type Browser } from './browser.test-support.ts'
import { openForger, type Forger } from './forger.test-support.ts'
import { openHouse, type House } from './house.test-support.ts'

const publicUrl = new URL('http://localhost:3000')
const CLIENT = 'homewatt-web'
const SECRET = 'a secret of the test, long enough for HS256 too'
const MINUTE_S = 60

let house: House
let forger: Forger
let stranger: CryptoKey
/** A key of the issuer for an algorithm that it does not announce. */
let loud: CryptoKey
beforeAll(async () => {
  forger = await openForger()
  loud = await forger.addKey('RS512', 'loud')
  stranger = (await generateKeyPair('RS256', { extractable: true })).privateKey
  house = await openHouse({
    publicUrl,
    demo: false,
    start: new Date(),
    signIn: {
      issuer: new URL(forger.url),
      clientId: CLIENT,
      clientSecret: SECRET,
      scope: 'openid',
      userClaim: { name: 'customer', holds: 'external_user_id' },
      createUsers: false,
    },
  })
})
afterAll(async () => {
  await house.close()
  await forger.close()
})
// Strangers may come back only so often in a moment.
beforeEach(() => house.time.advance(1_000))

/** One attempt: the browser, and what the issuer was told of it. */
type Attempt = { browser: Browser; state: string; nonce: string }

async function begin(browser = newBrowser()): Promise<Attempt> {
  const answer = await browser.send('POST', `${publicUrl.origin}/api/sign-in`, {})
  const { redirect_url } = (await answer.json()) as { redirect_url: string }
  const asked = new URL(redirect_url).searchParams
  return { browser, state: asked.get('state') ?? '', nonce: asked.get('nonce') ?? '' }
}

const newBrowser = () => openBrowser((url) => url.replace(publicUrl.origin, house.url))

/** How a callback and what stands behind it differ from those of an honest issuer. `undefined` leaves out. */
type Forgery = {
  query?: Record<string, string | string[] | undefined>
  claims?: JWTPayload & Record<string, unknown>
  without?: string[]
  sign?: (claims: JWTPayload) => Promise<string> | string
  tokens?: (idToken: string) => { status?: number; body: unknown; headers?: Record<string, string> }
}

const nowS = () => Math.floor(house.time.wallMs() / 1000)

/** Comes back from the issuer, and resolves with where that leads. */
async function comeBack(attempt: Attempt, forgery: Forgery = {}): Promise<string> {
  const all: JWTPayload = {
    iss: forger.url,
    aud: CLIENT,
    sub: 'anna',
    customer: 'full',
    nonce: attempt.nonce,
    iat: nowS(),
    exp: nowS() + 5 * MINUTE_S,
    ...forgery.claims,
  }
  const claims = Object.fromEntries(Object.entries(all).filter(([name]) => !forgery.without?.includes(name)))
  const idToken = await (forgery.sign ?? forger.sign)(claims)
  forger.answer(
    forgery.tokens?.(idToken) ?? {
      body: { access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token: idToken },
    },
  )
  const query = new URLSearchParams()
  const parts = { code: 'code', state: attempt.state, iss: forger.url, ...forgery.query }
  for (const [name, value] of Object.entries(parts))
    for (const one of value === undefined ? [] : [value].flat()) query.append(name, one)
  const page = await attempt.browser.open(`${publicUrl.origin}/api/sign-in/callback?${query}`)
  return page.url.replace(publicUrl.origin, '')
}

const hasSession = (browser: Browser) => /(^|; )homewatt=/.test(browser.cookies(publicUrl.href))

async function expectRefused(attempt: Attempt, forgery: Forgery, reason = 'failed') {
  expect(await comeBack(attempt, forgery)).toBe(`/sign-in?reason=${reason}`)
  expect(hasSession(attempt.browser)).toBe(false)
}

test('an honest callback signs in, or the refusals below would prove nothing', async () => {
  const attempt = await begin()
  expect(await comeBack(attempt)).toBe('/')
  expect(hasSession(attempt.browser)).toBe(true)
})

describe('a callback is refused', () => {
  test('with the state of another attempt', async () => {
    const other = await begin()
    await expectRefused(await begin(), { query: { state: other.state } })
  })

  test('in another browser, which began an attempt of its own', async () => {
    const victim = await begin()
    await expectRefused({ ...(await begin()), browser: victim.browser }, {})
  })

  test('in a browser that began nothing', async () => {
    await expectRefused({ ...(await begin()), browser: newBrowser() }, {}, 'expired')
  })

  test('a second time', async () => {
    const attempt = await begin()
    const cookie = attempt.browser.cookies(publicUrl.href)
    expect(await comeBack(attempt)).toBe('/')
    const again = newBrowser()
    again.put(publicUrl.href, cookie)
    await expectRefused({ ...attempt, browser: again }, {}, 'expired')
  })

  test('after eleven minutes', async () => {
    const attempt = await begin()
    await house.time.advance(11 * 60_000)
    await expectRefused(attempt, {}, 'expired')
  })

  test.each<[string, string]>([
    ['another secret', `${'A'.repeat(43)}.$time.overview`],
    ['a page to return to that is not on the list', '$secret.$time.https'],
    ['no time', '$secret..overview'],
    ['nothing in it', ''],
  ])('with a cookie that holds %s', async (_, cookie) => {
    const attempt = await begin()
    const [, secret = '', time = ''] =
      /=([\w-]+)\.(\d+)\./.exec(attempt.browser.cookies(publicUrl.href)) ?? []
    const forged = cookie.replace('$secret', secret).replace('$time', time)
    attempt.browser.put(publicUrl.href, `homewatt-sign-in=${forged}`)
    const page = await comeBack(attempt)
    expect(page).toMatch(/^\/sign-in\?reason=(expired|failed)$/)
    expect(hasSession(attempt.browser)).toBe(false)
  })

  test.each<[string, Forgery['query'], string?]>([
    ['without a state', { state: undefined }],
    ['with two states', { state: ['$state', 'x'] }],
    ['with an empty state', { state: '' }],
    ['of another issuer', { iss: 'https://id.example' }],
    ['of an issuer by almost the same name', { iss: '$issuer/' }],
    ['that does not say which issuer it is from', { iss: undefined }],
    ['without a code', { code: undefined }],
    ['with two codes', { code: ['a', 'b'] }],
    ['that brings tokens along', { id_token: 'x' }],
    ['that is packed into a token', { response: 'a.b.c', code: undefined }],
    ['that says that something went wrong', { code: undefined, error: 'server_error' }],
    ['of somebody who said no', { code: undefined, error: 'access_denied' }, 'cancelled'],
    ['that is far too long', { padding: 'x'.repeat(5_000) }],
  ])('%s', async (_, query = {}, reason = 'failed') => {
    const attempt = await begin()
    const fill = (text: string) => text.replace('$state', attempt.state).replace('$issuer', forger.url)
    const filled = Object.fromEntries(
      Object.entries(query).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.map(fill) : value && fill(value),
      ]),
    )
    await expectRefused(attempt, { query: filled }, reason)
  })

  test.each<[string, Forgery]>([
    ['of another issuer', { claims: { iss: 'https://id.example' } }],
    ['for another client', { claims: { aud: 'somebody-else' } }],
    ['for several clients, of which another one asked', { claims: { aud: [CLIENT, 'other'], azp: 'other' } }],
    ['for nobody', { without: ['aud'] }],
    ['of another attempt', { claims: { nonce: 'x'.repeat(43) } }],
    ['of no attempt', { without: ['nonce'] }],
    ['that has ended', { claims: { exp: 1, iat: 1 } }],
    ['that never ends', { without: ['exp'] }],
    ['that does not say when it was made', { without: ['iat'] }],
    ['about nobody', { without: ['sub'] }],
    ['about somebody without a name', { claims: { sub: '' } }],
    ['about somebody with a name far too long', { claims: { sub: 'x'.repeat(300) } }],
  ])('with a token %s', async (_, forgery) => {
    await expectRefused(await begin(), forgery)
  })

  test.each<[string, (nowS: number) => JWTPayload]>([
    ['that ended two minutes ago', (now) => ({ iat: now - 4 * MINUTE_S, exp: now - 2 * MINUTE_S })],
    ['made ten minutes from now', (now) => ({ iat: now + 10 * MINUTE_S, exp: now + 20 * MINUTE_S })],
    ['that may be used in ten minutes only', (now) => ({ nbf: now + 10 * MINUTE_S })],
    ['that has been lying about for ten minutes', (now) => ({ iat: now - 10 * MINUTE_S, exp: now + 3_600 })],
  ])('with a token %s', async (_, claims) => {
    await expectRefused(await begin(), { claims: claims(nowS()) })
  })

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  test.each<[string, NonNullable<Forgery['sign']>]>([
    ['nobody signed', (claims) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`],
    [
      'that says it needs no signature and has one',
      async (claims) => {
        const [, payload, signature] = (await forger.sign(claims)).split('.')
        return `${encoded({ alg: 'none', kid: 'honest' })}.${payload}.${signature}`
      },
    ],
    [
      'signed with our own secret',
      (claims) => forger.sign(claims, { header: { alg: 'HS256' }, key: new TextEncoder().encode(SECRET) }),
    ],
    [
      'signed with the public key as a secret',
      async (claims) => {
        const key = await importJWK({ ...forger.publicKey }, 'RS256', { extractable: true })
        const text = await exportSPKI(key as CryptoKey)
        return forger.sign(claims, { header: { alg: 'HS256' }, key: new TextEncoder().encode(text) })
      },
    ],
    ['signed by a stranger under a known name', (claims) => forger.sign(claims, { key: stranger })],
    [
      'signed by a key that nobody knows',
      (claims) => forger.sign(claims, { key: stranger, header: { kid: 'unknown' } }),
    ],
    [
      'that brings its own key',
      async (claims) =>
        forger.sign(claims, {
          key: stranger,
          header: { jwk: await publicHalf(stranger), kid: undefined as unknown as string },
        }),
    ],
    [
      'that says where its keys are',
      (claims) =>
        forger.sign(claims, { key: stranger, header: { jku: 'http://127.0.0.1:1/keys', kid: 'theirs' } }),
    ],
    [
      'signed in a way the issuer never announced',
      (claims) => forger.sign(claims, { header: { alg: 'RS512', kid: 'loud' }, key: loud }),
    ],
    [
      'changed after it was signed',
      async (claims) => {
        const [header, , signature] = (await forger.sign(claims)).split('.')
        return `${header}.${encoded({ ...claims, customer: 'car' })}.${signature}`
      },
    ],
    [
      'without its signature',
      async (claims) => `${(await forger.sign(claims)).split('.').slice(0, 2).join('.')}.`,
    ],
    ['of two parts', (claims) => `${encoded({ alg: 'RS256' })}.${encoded(claims)}`],
    ['that is none', () => 'token'],
  ])('with a token %s', async (_, sign) => {
    await expectRefused(await begin(), { sign })
  })

  const good = { access_token: 'a', token_type: 'Bearer' }

  test.each<[string, NonNullable<Forgery['tokens']>, string?]>([
    ['without an ID token', () => ({ body: good })],
    ['that is none', () => ({ status: 400, body: { error: 'invalid_grant' } })],
    ['that lead elsewhere', () => ({ status: 302, body: '', headers: { location: 'https://id.example/' } })],
    ['that are a page', () => ({ body: '<html>', headers: { 'content-type': 'text/html' } })],
    ['of a failing issuer', () => ({ status: 503, body: {} }), 'unavailable'],
  ])('when the code is swapped for tokens %s', async (_, tokens, reason = 'failed') => {
    await expectRefused(await begin(), { tokens }, reason)
  })
})

test('keys that nobody knows make us ask the issuer for its keys once, not every time', async () => {
  const before = forger.keyRequests()
  for (let n = 0; n < 10; n++)
    await expectRefused(await begin(), {
      sign: (claims) => forger.sign(claims, { key: stranger, header: { kid: `unknown-${n}` } }),
    })
  expect(forger.keyRequests() - before).toBeLessThanOrEqual(1)
})

test('nothing of a refused callback is in the log', () => {
  const logged = house.logged()
  expect(logged).toContain('sign_in_refused')
  for (const secret of ['anna', SECRET, 'eyJ', 'code=']) expect(logged).not.toContain(secret)
})

test('strangers that come back all the time are held up before anything is asked', async () => {
  const answers = await Promise.all(
    Array.from({ length: 150 }, () => house.request('/api/sign-in/callback?code=x&state=y')),
  )
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(40)
})

async function publicHalf(key: CryptoKey) {
  const { kty, n, e } = await exportJWK(key)
  return { kty, n, e } as { kty: string }
}
