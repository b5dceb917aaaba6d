import { afterEach, expect } from 'vitest'
import { faultRow } from './fault-row.test-support.ts'
import { openForger } from './forger.test-support.ts'
import { expectShown, webBuild } from './page.test-support.ts'
import { openSignInHouse, publicUrl } from './sign-in.test-support.ts'

/** The provider that people sign in at. */

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const at = (path: string) => `${publicUrl.origin}${path}`
const nobody = { cookie: 'theme=light' }

faultRow('I8', async ({ row, sees, does, never }) => {
  const { house, issuer, browser, signIn, isSignedIn, close } = await openSignInHouse({ webBuild })
  open.push({ close })
  issuer.person({ sub: 'anna', customer: 'full' })
  const anna = browser()
  await signIn(anna)
  await issuer.away()
  await house.time.advance(60_000)
  await sees(() => expectShown(house, nobody, row.sees, '/sign-in?reason=unavailable'))
  await does(async () => {
    expect((await anna.get(at('/api/home'))).status).toBe(200)
    await issuer.back()
    issuer.person({ sub: 'ben', customer: 'car' })
    const ben = browser()
    await signIn(ben)
    expect(await isSignedIn(ben)).toBe(true)
  })

  const forger = await openForger({ token_endpoint_auth_methods_supported: ['client_secret_post'] })
  open.push(forger)
  const other = await openSignInHouse({ settings: { issuer: new URL(forger.url) } })
  open.push(other)
  await never(async () => {
    expect(await isSignedIn(anna)).toBe(true)
    for (let n = 0; n < 6; n++) {
      const stranger = other.browser()
      const started = await stranger.send('POST', at('/api/sign-in'), {})
      const asked = new URL(((await started.json()) as { redirect_url: string }).redirect_url).searchParams
      const nowS = Math.floor(Date.now() / 1000)
      const claims = {
        ...{ iss: forger.url, aud: ['homewatt-web'], sub: 'anna', customer: 'full' },
        ...{ nonce: asked.get('nonce'), iat: nowS, exp: nowS + 60 },
      }
      // Signed well, by a key that the provider does not name.
      const id_token = await forger.sign(claims, { header: { kid: `unknown-${n}` } })
      forger.answer({ body: { access_token: 'a', token_type: 'Bearer', id_token } })
      const query = new URLSearchParams({ code: 'c', state: asked.get('state') ?? '', iss: forger.url })
      await stranger.open(`${at('/api/sign-in/callback')}?${query}`)
      expect(await other.isSignedIn(stranger)).toBe(false)
    }
  })
  await does(() => {
    expect(forger.keyRequests()).toBeGreaterThan(0)
    expect(forger.keyRequests()).toBeLessThanOrEqual(2)
  })
})
