import { connect, type Socket } from 'node:net'
import { requestOf } from './raw-client.ts'
import { percentile } from './numbers.ts'

/** Thousands of browsers that watch; each comes back when its stream breaks, as our own does. */
export type StreamCrowd = {
  /** How many have had their snapshot on the connection they have now. */
  watching(): number
  /** How often a stream ended or was refused since this was last asked. */
  broken(): number
  /** How many different streams heard of a change since `heard` was last asked. */
  hearers(): number
  /** What was heard since this was last asked. */
  heard(): { changes: number; changeP99Ms: number; beats: number; beatP99Ms: number }
  close(): void
}

/** As in `packages/queries`. */
const RECONNECT_MS = [1_000, 2_000, 4_000, 8_000, 15_000]
/** Beats of different rounds are 15 s apart. */
const SAME_ROUND_MS = 5_000

export function openStreams(port: number, host: string, cookies: string[], count: number, perSecond: number) {
  const sockets = new Set<Socket>()
  const watching = new Set<number>()
  let broken = 0
  /** Wall ms of receipt minus the gateway's `at`: what is more than the least of them was spent on the way. */
  let changes: number[] = []
  let beats: number[] = []
  const hearers = new Set<number>()
  let isOver = false

  function open(n: number, failures: number) {
    if (isOver) return
    const socket = connect(port, '127.0.0.1')
    sockets.add(socket)
    let hasSnapshot = false
    socket.on('connect', () =>
      socket.write(requestOf('GET', '/api/stream', { host, cookie: cookies[n % cookies.length] ?? '' })),
    )
    socket.on('data', (data) => {
      const nowMs = performance.timeOrigin + performance.now()
      const text = data.toString('latin1')
      if (!hasSnapshot && text.includes('event: snapshot')) {
        hasSnapshot = true
        watching.add(n)
      }
      if (text.startsWith('HTTP/1.1 503')) socket.destroy()
      if (text.includes('event: change')) {
        const at = /event: change[^]*?"at":"([^"]+)"/.exec(text)?.[1]
        if (at) changes.push(nowMs - Date.parse(at))
        hearers.add(n)
      }
      if (text.includes('event: beat')) beats.push(nowMs)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      watching.delete(n)
      if (isOver) return
      broken++
      const after = hasSnapshot ? 0 : failures + 1
      const waitMs = RECONNECT_MS[Math.min(after, RECONNECT_MS.length - 1)] ?? 0
      setTimeout(() => open(n, after), waitMs * (0.5 + Math.random()))
    })
  }
  for (let n = 0; n < count; n++) setTimeout(() => open(n, 0), (n / perSecond) * 1_000)

  return {
    watching: () => watching.size,
    broken() {
      const found = broken
      broken = 0
      return found
    },
    hearers: () => hearers.size,
    heard() {
      const least = changes.reduce((found, ms) => Math.min(found, ms), Infinity)
      const found = {
        changes: changes.length,
        changeP99Ms: percentile(
          changes.map((ms) => ms - least),
          0.99,
        ),
        beats: beats.length,
        beatP99Ms: percentile(sinceFirst(beats), 0.99),
      }
      changes = []
      beats = []
      hearers.clear()
      return found
    },
    close() {
      isOver = true
      for (const socket of sockets) socket.destroy()
    },
  } satisfies StreamCrowd
}

/** How long after the first of its round each came. */
function sinceFirst(timesMs: readonly number[]): number[] {
  let first = -Infinity
  return [...timesMs]
    .sort((a, b) => a - b)
    .map((ms) => {
      if (ms - first > SAME_ROUND_MS) first = ms
      return ms - first
    })
}
