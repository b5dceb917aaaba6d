import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A server with a certificate that nobody vouches for; a context with `ignoreHTTPSErrors` believes it. */
export type TlsServer = { port: number; close(): Promise<void> }

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export async function openTls(handler: Handler): Promise<TlsServer> {
  const server = createServer(certificate(), handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Passes everything on as it came, as a partner's own proxy would. */
export function passOnTo(port: () => number): Handler {
  return (incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const passed = request({ host: '127.0.0.1', port: port(), method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
      answer.on('error', () => outgoing.destroy())
    })
    passed.on('error', () => outgoing.destroy())
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  }
}

let made: { key: Buffer; cert: Buffer } | null = null

function certificate() {
  if (made) return made
  const directory = mkdtempSync(join(tmpdir(), 'homewatt-tls-'))
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  const how = ['-x509', '-nodes', '-days', '2', '-subj', '/CN=homewatt.test', '-keyout', key, '-out', cert]
  execFileSync('openssl', ['req', ...curve, ...how], { stdio: 'ignore' })
  made = { key: readFileSync(key), cert: readFileSync(cert) }
  rmSync(directory, { recursive: true })
  return made
}
