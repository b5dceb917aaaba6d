import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider from 'oidc-provider'
import { memoryAdapter } from './memory-adapter.test-support.ts'

/** A real OpenID provider on loopback, whose people sign in by being named. */
export type TestIssuer = {
  url: string
  clientId: string
  clientSecret: string
  /** Who stands before the issuer's own page from now on; `null`: somebody who says no. */
  person: (claims: Claims | null) => void
  /** Signs with another key from now on and names both. */
  rotateKeys(): Promise<void>
  /** `GET /path` of everything it was asked. */
  requests: string[]
  /** Takes it off the net, and brings it back on the same port. */
  away(): Promise<void>
  back(): Promise<void>
  close(): Promise<void>
}

export type Claims = { sub: string } & Record<string, unknown>

const CLIENT = { id: 'homewatt-web', secret: 'a secret of the test, long enough for HS256 too' }

/** @param publicUrl where the gateway says that it is */
export async function openIssuer({
  publicUrl,
  seen = (url) => url,
  claimsInIdToken = true,
}: {
  publicUrl: URL
  /** Where an address of the gateway is to be found really, when it tells of a logout. */
  seen?: (url: string) => string
  /** Otherwise the issuer tells of claims at its userinfo endpoint only. */
  claimsInIdToken?: boolean
}): Promise<TestIssuer> {
  let person: Claims | null = null
  const known = new Map<string, Claims>()
  const requests: string[] = []
  let handler: (request: IncomingMessage, response: ServerResponse) => void = () => {}
  let server = createServer((request, response) => handler(request, response))
  const listen = async (port: number) => {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }
  const port = await listen(0)
  const url = `http://127.0.0.1:${port}`
  const keys: JWK[] = []
  const adapter = memoryAdapter()

  async function addKey() {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    keys.unshift({
      ...(await exportJWK(privateKey)),
      kid: `key-${keys.length + 1}`,
      alg: 'RS256',
      use: 'sig',
    })
  }

  function start() {
    const provider = new Provider(url, {
      adapter,
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [new URL('/api/sign-in/callback', publicUrl).href],
          post_logout_redirect_uris: [new URL('/sign-in', publicUrl).href],
          backchannel_logout_uri: new URL('/api/sign-in/backchannel-logout', publicUrl).href,
          backchannel_logout_session_required: true,
          token_endpoint_auth_method: 'client_secret_basic',
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified', 'customer'] },
      conformIdTokenClaims: !claimsInIdToken,
      cookies: { keys: ['a key of the test'] },
      jwks: { keys },
      ttl: { Interaction: 600, Grant: 600, Session: 3_600, AccessToken: 600, IdToken: 3_600 },
      fetch(input, { method, headers, body, signal } = {}) {
        // Its own connections go to no machine as near as this one.
        const kept = Object.entries({ method, headers, body, signal }).filter(([, value]) => value != null)
        return fetch(seen(String(input)), Object.fromEntries(kept))
      },
      pkce: { required: () => true },
      features: {
        devInteractions: { enabled: false },
        backchannelLogout: { enabled: true },
        rpInitiatedLogout: {
          enabled: true,
          logoutSource: (context, form) => {
            context.body = form
          },
        },
      },
      interactions: { url: (_context, { uid }) => `/people/${uid}` },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => known.get(id) ?? { sub: id },
      }),
      async loadExistingGrant(context) {
        const grant = new context.oidc.provider.Grant({
          accountId: context.oidc.session?.accountId ?? '',
          clientId: context.oidc.client?.clientId ?? '',
        })
        grant.addOIDCScope('openid email')
        await grant.save()
        return grant
      },
      renderError: (context, out) => {
        context.body = JSON.stringify(out)
      },
    })
    const callback = provider.callback()
    handler = (request, response) => {
      requests.push(`${request.method} ${(request.url ?? '').split('?', 1)[0]}`)
      if (!request.url?.startsWith('/people/')) return void callback(request, response)
      const result = person
        ? { login: { accountId: person.sub } }
        : { error: 'access_denied', error_description: 'The person said no.' }
      if (person) known.set(person.sub, person)
      void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    }
  }

  await addKey()
  start()
  return {
    url,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    requests,
    person(claims) {
      person = claims
    },
    async rotateKeys() {
      await addKey()
      start()
    },
    async away() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
    async back() {
      server = createServer((request, response) => handler(request, response))
      await listen(port)
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
