import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Hono } from 'hono'
import { internalFailure, notFound, tooLarge, type ApiFailure } from './errors.ts'

const MAX_BODY_BYTES = 16 * 1024
const noBody = Buffer.alloc(0)

/** Lets the API answer a request of `node:http`. Bodies are small and read whole. */
export async function answerApi(
  app: Hono<never>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = mayHaveBody(request) ? await readBody(request) : noBody
  if (body === null) {
    // The rest of the body is not waited for.
    response.setHeader('connection', 'close')
    return write(response, tooLarge())
  }
  const sent = toRequest(request, body)
  // A path that has to be resolved first names nothing: what is looked up here is what a proxy in front saw.
  if (new URL(sent.url).pathname !== request.url?.split('?', 1)[0]) return write(response, notFound())
  let answer: Response
  try {
    answer = await app.fetch(sent)
  } catch {
    return write(response, internalFailure())
  }
  response.statusCode = answer.status
  answer.headers.forEach((value, name) => {
    if (name !== 'set-cookie') response.setHeader(name, value)
  })
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) response.setHeader('set-cookie', cookies)
  response.end(
    request.method === 'HEAD' || !answer.body ? undefined : Buffer.from(await answer.arrayBuffer()),
  )
}

/** Writes a failure without the API, for requests that do not get that far. */
export function write(response: ServerResponse, { status, body }: ApiFailure) {
  // Like the API's own answers to the letter: which of the two said no tells nobody anything.
  response.statusCode = status
  response.setHeader('content-type', 'application/json')
  if (body.retry_after_s !== undefined) response.setHeader('retry-after', String(body.retry_after_s))
  response.end(JSON.stringify({ error: body }))
}

function toRequest(request: IncomingMessage, body: Buffer): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === 'string') headers.set(name, value)
  // Host names are not looked at here; a URL needs one.
  const url = new URL(request.url ?? '/', 'http://gateway.invalid')
  const method = request.method ?? 'GET'
  return new Request(url, { method, headers, ...(body.length > 0 ? { body: new Uint8Array(body) } : {}) })
}

/** Where none is expected `isPlain` has refused it. */
const mayHaveBody = ({ method }: IncomingMessage) => method !== 'GET' && method !== 'HEAD'

/** `null` when it is too large; what came until the connection broke otherwise, for nobody will hear the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MAX_BODY_BYTES) return null
      chunks.push(chunk)
    }
  } catch {
    return Buffer.alloc(0)
  }
  return Buffer.concat(chunks)
}
