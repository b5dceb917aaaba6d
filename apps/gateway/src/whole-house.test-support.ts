import { Agent, request as ask, type IncomingHttpHeaders } from 'node:http'
import { openHouse, type House } from './house.test-support.ts'

/** A house with every route that there is: the demo, a sign-in and an embedding side by side. Their issuers are away. */
export function openWholeHouse(options: Parameters<typeof openHouse>[0] = {}): Promise<House> {
  const issuer = 'https://127.0.0.1:9'
  const userClaim = { name: 'sub', holds: 'external_user_id' } as const
  return openHouse({
    signIn: {
      issuer: new URL(issuer),
      clientId: 'homewatt',
      clientSecret: 'canary-issuer-secret',
      scope: 'openid',
      userClaim,
      createUsers: false,
    },
    embed: { issuer, keysUrl: new URL(`${issuer}/keys`), userClaim },
    ...options,
  })
}

/** An endpoint of the route table, in its two parts. */
export type Endpoint = { name: string; method: string; path: string }

export function endpointsOf(house: House): Endpoint[] {
  return house.endpoints().map((name) => {
    const [method = '', path = ''] = name.split(' ')
    return { name, method, path }
  })
}

/** Asked by servers and mail programs, which bring what proves that they may: a signed token, a secret of a mail. */
const withoutBrowser = ['/api/sign-in/backchannel-logout', '/api/notices/unsubscribe']

/** The endpoints that may change something, but for those that no browser asks. */
export function changingEndpoints(house: House): Endpoint[] {
  return endpointsOf(house).filter(({ method, path }) => method !== 'GET' && !withoutBrowser.includes(path))
}

/** The path of an endpoint with values in place of `:names`; as they are, not encoded. */
export function pathTo(path: string, values: Record<string, string>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? '0')
}

export type RawAnswer = { status: number; headers: IncomingHttpHeaders; body: string }

const agent = new Agent({ keepAlive: true, maxSockets: 8 })

/** Sends a path as it is written, which `fetch` would tidy up first. */
export function sendAsWritten(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string | string[]> = {},
  body?: string | Buffer,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  // Node would send the body of a DELETE without saying how long it is.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    const sent = ask(
      { hostname, port, method, path, headers: { ...length, ...headers }, agent },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    sent.on('error', (error) => {
      // The other side had ended the idle connection in the meantime.
      if (sent.reusedSocket) resolve(sendAsWritten(url, method, path, headers, body))
      else reject(error)
    })
    sent.end(body)
  })
}
