import { connect } from 'node:http2'
import { get } from 'node:http'
import type { Readable } from 'node:stream'
import { constants, createGunzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from './free-port.test-support.ts'
import { haproxyMissing, openHaproxy } from './haproxy.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { nginxBin, nginxMissing, openNginx } from './nginx.test-support.ts'

const HOST = 'localhost:3000'

type Doors = { http1: number; http2: number; close(): Promise<void> }

/** Told nothing but where the gateway is, and to compress whatever they can: that must not hold back what was said. */
const fronts: { name: string; missing: string | null; open(url: string): Promise<Doors> }[] = [
  {
    name: 'an nginx',
    missing: nginxBin === null ? nginxMissing : null,
    async open(url) {
      const ports = { http1: await freePort(), http2: await freePort() }
      const toGateway = 'location / { proxy_pass http://gateway; proxy_set_header Host $http_host; }'
      const { close } = await openNginx(url, {
        inHttp: `gzip on; gzip_types *; gzip_proxied any;
          server { listen 127.0.0.1:${ports.http1}; ${toGateway} }
          server { listen 127.0.0.1:${ports.http2} http2; ${toGateway} }`,
      })
      return { ...ports, close }
    },
  },
  {
    name: 'a HAProxy',
    missing: haproxyMissing,
    async open(url) {
      const { port, http2Port, close } = await openHaproxy(url, { inBackend: 'compression algo gzip' })
      return { http1: port, http2: http2Port, close }
    },
  },
]

let house: House
let person: Person
beforeAll(async () => {
  house = await openHouse()
  person = await house.signIn('full')
  await person.home()
})
afterAll(() => house?.close())

describe.each(fronts)('through $name', ({ missing, open: openFront }) => {
  describe.skipIf(missing !== null)(missing ?? 'with its default settings', () => {
    let doors: Doors
    beforeAll(async () => {
      doors = await openFront(house.url)
    })
    afterAll(() => doors?.close())

    const http1 = (headers: Record<string, string>) =>
      new Promise<Opened>((resolve, reject) =>
        get(
          `http://127.0.0.1:${doors.http1}/api/stream`,
          { headers: { host: HOST, ...headers }, agent: false },
          (answer) =>
            resolve({
              coding: answer.headers['content-encoding'],
              body: answer,
              end: () => answer.destroy(),
            }),
        ).on('error', reject),
      )
    const http2 = (headers: Record<string, string>) =>
      new Promise<Opened>((resolve, reject) => {
        const session = connect(`http://127.0.0.1:${doors.http2}`).on('error', reject)
        const stream = session.request({ ':path': '/api/stream', ':authority': HOST, ...headers })
        stream.on('response', (answer) =>
          resolve({ coding: answer['content-encoding'], body: stream, end: () => session.destroy() }),
        )
      })

    test.each([
      ['HTTP/1.1', http1, {}],
      ['HTTP/1.1, compressed', http1, { 'accept-encoding': 'gzip' }],
      ['HTTP/2', http2, {}],
      ['HTTP/2, compressed', http2, { 'accept-encoding': 'gzip' }],
    ])('over %s the snapshot comes at once, and each beat when it is sent', async (_, open, headers) => {
      const { coding, body, end } = await open({ cookie: person.cookie, ...headers })
      let text = ''
      const plain = coding === 'gzip' ? body.pipe(createGunzip({ flush: constants.Z_SYNC_FLUSH })) : body
      plain.on('data', (more) => (text += String(more)))
      plain.on('error', () => {})
      // The clock of the house stands still, so nothing else can push it out.
      await expect.poll(() => text, { timeout: 5_000 }).toMatch(/^event: snapshot\n[^]+\n\n$/)
      for (let beats = 1; beats <= 2; beats++) {
        await house.time.advance(15_000)
        await expect.poll(() => text.split('event: beat\n').length - 1, { timeout: 5_000 }).toBe(beats)
      }
      end()
    })
  })
})

type Opened = { coding: string | undefined; body: Readable; end: () => void }
