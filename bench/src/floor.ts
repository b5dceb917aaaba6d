import { createServer, type ServerResponse } from 'node:http'
import { sayUsage } from './usage.ts'

/**
 * A server that sends the body it was started with, and nothing else: the least that an answer can cost. At /api/stream it
 * goes on with a beat every 15 s.
 */
const body = process.argv[2] ?? ''
const streams = new Set<ServerResponse>()
const server = createServer((request, response) => {
  if (request.url === '/api/stream') {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    response.write(`event: snapshot\ndata: ${body}\n\n`)
    streams.add(response)
    response.on('close', () => streams.delete(response))
    return
  }
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
})
setInterval(() => {
  for (const response of streams) response.write(`event: beat\ndata: ${body.slice(0, 200)}\n\n`)
}, 15_000)
sayUsage()
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`floor ${typeof address === 'object' && address ? address.port : ''}`)
})
