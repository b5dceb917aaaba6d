import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose'

/** An OpenID provider that says whatever a test wants it to say, signed with whatever. */
export type Forger = {
  url: string
  key: CryptoKey
  /** The public key under the same id. */
  publicKey: JWK
  /** What the token endpoint answers with from now on. */
  answer: (tokens: Tokens) => void
  /** Adds a key of another kind to those it names, and resolves with its private half. */
  addKey(alg: string, kid: string): Promise<CryptoKey>
  /** A token signed as an honest issuer does, unless something else is said. */
  sign(
    claims: JWTPayload,
    how?: { header?: Partial<JWTHeaderParameters>; key?: CryptoKey | Uint8Array },
  ): Promise<string>
  /** How often its keys were asked for. */
  keyRequests(): number
  close(): Promise<void>
}

type Tokens = { status?: number; body: unknown; headers?: Record<string, string> }

const KID = 'honest'

export async function openForger(metadata: Record<string, unknown> = {}): Promise<Forger> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const keys: JWK[] = [{ ...(await exportJWK(publicKey)), kid: KID, alg: 'RS256', use: 'sig' }]
  let tokens: Tokens = { status: 400, body: { error: 'invalid_grant' } }
  let keyRequests = 0
  const server = createServer((request, response) => {
    const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body))
    request.resume()
    if (request.url === '/.well-known/openid-configuration') return json(200, described)
    if (request.url === '/keys') {
      keyRequests++
      return json(200, { keys })
    }
    if (request.url === '/token') return json(tokens.status ?? 200, tokens.body, tokens.headers)
    return json(404, {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const described = {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    ...metadata,
  }
  return {
    url,
    key: privateKey,
    publicKey: keys[0] ?? {},
    answer(said) {
      tokens = said
    },
    async addKey(alg, kid) {
      const pair = await generateKeyPair(alg, { extractable: true })
      keys.push({ ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' })
      return pair.privateKey
    },
    sign: (claims, { header = {}, key = privateKey } = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: KID, ...header }).sign(key),
    keyRequests: () => keyRequests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
