import { SessionList } from '@homewatt/contract'
import { afterEach, describe, expect, test } from 'vitest'
import * as v from 'valibot'
import type { Browser, Page } from './browser.test-support.ts'
import { openForger } from './forger.test-support.ts'
import { readStream } from './stream-reader.test-support.ts'
import { openSignInHouse, publicUrl, type SignInHouse } from './sign-in.test-support.ts'

const at = (path: string) => `${publicUrl.origin}${path}`
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function openHouse(options?: Parameters<typeof openSignInHouse>[0]): Promise<SignInHouse> {
  const house = await openSignInHouse(options)
  open.push(house)
  return house
}

/** How many devices of each type somebody sees. */
async function devicesOf(browser: Browser): Promise<Record<string, number>> {
  const answer = await browser.get(at('/api/home'))
  const { groups } = (await answer.json()) as { groups: Record<string, { devices: unknown[] }> }
  return Object.fromEntries(Object.entries(groups).map(([type, { devices }]) => [type, devices.length]))
}

async function sessionsOf(browser: Browser) {
  return v.parse(SessionList, await (await browser.get(at('/api/sessions'))).json()).sessions
}

const anna = { sub: 'anna', customer: 'full' }
const ben = { sub: 'ben', customer: 'car' }

describe('signing in', () => {
  test('leads a person to the home that is theirs', async () => {
    const { house, issuer, browser, signIn } = await openHouse()
    issuer.person(ben)
    const b = browser()
    expect((await signIn(b)).url).toBe(at('/'))
    expect(await devicesOf(b)).toEqual({
      'heat-pumps': 0,
      'electric-vehicles': 1,
      inverters: 0,
      wallboxes: 0,
    })
    expect(house.logged()).not.toMatch(/ben|"car"/)
  })

  test('leads to the page that was wanted, by its name', async () => {
    const { issuer, browser, signIn } = await openHouse()
    issuer.person(anna)
    expect((await signIn(browser(), 'history')).url).toBe(at('/settings/history'))
  })

  test.each(['/history', 'https://id.example', '//id.example', 'javascript:alert(1)', ''])(
    'leads nowhere else: %j',
    async (returnTo) => {
      const { browser } = await openHouse()
      const answer = await browser().send('POST', at('/api/sign-in'), { return_to: returnTo })
      expect(answer.status).toBe(422)
    },
  )

  test.each([60, -60])('goes well when the clocks are %i s apart', async (seconds) => {
    const { issuer, browser, signIn, isSignedIn } = await openHouse({ aheadMs: seconds * 1000 })
    issuer.person(anna)
    const a = browser()
    await signIn(a)
    expect(await isSignedIn(a)).toBe(true)
  })

  test.each([10, -10])('is refused when the clocks are %i min apart', async (minutes) => {
    const { issuer, browser, signIn, isSignedIn } = await openHouse({ aheadMs: minutes * 60_000 })
    issuer.person(anna)
    const a = browser()
    expect((await signIn(a)).url).toContain('/sign-in?reason=failed')
    expect(await isSignedIn(a)).toBe(false)
  })

  test('goes well when the issuer tells who somebody is only when asked', async () => {
    const { issuer, browser, signIn, isSignedIn } = await openHouse({ claimsInIdToken: false })
    issuer.person(anna)
    const a = browser()
    await signIn(a)
    expect(await isSignedIn(a)).toBe(true)
    expect(issuer.requests).toContain('GET /me')
  })

  test('goes well when the issuer changes its keys in the middle of it', async () => {
    const { issuer, browser, signIn, isSignedIn } = await openHouse()
    issuer.person(anna)
    const a = browser()
    a.stopAt(at('/api/sign-in/callback'))
    const { url } = await signIn(a)
    await issuer.rotateKeys()
    a.stopAt(null)
    await a.open(url)
    expect(await isSignedIn(a)).toBe(true)
  })

  test('goes well for two people at once, each in a browser of their own', async () => {
    const { issuer, browser, signIn } = await openHouse()
    const [a, b] = [browser(), browser()]
    a.stopAt(at('/api/sign-in/callback'))
    issuer.person(anna)
    const { url } = await signIn(a)
    issuer.person(ben)
    await signIn(b)
    a.stopAt(null)
    await a.open(url)
    expect((await devicesOf(a))['inverters']).toBe(1)
    expect((await devicesOf(b))['inverters']).toBe(0)
  })

  test('takes the code of one person to nobody else', async () => {
    const { issuer, browser, signIn, isSignedIn } = await openHouse()
    const [attacker, victim] = [browser(), browser()]
    for (const one of [attacker, victim]) one.stopAt(at('/api/sign-in/callback'))
    issuer.person(ben)
    const theirs = new URL((await signIn(attacker)).url)
    issuer.person(anna)
    const own = new URL((await signIn(victim)).url)
    own.searchParams.set('code', theirs.searchParams.get('code') ?? '')
    victim.stopAt(null)
    expect((await victim.open(own.href)).url).toContain('/sign-in?reason=failed')
    expect(await isSignedIn(victim)).toBe(false)
  })

  test('looks a person up once and remembers', async () => {
    const { house, issuer, browser, signIn } = await openHouse()
    issuer.person(anna)
    for (let n = 0; n < 3; n++) await signIn(browser())
    const counts = await house.counts()
    expect(counts['GET /api/partners/v2.0/org/{org_id}/users']).toBe(1)
  })

  test('ends on a page that says so for somebody the Partner API does not know', async () => {
    const { issuer, browser, signIn, isSignedIn } = await openHouse()
    issuer.person({ sub: 'carl', customer: 'nobody-here' })
    const c = browser()
    expect((await signIn(c)).url).toBe(at('/sign-in?reason=not_linked'))
    expect(await isSignedIn(c)).toBe(false)
  })

  test('ends there too for somebody the issuer says too little about', async () => {
    const { issuer, browser, signIn } = await openHouse()
    issuer.person({ sub: 'carl' })
    expect((await signIn(browser())).url).toBe(at('/sign-in?reason=not_linked'))
  })

  test('can go by the id of the user itself', async () => {
    const { house, issuer, browser, signIn } = await openHouse({
      settings: { userClaim: { name: 'customer', holds: 'user_id' } },
    })
    const homes = (await house.control('GET', '/homes')) as { name: string; user_id: string }[]
    issuer.person({ sub: 'ben', customer: homes.find(({ name }) => name === 'car')?.user_id })
    const b = browser()
    expect((await signIn(b)).url).toBe(at('/'))
    expect((await devicesOf(b))['electric-vehicles']).toBe(1)
    issuer.person({ sub: 'mallory', customer: '11111111-1111-4111-8111-111111111111' })
    expect((await signIn(browser())).url).toContain('reason=not_linked')
  })

  test('says that the person said no', async () => {
    const { issuer, browser, signIn } = await openHouse()
    issuer.person(null)
    expect((await signIn(browser())).url).toBe(at('/sign-in?reason=cancelled'))
  })

  test('says that the Partner API cannot be asked who somebody is', async () => {
    const { house, issuer, browser, signIn } = await openHouse()
    issuer.person(anna)
    await house.killPartner()
    let page: Page | null = null
    void signIn(browser()).then((found) => {
      page = found
    })
    // In small steps: the provider lives in real time, and the attempt lasts for ten minutes of the house's.
    while (page === null) await house.time.advance(20)
    expect(page).toMatchObject({ url: at('/sign-in?reason=unavailable') })
    await house.revivePartner()
  })

  test.each(['PS256', 'ES256', 'EdDSA'])('takes tokens signed with %s', async (alg) => {
    const forger = await openForger({ token_endpoint_auth_methods_supported: ['client_secret_post'] })
    open.push(forger)
    const key = await forger.addKey(alg, alg)
    const house = await openHouse({ settings: { issuer: new URL(forger.url) } })
    const a = house.browser()
    const started = await a.send('POST', at('/api/sign-in'), {})
    const asked = new URL(((await started.json()) as { redirect_url: string }).redirect_url).searchParams
    const nowS = Math.floor(Date.now() / 1000)
    const claims = {
      ...{ iss: forger.url, aud: ['homewatt-web'], sub: 'anna', customer: 'full' },
      ...{ nonce: asked.get('nonce'), iat: nowS, exp: nowS + 60 },
    }
    const id_token = await forger.sign(claims, { header: { alg, kid: alg }, key })
    forger.answer({ body: { access_token: 'a', token_type: 'Bearer', id_token } })
    const query = new URLSearchParams({ code: 'c', state: asked.get('state') ?? '', iss: forger.url })
    await a.open(`${at('/api/sign-in/callback')}?${query}`)
    expect(await house.isSignedIn(a)).toBe(true)
  })
})

