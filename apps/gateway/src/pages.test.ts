import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type House } from './house.test-support.ts'

/** Answers as a build of the web app does: pages with a policy, files with a tag, some compressed before. */
const handler = `
const page = '<!doctype html><p>' + 'A calm page. '.repeat(500)
const long = Buffer.from(Array.from({ length: 300_000 }, (_, n) => 65 + ((n * n) % 57) + (n % 3)))
export function handler(request, response, next) {
  const answers = {
    '/': () => { response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'", etag: '"x"', 'content-length': String(page.length) }); response.write(page.slice(0, 50)); response.end(page.slice(50)) },
    '/implicit': () => { response.setHeader('content-type', 'text/html'); response.end(page) },
    '/long': async () => { response.writeHead(200, { 'content-type': 'text/html' }); for (let n = 0; n < long.length; n += 1000) if (!response.write(long.subarray(n, n + 1000))) await new Promise((room) => response.once('drain', room)); response.end() },
    '/_app/immutable/a.js': () => { response.writeHead(200, { 'content-type': 'text/javascript', 'content-encoding': 'br', etag: '"a"', 'cache-control': 'public,max-age=31536000,immutable' }); response.end('x') },
    '/favicon.svg': () => { response.writeHead(200, { 'content-type': 'image/svg+xml', etag: '"f"' }); response.end('<svg/>') },
    '/_app/gone.js': () => { response.writeHead(404, { 'cache-control': 'public, max-age=60' }); response.end('Not found') },
    '/origin': () => { response.writeHead(200, { 'content-type': 'text/plain' }); response.end(process.env.ORIGIN + ' ' + process.env.GATEWAY_URL) },
  }
  const answer = answers[request.url]
  answer ? answer() : next()
}
`

let directory: string
let house: House
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  writeFileSync(join(directory, 'handler.js'), handler)
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  house = await openHouse({ webBuild: directory })
})
afterAll(async () => {
  await house.close()
  rmSync(directory, { recursive: true })
})

/** Without the decoding that `fetch` does. */
function raw(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ response: IncomingMessage; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(`${house.url}${path}`, { headers: { host: 'localhost:3000', ...headers } }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
      resolve({ response, body: Buffer.concat(chunks) })
    }).on('error', reject)
  })
}

test.each(['/', '/implicit'])('the page %s comes compressed as the browser likes best', async (path) => {
  const plain = await raw(path)
  const brotli = await raw(path, { 'accept-encoding': 'gzip, deflate, br' })
  const gzip = await raw(path, { 'accept-encoding': 'gzip, br;q=0' })
  expect(brotli.response.headers).toMatchObject({ 'content-encoding': 'br', vary: 'Accept-Encoding' })
  expect(brotli.response.headers['content-length']).toBeUndefined()
  expect(brotliDecompressSync(brotli.body)).toEqual(plain.body)
  expect(gunzipSync(gzip.body)).toEqual(plain.body)
  expect(plain.response.headers['content-encoding']).toBeUndefined()
  expect(brotli.body.length).toBeLessThan(plain.body.length / 10)
})

test('a page larger than any buffer arrives whole, compressed or not', async () => {
  const plain = await raw('/long')
  const brotli = await raw('/long', { 'accept-encoding': 'br' })
  expect(plain.body).toHaveLength(300_000)
  expect(brotliDecompressSync(brotli.body)).toEqual(plain.body)
})

test.each([
  ['/', 'private, no-store'],
  ['/_app/immutable/a.js', 'public,max-age=31536000,immutable'],
  ['/favicon.svg', 'private, max-age=3600'],
  ['/_app/gone.js', 'private, no-store'],
  ['/nowhere', 'private, no-store'],
])('%s says who may keep it: %s', async (path, expected) => {
  const { response } = await raw(path, { 'accept-encoding': 'br' })
  expect(response.headers['cache-control']).toBe(expected)
  expect(response.headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(response.headers['x-content-type-options']).toBe('nosniff')
})

test('a file that is compressed already is passed on as it is', async () => {
  const { response, body } = await raw('/_app/immutable/a.js', { 'accept-encoding': 'br' })
  expect(response.headers).toMatchObject({ 'content-encoding': 'br', etag: '"a"' })
  expect(body.toString()).toBe('x')
})

test('pages are told where the browser is, and a door to the gateway that is theirs alone', async () => {
  const [origin, gatewayUrl = ''] = (await raw('/origin')).body.toString().split(' ')
  expect(origin).toBe('http://localhost:3000')
  expect(gatewayUrl).not.toBe(house.url)
  expect(new URL(gatewayUrl).hostname).toBe('127.0.0.1')
  expect((await fetch(`${gatewayUrl}/api/health`)).status).toBe(200)
})

test('another name of this machine leads to the announced one', async () => {
  const { response } = await raw('/favicon.svg?x=1', { host: '127.0.0.1:3000' })
  expect(response.statusCode).toBe(307)
  expect(response.headers['location']).toBe('http://localhost:3000/favicon.svg?x=1')
})

test('no page answers for the API, whatever its name ends in', async () => {
  for (const path of ['/api', '/api/', '/api/home.css', '/api/home;x.js', '/api/..%2ffavicon.svg']) {
    const { response, body } = await raw(path)
    expect(response.statusCode).toBeGreaterThanOrEqual(400)
    expect(response.headers['cache-control']).toBe('private, no-store')
    expect(JSON.parse(body.toString())).toHaveProperty('error')
  }
})
