import type { SignInStarted } from '@homewatt/contract'
import { openBrowser, type Browser, type Page } from './browser.test-support.ts'
import { openHouse, type House } from './house.test-support.ts'
import { openIssuer, type TestIssuer } from './issuer.test-support.ts'
import type { TenantOptions } from './served-tenant.ts'
import type { SignInSettings } from './tenants.ts'

/** A gateway that people sign in to through a real OpenID provider. */
export type SignInHouse = {
  house: House
  issuer: TestIssuer
  /** A browser of its own, with nothing in it. */
  browser(): Browser
  /** From the button to where the person ends up. */
  signIn(browser: Browser, returnTo?: string): Promise<Page>
  /** What a browser that opens a page of ours would be told. */
  isSignedIn(browser: Browser): Promise<boolean>
  close(): Promise<void>
}

export const publicUrl = new URL('http://localhost:3000')

export async function openSignInHouse({
  settings = {},
  tenant = {},
  storeFile,
  claimsInIdToken = true,
  aheadMs = 0,
  webBuild = null,
}: {
  settings?: Partial<SignInSettings>
  tenant?: Partial<TenantOptions>
  storeFile?: string
  claimsInIdToken?: boolean
  /** How far the gateway's clock is before the issuer's. */
  aheadMs?: number
  webBuild?: string | null
} = {}): Promise<SignInHouse> {
  let house: House | null = null
  const seen = (url: string) => url.replace(publicUrl.origin, house?.url ?? 'http://127.0.0.1:1')
  const issuer = await openIssuer({ publicUrl, seen, claimsInIdToken })
  const opened = await openHouse({
    publicUrl,
    demo: false,
    webBuild,
    start: new Date(Date.now() + aheadMs),
    ...(storeFile === undefined ? {} : { storeFile }),
    signIn: {
      issuer: new URL(issuer.url),
      clientId: issuer.clientId,
      clientSecret: issuer.clientSecret,
      scope: 'openid email',
      userClaim: { name: 'customer', holds: 'external_user_id' },
      createUsers: false,
      ...settings,
    },
    ...tenant,
  })
  house = opened

  return {
    house: opened,
    issuer,
    browser: () => openBrowser(seen),
    async signIn(browser, returnTo) {
      const answer = await browser.send(
        'POST',
        `${publicUrl.origin}/api/sign-in`,
        returnTo === undefined ? {} : { return_to: returnTo },
      )
      const { redirect_url, reason } = (await answer.json()) as SignInStarted
      if (redirect_url === null) return { url: `/sign-in?reason=${reason}`, status: answer.status, text: '' }
      return browser.open(redirect_url)
    },
    async isSignedIn(browser) {
      const answer = await browser.get(`${publicUrl.origin}/api/session`)
      return ((await answer.json()) as { signed_in: boolean }).signed_in
    },
    async close() {
      await opened.close()
      await issuer.close()
    },
  }
}