describe('while the issuer is away', () => {
  test('who is signed in stays so, and the others are told', async () => {
    const { issuer, browser, signIn, isSignedIn } = await openHouse()
    issuer.person(anna)
    const a = browser()
    await signIn(a)
    await issuer.away()
    expect(await isSignedIn(a)).toBe(true)
    expect((await a.get(at('/api/home'))).status).toBe(200)
    // Where it is has been asked before, so people are sent there; coming back fails here.
    await issuer.back()
    const b = browser()
    b.stopAt(at('/api/sign-in/callback'))
    const { url } = await signIn(b)
    await issuer.away()
    b.stopAt(null)
    expect((await b.open(url)).url).toBe(at('/sign-in?reason=unavailable'))
    await issuer.back()
  })

  test('a gateway that never met it says so, and heals when it is back', async () => {
    const { house, issuer, browser, signIn } = await openHouse()
    await issuer.away()
    expect((await signIn(browser())).url).toBe('/sign-in?reason=unavailable')
    await issuer.back()
    issuer.person(anna)
    await house.time.advance(3_000)
    expect((await signIn(browser())).url).toBe(at('/'))
  })

  test('it is not asked again by everybody who would like to sign in', async () => {
    const forger = await openForger({ authorization_endpoint: undefined, issuer: 'https://id.example' })
    open.push(forger)
    const { browser, signIn } = await openHouse({ settings: { issuer: new URL(forger.url) } })
    const b = browser()
    for (let n = 0; n < 5; n++) expect((await signIn(b)).url).toBe('/sign-in?reason=unavailable')
  })
})

