import { generateKeyPair, type JWTPayload } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBrowser, type Browser } from './browser.test-support.ts'
import { openForger, type Forger } from './forger.test-support.ts'
import { openHouse, type House } from './house.test-support.ts'

const publicUrl = new URL('http://localhost:3000')
const at = (path: string) => `${publicUrl.origin}${path}`

let house: House
let issuer: Forger
beforeAll(async () => {
  issuer = await openForger()
  house = await openHouse({
    publicUrl,
    demo: false,
    start: new Date(),
    signIn: {
      issuer: new URL(issuer.url),
      clientId: 'homewatt-web',
      clientSecret: 'secret',
      scope: 'openid',
      userClaim: { name: 'customer', holds: 'external_user_id' },
      createUsers: false,
    },
  })
})
afterAll(async () => {
  await house.close()
  await issuer.close()
})
beforeEach(() => house.time.advance(2_000))

const nowS = () => Math.floor(house.time.wallMs() / 1000)

async function signIn(sub: string, sid: string): Promise<Browser> {
  const browser = openBrowser((url) => url.replace(publicUrl.origin, house.url))
  const started = await browser.send('POST', at('/api/sign-in'), {})
  const asked = new URL(((await started.json()) as { redirect_url: string }).redirect_url).searchParams
  const claims = {
    ...{ iss: issuer.url, aud: 'homewatt-web', sub, sid, customer: 'full' },
    ...{ nonce: asked.get('nonce'), iat: nowS(), exp: nowS() + 60 },
  }
  issuer.answer({ body: { access_token: 'a', token_type: 'Bearer', id_token: await issuer.sign(claims) } })
  const query = new URLSearchParams({ code: 'c', state: asked.get('state') ?? '', iss: issuer.url })
  await browser.open(`${at('/api/sign-in/callback')}?${query}`)
  return browser
}

const isSignedIn = async (browser: Browser) => (await browser.get(at('/api/home'))).status === 200

let made = 0
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** What the issuer sends, but for what is said. `undefined` leaves out. */
function claims(over: Record<string, unknown> = {}): JWTPayload {
  const honest = {
    ...{ iss: issuer.url, aud: 'homewatt-web', sub: 'anna', iat: nowS(), exp: nowS() + 120 },
    ...{ jti: `logout-${++made}`, events: { [EVENT]: {} } },
  }
  return Object.fromEntries(Object.entries({ ...honest, ...over }).filter(([, value]) => value !== undefined))
}

const tell = (token: string | null, type = 'application/x-www-form-urlencoded') =>
  house.request('/api/sign-in/backchannel-logout', {
    method: 'POST',
    headers: { 'content-type': type },
    body: token === null ? '' : new URLSearchParams({ logout_token: token }).toString(),
  })

test('a logout ends the sessions of its person, or the one session it names', async () => {
  const [laptop, phone, ben] = [
    await signIn('anna', 'laptop'),
    await signIn('anna', 'phone'),
    await signIn('ben', 'ben'),
  ]
  expect((await tell(await issuer.sign(claims({ sub: undefined, sid: 'phone' })))).status).toBe(200)
  expect([await isSignedIn(laptop), await isSignedIn(phone), await isSignedIn(ben)]).toEqual([
    true,
    false,
    true,
  ])
  const token = await issuer.sign(claims(), { header: { typ: 'logout+jwt' } })
  expect((await tell(token)).status).toBe(200)
  expect([await isSignedIn(laptop), await isSignedIn(ben)]).toEqual([false, true])
})

test.each<[string, () => Promise<string> | string | null]>([
  ['from another issuer', () => issuer.sign(claims({ iss: 'https://id.example' }))],
  ['for another client', () => issuer.sign(claims({ aud: 'other' }))],
  ['that is an ID token', () => issuer.sign(claims({ events: undefined, nonce: 'n' }))],
  ['that could be an ID token', () => issuer.sign(claims({ nonce: 'n' }))],
  ['of another event', () => issuer.sign(claims({ events: { 'http://example.com/event': {} } }))],
  ['that names nobody', () => issuer.sign(claims({ sub: undefined }))],
  ['without a name of its own', () => issuer.sign(claims({ jti: undefined }))],
  ['of an hour ago', () => issuer.sign(claims({ iat: nowS() - 3_600, exp: nowS() + 60 }))],
  ['that has ended', () => issuer.sign(claims({ iat: nowS() - 280, exp: nowS() - 120 }))],
  [
    'signed by a stranger',
    async () => issuer.sign(claims(), { key: (await generateKeyPair('RS256')).privateKey }),
  ],
  ['that is none', () => 'token'],
  ['that is not there', () => null],
])('a logout %s ends nothing', async (_, token) => {
  const anna = await signIn('anna', 'laptop')
  expect((await tell(await token())).status).toBe(400)
  expect(await isSignedIn(anna)).toBe(true)
})

test('a logout counts once', async () => {
  const token = await issuer.sign(claims())
  expect((await tell(token)).status).toBe(200)
  const anna = await signIn('anna', 'again')
  expect((await tell(token)).status).toBe(400)
  expect(await isSignedIn(anna)).toBe(true)
})

test('a logout is sent as a form', async () => {
  expect((await tell(await issuer.sign(claims()), 'text/plain')).status).toBe(415)
})
