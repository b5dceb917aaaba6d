import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.test-support.ts'
import { installed, startFront } from './front.test-support.ts'

/** A HAProxy of a test's own in front of the gateway. */
export type Haproxy = {
  url: string
  /** Where it speaks HTTP/1.1. */
  port: number
  /** Where it speaks HTTP/2, without TLS. */
  http2Port: number
  close(): Promise<void>
}

const bin = installed('haproxy')

/** Why there can be none; `null` when there can. */
export const haproxyMissing = bin === null ? 'no HAProxy here: apt-get install haproxy' : null

/**
 * With the time limits that Debian gives it, and none of its own.
 *
 * @param upstream where the gateway listens
 * @param inBackend directives of the backend
 */
export async function openHaproxy(
  upstream: string,
  { inBackend = '' }: { inBackend?: string } = {},
): Promise<Haproxy> {
  if (bin === null) throw new Error(haproxyMissing ?? '')
  const directory = mkdtempSync(join(tmpdir(), 'homewatt-haproxy-'))
  const [port, http2Port] = [await freePort(), await freePort()]
  const file = join(directory, 'haproxy.cfg')
  writeFileSync(
    file,
    `defaults
       mode http
       timeout connect 5000
       timeout client 50000
       timeout server 50000
     frontend browsers
       bind 127.0.0.1:${port}
       bind 127.0.0.1:${http2Port} proto h2
       default_backend gateway
     backend gateway
       ${inBackend}
       server gateway ${new URL(upstream).host}\n`,
  )
  const front = await startFront(bin, ['-db', '-f', file], port)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    http2Port,
    async close() {
      await front.close()
      rmSync(directory, { recursive: true })
    },
  }
}
