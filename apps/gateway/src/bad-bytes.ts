import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Answers what is no HTTP, or comes too slowly, and ends the connection. Node does so by itself, but without a word
 * about who may keep the answer.
 */
export function refuseBadBytes(server: Server) {
  /** Connections on which an answer is under way: a second one inside it would be taken for a part of it. */
  const answering = new Map<Duplex, number>()
  const count = (socket: Duplex, by: number) => {
    const left = (answering.get(socket) ?? 0) + by
    if (left > 0) answering.set(socket, left)
    else answering.delete(socket)
  }
  server.on('request', ({ socket }, response) => {
    count(socket, 1)
    response.once('close', () => count(socket, -1))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || answering.has(socket)) return void socket.destroy()
    socket.end(
      `HTTP/1.1 ${statuses[error.code ?? ''] ?? '400 Bad Request'}\r\n` +
        'cache-control: private, no-store\r\nx-content-type-options: nosniff\r\n' +
        'content-length: 0\r\nconnection: close\r\n\r\n',
    )
  })
}

const statuses: Partial<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}
