import { Agent, createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** Stands between gateway and simulator, for what an API cannot do to its own answers. */
export type FaultProxy = {
  port: number
  /** Strikes requests that match, until `clear`, or `count` of them. The earliest that matches strikes. */
  fault(fault: ProxyFault): void
  clear(): void
  /** Keeps back the next answer that matches; it was made when it was asked for. The result lets it go. `onHeld` hears of it. */
  hold(match: ProxyMatch, onHeld?: () => void): { isHeld(): boolean; release(): void }
  /** Every request that came, `GET /path`. */
  requests: string[]
  /** How much of endless bodies was taken, bytes. */
  taken(): number
  /** How many connections the gateway holds. */
  connections(): number
  close(): Promise<void>
}

export type ProxyMatch = { method?: string; path?: RegExp }

export type ProxyFault = { match?: ProxyMatch; count?: number } &
  /** A byte at a time without end: white space before the body is JSON too. */
  (
    | { kind: 'drip' }
    /** As much at a time as the gateway takes, without end. */
    | { kind: 'endless' }
    /** Taken, and never heard of again; the connection stays. */
    | { kind: 'half_open' }
    /** Headers, half a body, and a reset. */
    | { kind: 'reset_mid_body' }
    /** Carried out, but the answer gets lost. */
    | { kind: 'lost_after' }
    /** Lost on the way there. */
    | { kind: 'lost_before' }
    /** A connection that was used before is reset as it is used again. */
    | { kind: 'reset_when_reused' }
    /** An answer of our own making. */
    | { kind: 'answer'; status?: number; headers?: Record<string, string>; body: Buffer | string }
    /** Announces a body and ends before it is over. */
    | { kind: 'short'; body: string }
  )

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }
type Held = { match: ProxyMatch; isHeld: boolean; until: Promise<void>; onHeld: () => void }

/** @param targetPort where the simulator listens, on this machine */
export async function openFaultProxy(targetPort: number): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true })
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let takenBytes = 0
  const used = new WeakSet<Socket>()
  let faults: { fault: ProxyFault; left: number }[] = []
  let holds: Held[] = []

  function strike(request: IncomingMessage): ProxyFault | null {
    for (const entry of faults) {
      const { fault } = entry
      if (entry.left <= 0 || !fits(fault.match, request)) continue
      if (fault.kind === 'reset_when_reused' && !used.has(request.socket)) continue
      entry.left--
      return fault
    }
    return null
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const fault = strike(request)
    used.add(request.socket)
    switch (fault?.kind) {
      case 'half_open':
        return
      case 'lost_before':
      case 'reset_when_reused':
        return void request.socket.resetAndDestroy()
      case 'drip':
        return drip(response)
      case 'endless':
        return endless(response, (bytes) => (takenBytes += bytes))
      case 'answer':
        return void response
          .writeHead(fault.status ?? 200, { 'content-type': 'application/json', ...fault.headers })
          .end(fault.body)
      case 'short':
        return void response
          .writeHead(200, {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(fault.body) + 100,
          })
          .write(fault.body, () => response.destroy())
      case 'lost_after':
        await forward(request)
        return void request.socket.resetAndDestroy()
      case 'reset_mid_body': {
        const { status, headers, body } = await forward(request)
        response.writeHead(status, headers)
        return void response.write(body.subarray(0, body.length / 2), () => request.socket.resetAndDestroy())
      }
      case undefined:
    }
    const { status, headers, body } = await forward(request)
    const hold = holds.find(({ match, isHeld }) => !isHeld && fits(match, request))
    if (hold) {
      hold.isHeld = true
      hold.onHeld()
      await hold.until
    }
    if (!response.destroyed) response.writeHead(status, headers).end(body)
  }

  function forward(request: IncomingMessage): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { method, url, headers } = request
      const sent = ask({ host: '127.0.0.1', port: targetPort, method, path: url, headers, agent }, (got) => {
        const chunks: Buffer[] = []
        got.on('data', (chunk: Buffer) => chunks.push(chunk))
        got.on('error', reject)
        got.on('end', () =>
          resolve({ status: got.statusCode ?? 0, headers: ownHeaders(got), body: Buffer.concat(chunks) }),
        )
      })
      sent.on('error', reject)
      request.pipe(sent)
    })
  }

  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    // Whatever happens to the simulator happens to whoever asked it through here.
    answer(request, response).catch(() => request.socket.resetAndDestroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    port: (server.address() as AddressInfo).port,
    requests,
    taken: () => takenBytes,
    fault: (fault) => void faults.push({ fault, left: fault.count ?? Infinity }),
    clear() {
      faults = []
      holds = []
    },
    hold(match, onHeld = () => {}) {
      let release = () => {}
      const until = new Promise<void>((resolve) => (release = resolve))
      const held: Held = { match, isHeld: false, until, onHeld }
      holds.push(held)
      return { isHeld: () => held.isHeld, release }
    },
    connections: () => sockets.size,
    close() {
      agent.destroy()
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function fits(match: ProxyMatch = {}, { method, url = '' }: IncomingMessage): boolean {
  return (match.method === undefined || match.method === method) && (match.path?.test(url) ?? true)
}

/** What belongs to one connection does not belong to the next. */
function ownHeaders({ headers }: IncomingMessage): Answer['headers'] {
  const ofConnection = new Set(['connection', 'keep-alive', 'transfer-encoding'])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.has(name)))
}

function drip(response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 5)
  response.on('close', () => clearInterval(timer))
}

function endless(response: ServerResponse, onTaken: (bytes: number) => void) {
  const chunk = Buffer.alloc(64 * 1024, ' ')
  response.writeHead(200, { 'content-type': 'application/json' })
  const fill = () => {
    let hasRoom = true
    while (hasRoom && !response.destroyed) {
      hasRoom = response.write(chunk)
      onTaken(chunk.length)
    }
  }
  response.on('drain', fill)
  fill()
}
