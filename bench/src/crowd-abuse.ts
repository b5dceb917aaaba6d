import { connect } from 'node:net'
import { percentile } from './numbers.ts'
import { lastChunk, requestOf } from './raw-client.ts'

/**
 * Opens streams and breaks each off, so many at a time: a third before the answer, a third with an end, a third with a
 * reset. Resolves when all are over.
 */
export async function connectAndAbort(
  port: number,
  host: string,
  cookies: string[],
  cycles: number,
  atOnce: number,
): Promise<{ perSecond: number }> {
  const beganMs = performance.now()
  let next = 0
  const one = (n: number) =>
    new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.on('connect', () => {
        const cookie = cookies[n % cookies.length] ?? ''
        socket.write(requestOf('GET', '/api/stream', { host, cookie }))
        if (n % 3 === 0) socket.destroySoon()
      })
      socket.once('data', () => (n % 3 === 1 ? socket.destroy() : socket.resetAndDestroy()))
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
  const worker = async () => {
    while (next < cycles) await one(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { perSecond: (cycles / (performance.now() - beganMs)) * 1_000 }
}

/** Clients that send a byte of a header now and then, and begin anew when they are cut off. */
export function dripSlowly(port: number, count: number) {
  const EVERY_MS = 500
  const livesMs: number[] = []
  const all = new Set<ReturnType<typeof connect>>()
  let isOver = false

  function open() {
    if (isOver) return
    const socket = connect(port, '127.0.0.1')
    all.add(socket)
    const beganMs = performance.now()
    let drip: NodeJS.Timeout | undefined
    socket.on('connect', () => {
      socket.write('GET /api/home HTTP/1.1\r\nx-slow: ')
      drip = setInterval(() => socket.write('a'), EVERY_MS)
    })
    socket.on('data', () => {})
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(drip)
      all.delete(socket)
      livesMs.push(performance.now() - beganMs)
      open()
    })
  }
  for (let n = 0; n < count; n++) setTimeout(open, (n / count) * 1_000)

  return {
    /** How many were cut off so far. */
    cut: () => livesMs.length,
    /** How many were, and how long the longest of them lived, ms. */
    end() {
      isOver = true
      for (const socket of all) socket.destroy()
      return { cut: livesMs.length, longestMs: livesMs.length === 0 ? Infinity : percentile(livesMs, 1) }
    },
  }
}

/** Opens so many streams, each once, and keeps those that it is left. */
export function floodWithStreams(
  port: number,
  host: string,
  cookies: string[],
  count: number,
  perSecond: number,
) {
  const held = new Set<ReturnType<typeof connect>>()
  let asked = 0

  function open(n: number) {
    const socket = connect(port, '127.0.0.1')
    const cookie = cookies[n % cookies.length] ?? ''
    socket.on('connect', () => {
      asked++
      socket.write(requestOf('GET', '/api/stream', { host, cookie }))
    })
    socket.once('data', (data) => {
      if (!data.toString('latin1').startsWith('HTTP/1.1 200')) return socket.destroy()
      held.add(socket)
    })
    // The stream may end long before its connection does.
    socket.on('data', (data) => data.subarray(-5).equals(lastChunk) && held.delete(socket))
    socket.on('error', () => {})
    socket.on('close', () => held.delete(socket))
  }
  for (let n = 0; n < count; n++) setTimeout(open, (n / perSecond) * 1_000, n)

  return {
    asked: () => asked,
    /** How many were open just now. */
    end() {
      const left = held.size
      for (const socket of held) socket.destroy()
      return { left }
    },
  }
}
