import { get, type IncomingMessage } from 'node:http'

/** An event of a stream, with its data still as text. */
export type StreamEvent = { event: string; id: string | null; data: string }

/** Reads a stream of server-sent events as a browser does. */
export type StreamReader = {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** The next event of this name, passing over others; what came before and was not read yet counts. */
  next(event: string): Promise<StreamEvent>
  /** All events so far, read or not. */
  readonly events: readonly StreamEvent[]
  /** Resolves when the other side has ended the stream. */
  readonly ended: Promise<void>
  close(): void
}

/** @param hear is told of each event when it comes */
export function readStream(
  url: string,
  cookie: string,
  hear: (event: StreamEvent) => void = () => {},
): Promise<StreamReader> {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/api/stream`, { headers: { cookie } }, (response) => {
      const events: StreamEvent[] = []
      const waiting: { event: string; resolve: (event: StreamEvent) => void }[] = []
      let unread: StreamEvent[] = []
      let rest = ''

      function take(event: StreamEvent) {
        events.push(event)
        hear(event)
        const first = waiting.findIndex((waiter) => waiter.event === event.event)
        if (first < 0) unread.push(event)
        else waiting.splice(first, 1)[0]?.resolve(event)
      }

      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        const frames = (rest + text).split('\n\n')
        rest = frames.pop() ?? ''
        for (const frame of frames) take(parsed(frame))
      })
      response.on('error', () => {})
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        events,
        ended: new Promise((done) => response.on('close', done)),
        next(name) {
          const at = unread.findIndex(({ event }) => event === name)
          const found = unread[at]
          if (!found) return new Promise((done) => waiting.push({ event: name, resolve: done }))
          unread = unread.slice(at + 1)
          return Promise.resolve(found)
        },
        close: () => request.destroy(),
      })
    })
    request.on('error', reject)
  })
}

function parsed(frame: string): StreamEvent {
  const fields = Object.fromEntries(
    frame.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
  )
  return { event: fields['event'] ?? '', id: fields['id'] ?? null, data: fields['data'] ?? '' }
}