describe('sessions', () => {
  test('are listed for their person, and named by what they run in', async () => {
    const { issuer, browser, signIn } = await openHouse()
    issuer.person(anna)
    const [one, two] = [browser(), browser()]
    await signIn(one)
    await signIn(two)
    const sessions = await sessionsOf(one)
    expect(sessions).toHaveLength(2)
    expect(sessions.filter(({ is_current }) => is_current)).toHaveLength(1)
    expect(sessions[0]?.client).toBe('Firefox · Linux')
    const ids = sessions.map(({ id }) => id).join()
    for (const cookie of [one, two].map((b) => b.cookies(publicUrl.href).split('=')[1] ?? ''))
      expect(ids).not.toContain(cookie)
  })

  test('can be ended one by one, and all but this one', async () => {
    const { issuer, browser, signIn, isSignedIn } = await openHouse()
    issuer.person(anna)
    const [one, two, three] = [browser(), browser(), browser()]
    for (const b of [one, two, three]) await signIn(b)
    const other = (await sessionsOf(one)).find(({ is_current }) => !is_current)
    expect((await one.send('DELETE', at(`/api/sessions/${other?.id}`))).status).toBe(204)
    expect(await sessionsOf(one)).toHaveLength(2)
    expect((await one.send('DELETE', at('/api/sessions'))).status).toBe(204)
    expect(await isSignedIn(one)).toBe(true)
    expect(await isSignedIn(two)).toBe(false)
    expect(await isSignedIn(three)).toBe(false)
  })

  test("somebody else's do not exist", async () => {
    const { issuer, browser, signIn, isSignedIn } = await openHouse()
    const [a, b] = [browser(), browser()]
    issuer.person(anna)
    await signIn(a)
    issuer.person(ben)
    await signIn(b)
    const [own] = await sessionsOf(a)
    const answer = await b.send('DELETE', at(`/api/sessions/${own?.id}`))
    expect([answer.status, await answer.json()]).toEqual([
      404,
      await (await b.send('DELETE', at('/api/sessions/none'))).json(),
    ])
    expect(await isSignedIn(a)).toBe(true)
  })

  test('end at once, streams too, when they are ended from elsewhere', async () => {
    const { house, issuer, browser, signIn } = await openHouse()
    issuer.person(anna)
    const [one, two] = [browser(), browser()]
    await signIn(one)
    await signIn(two)
    const stream = await readStream(house.url, two.cookies(publicUrl.href))
    await stream.next('snapshot')
    await one.send('DELETE', at('/api/sessions'))
    await stream.ended
    expect((await two.get(at('/api/home'))).status).toBe(401)
  })

  test('last as long as the tenant says', async () => {
    const { house, issuer, browser, signIn, isSignedIn } = await openHouse({
      tenant: { sessionLife: { idleMs: 60_000, absoluteMs: 300_000 } },
    })
    issuer.person(anna)
    const a = browser()
    await signIn(a)
    for (let n = 0; n < 5; n++) {
      expect(await isSignedIn(a)).toBe(true)
      await house.time.advance(59_000)
    }
    await house.time.advance(6_000)
    expect(await isSignedIn(a)).toBe(false)
  })
})

