import { connect } from 'node:http2'
import { get } from 'node:http'
import type { Readable } from 'node:stream'
import { constants, createGunzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from './free-port.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { nginxBin, nginxMissing, openNginx, type Nginx } from './nginx.test-support.ts'

describe.skipIf(nginxBin === null)(
  `through an nginx that was told nothing but where the gateway is${nginxBin ? '' : ` (${nginxMissing})`}`,
  () => {
    let house: House
    let person: Person
    let nginx: Nginx
    let ports: { http1: number; http2: number }
    beforeAll(async () => {
      house = await openHouse()
      person = await house.signIn('full')
      await person.home()
      ports = { http1: await freePort(), http2: await freePort() }
      const toGateway = 'location / { proxy_pass http://gateway; proxy_set_header Host localhost:3000; }'
      nginx = await openNginx(house.url, {
        // Compression as greedy as it can be set: it must not hold back what was said.
        inHttp: `gzip on; gzip_types *; gzip_proxied any;
          server { listen 127.0.0.1:${ports.http1}; ${toGateway} }
          server { listen 127.0.0.1:${ports.http2} http2; ${toGateway} }`,
      })
    })
    afterAll(async () => {
      await nginx?.close()
      await house?.close()
    })

    const http1 = (headers: Record<string, string>) =>
      new Promise<Opened>((resolve, reject) =>
        get(`http://127.0.0.1:${ports.http1}/api/stream`, { headers, agent: false }, (answer) =>
          resolve({ coding: answer.headers['content-encoding'], body: answer, end: () => answer.destroy() }),
        ).on('error', reject),
      )
    const http2 = (headers: Record<string, string>) =>
      new Promise<Opened>((resolve, reject) => {
        const session = connect(`http://127.0.0.1:${ports.http2}`).on('error', reject)
        const stream = session.request({ ':path': '/api/stream', ...headers })
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
  },
)

type Opened = { coding: string | undefined; body: Readable; end: () => void }
