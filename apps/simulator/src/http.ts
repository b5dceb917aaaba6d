import type { IncomingMessage } from 'node:http'

/** A request as handlers see it. */
export type Request = {
  method: string
  /** Without query; not decoded. */
  path: string
  query: URLSearchParams
  header(name: string): string | undefined
  /** The body, decoded from JSON; throws `HttpError` when it is none. `undefined` without a body. */
  json(): unknown
  /** The body of a form. */
  form(): URLSearchParams
  /** Where the caller reached us, `http://host:port`. */
  origin: string
  /** The caller is on this machine. */
  isLocal: boolean
}

/** An answer before it is written: `json` or `html`, or neither. */
export type Answer = {
  status: number
  json?: unknown
  html?: string
  headers?: Record<string, string>
}

export const ok = (json: unknown): Answer => ({ status: 200, json })
export const noContent: Answer = { status: 204 }
export const notFound: Answer = { status: 404, json: { detail: 'Not Found' } }
export const page = (html: string, status = 200): Answer => ({ status, html })
/** Sends a browser on, to a path of ours or a URL. */
export const seeOther = (location: string): Answer => ({
  status: 303,
  // A header takes no line breaks, which `URL` knows how to write.
  headers: { location: location.startsWith('/') ? location : new URL(location).href },
})

/** One complaint about a request, in the form that Django Ninja uses. */
export type Complaint = { type: string; loc: (string | number)[]; msg: string }

export const unprocessable = (complaints: Complaint[]): Answer => ({
  status: 422,
  json: { detail: complaints },
})

/** Ends a request early with an answer. */
export class HttpError extends Error {
  override name = 'HttpError'
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`HTTP ${answer.status}`)
    this.answer = answer
  }
}

/** Reads a request whole. Throws `HttpError` 413 beyond `MOST_BYTES`. */
export async function readRequest(message: IncomingMessage, publicUrl: string | null): Promise<Request> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES) throw new HttpError({ status: 413, json: { detail: 'Request body too large' } })
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks).toString('utf8')
  const [path = '/', query = ''] = splitOnce(message.url ?? '/', '?')
  return {
    method: message.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    header: (name) => {
      const value = message.headers[name]
      return Array.isArray(value) ? value[0] : value
    },
    json() {
      if (body.trim() === '') return undefined
      try {
        return JSON.parse(body)
      } catch {
        throw new HttpError({ status: 400, json: { detail: 'Cannot parse request body' } })
      }
    },
    form: () => new URLSearchParams(body),
    origin: publicUrl ?? `http://${message.headers.host ?? 'localhost'}`,
    isLocal: isLoopback(message.socket.remoteAddress ?? ''),
  }
}

const MOST_BYTES = 1_000_000

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}

const isLoopback = (address: string) => address === '::1' || /^(::ffff:)?127\./.test(address)
