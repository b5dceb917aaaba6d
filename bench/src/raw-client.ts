import { connect, type Socket } from 'node:net'

/** One connection that asks one thing at a time, as cheaply as can be: what is measured is the other side. */
export type Connection = {
  /** The status of the answer, when all of it is here. Rejects when the connection breaks before. */
  ask(request: Buffer): Promise<number>
  readonly isOpen: boolean
  close(): void
}

export function requestOf(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Buffer {
  const all = {
    ...headers,
    ...(method === 'GET' ? {} : { 'x-homewatt': '1', 'content-length': String(body.length) }),
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

export function openConnection(port: number): Connection {
  const socket: Socket = connect(port, '127.0.0.1').setNoDelay(true)
  let waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null
  let head = ''
  let status = 0
  /** Bytes of the body that are still to come; `null`: until the last chunk. */
  let missing: number | null = null
  let isInBody = false
  let isOpen = true

  function take(data: Buffer) {
    let bodyBytes = data.length
    if (!isInBody) {
      head += data.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      status = Number(head.slice(9, 12))
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
      missing = length === undefined ? (status === 204 ? 0 : null) : Number(length)
      bodyBytes = head.length - end - 4
      isInBody = true
    }
    if (missing !== null) missing -= bodyBytes
    const isLastChunk = missing === null && data.subarray(-5).equals(lastChunk)
    if (missing !== null ? missing > 0 : !isLastChunk) return
    const done = waiting
    waiting = null
    head = ''
    isInBody = false
    done?.resolve(status)
  }

  socket.on('data', take)
  socket.on('error', () => {})
  socket.on('close', () => {
    isOpen = false
    waiting?.reject(new Error('The connection broke.'))
  })
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (!isOpen) return reject(new Error('The connection is closed.'))
        waiting = { resolve, reject }
        socket.write(request)
      }),
    get isOpen() {
      return isOpen
    },
    close: () => socket.destroy(),
  }
}

export const lastChunk = Buffer.from('0\r\n\r\n')
