import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Stands between two programs of a test, and can fall silent as a network does: nothing passes, and nobody is told. */
export type Relay = {
  port: number
  hang(): void
  /** What was kept back goes on its way. */
  goOn(): void
  close(): Promise<void>
}

/** @param targetPort where connections lead, on this machine */
export async function openRelay(targetPort: number): Promise<Relay> {
  const sockets = new Set<Socket>()
  let hangs = false
  const server = createServer((from) => {
    const to = connect(targetPort, '127.0.0.1')
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one)
      one.on('data', (data) => other.write(data))
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      if (hangs) one.pause()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    hang() {
      hangs = true
      for (const socket of sockets) socket.pause()
    },
    goOn() {
      hangs = false
      for (const socket of sockets) socket.resume()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
