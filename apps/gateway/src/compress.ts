import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'

/**
 * Compresses what is rendered for this request: pages and their data. Files come compressed from the build
 * already. `finishHeaders` may still change the headers when the first byte is about to be written.
 */
export function compressed(
  request: IncomingMessage,
  response: ServerResponse,
  finishHeaders: (response: ServerResponse) => void,
): void {
  const encoding = encodingFor(String(request.headers['accept-encoding'] ?? ''))
  const plain = { writeHead: response.writeHead, write: response.write, end: response.end }
  let encoder: ReturnType<typeof createGzip> | ReturnType<typeof createBrotliCompress> | null = null

  response.writeHead = function (status: number, ...rest: unknown[]) {
    response.statusCode = status
    const headers = rest.find((argument) => typeof argument === 'object' && argument !== null)
    for (const [name, value] of headerPairs(headers)) response.setHeader(name, value)
    finishHeaders(response)
    if (encoding && isWorthIt(response)) {
      encoder = encoding === 'br' ? createBrotliCompress({ params: brotliParams }) : createGzip()
      encoder.on('data', (chunk: Buffer) => {
        if (!plain.write.call(response, chunk, 'utf8')) encoder?.pause()
      })
      encoder.on('end', () => plain.end.call(response, undefined, 'utf8'))
      response.on('drain', () => encoder?.resume())
      response.on('close', () => encoder?.destroy())
      // Whoever waits for room to write asks the response, but it is the encoder that was full.
      encoder.on('drain', () => response.emit('drain'))
      response.setHeader('content-encoding', encoding)
      response.removeHeader('content-length')
      // The tag of the plain bytes is not the tag of these.
      response.removeHeader('etag')
    }
    const vary = String(response.getHeader('vary') ?? '')
    if (!/accept-encoding/i.test(vary))
      response.setHeader('vary', vary ? `${vary}, accept-encoding` : 'accept-encoding')
    return plain.writeHead.call(response, status)
  } as ServerResponse['writeHead']

  response.write = function (chunk: unknown, ...rest: unknown[]) {
    if (!response.headersSent) response.writeHead(response.statusCode)
    if (encoder) return encoder.write(chunk as Buffer)
    return plain.write.call(response, chunk, ...(rest as [BufferEncoding]))
  } as ServerResponse['write']

  response.end = function (...rest: unknown[]) {
    if (!response.headersSent) response.writeHead(response.statusCode)
    if (!encoder) return plain.end.call(response, ...(rest as [unknown, BufferEncoding]))
    const [chunk] = rest
    if (chunk !== undefined && typeof chunk !== 'function') encoder.end(chunk as Buffer)
    else encoder.end()
    return response
  } as ServerResponse['end']
}

/** Good enough for a page of 50 KB in about a millisecond. */
const brotliParams = { [constants.BROTLI_PARAM_QUALITY]: 5 }

function encodingFor(accepted: string): 'br' | 'gzip' | null {
  const offers = accepted.split(',').map((part) => part.trim().toLowerCase())
  const isOffered = (name: string) =>
    offers.some((offer) => offer.split(';', 1)[0] === name && !/;\s*q=0(\.0*)?$/.test(offer))
  return isOffered('br') ? 'br' : isOffered('gzip') ? 'gzip' : null
}

function isWorthIt(response: ServerResponse): boolean {
  if (response.hasHeader('content-encoding') || response.req.method === 'HEAD') return false
  if (response.statusCode === 204 || response.statusCode === 304) return false
  return /^(text\/html|application\/json|text\/plain)/.test(String(response.getHeader('content-type') ?? ''))
}

function headerPairs(headers: unknown): [string, OutgoingHttpHeader][] {
  if (!headers) return []
  if (!Array.isArray(headers))
    return Object.entries(headers as OutgoingHttpHeaders).filter(
      (pair): pair is [string, OutgoingHttpHeader] => pair[1] !== undefined,
    )
  const pairs: [string, OutgoingHttpHeader][] = []
  for (let n = 0; n < headers.length; n += 2)
    pairs.push([String(headers[n]), headers[n + 1] as OutgoingHttpHeader])
  return pairs
}
