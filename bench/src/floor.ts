import { createServer } from 'node:http'

/** A server that sends the body it was started with, and nothing else: the least that an answer can cost. */
const body = process.argv[2] ?? ''
const server = createServer((_, response) => {
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`floor ${typeof address === 'object' && address ? address.port : ''}`)
})