describe('signing out', () => {
  test('ends the session, and leads to where the issuer ends its own', async () => {
    const { house, issuer, browser, signIn, isSignedIn } = await openHouse()
    issuer.person(anna)
    const a = browser()
    await signIn(a)
    const answer = await a.send('POST', at('/api/session/end'))
    const { redirect_url } = (await answer.json()) as { redirect_url: string }
    expect(redirect_url.startsWith(`${issuer.url}/session/end?`)).toBe(true)
    const asked = new URL(redirect_url).searchParams
    expect(asked.get('post_logout_redirect_uri')).toBe(at('/sign-in'))
    expect(asked.get('id_token_hint')).toMatch(/^eyJ/)
    expect(answer.headers.get('clear-site-data')).toBe('"cache", "storage"')
    expect(await isSignedIn(a)).toBe(false)
    expect(house.logged()).not.toContain('eyJ')
  })

  test('works while the issuer is away, and for nobody', async () => {
    const { issuer, browser } = await openHouse()
    await issuer.away()
    expect(await (await browser().send('POST', at('/api/session/end'))).json()).toEqual({
      redirect_url: null,
    })
    await issuer.back()
  })

  test('at the issuer ends our session too, with its stream, without a browser', async () => {
    const { house, issuer, browser, signIn, isSignedIn } = await openHouse()
    const [a, b] = [browser(), browser()]
    issuer.person(anna)
    await signIn(a)
    issuer.person(ben)
    await signIn(b)
    const stream = await readStream(house.url, a.cookies(publicUrl.href))
    await stream.next('snapshot')
    await endAtIssuer(a, issuer.url)
    await stream.ended
    expect(await isSignedIn(a)).toBe(false)
    expect(await isSignedIn(b)).toBe(true)
  })
})

/** As the person would there: opens the page that ends the session, and says yes. */
async function endAtIssuer(browser: Browser, issuer: string) {
  const page = await browser.open(`${issuer}/session/end`)
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  await browser.post(`${issuer}/session/end/confirm`, { xsrf, logout: 'yes' })
}
