import { connectAndAbort, dripSlowly, floodWithStreams } from './crowd-abuse.ts'
import { askInTurn, askSteadily } from './crowd-asking.ts'
import { openStreams, type StreamCrowd } from './crowd-streams.ts'
import { requestOf } from './raw-client.ts'

/** A crowd of browsers, in a process of its own. It is told what to do, and answers when that is done. */
export type Asked = { method: string; path: string; headers: Record<string, string>; body?: string }

let streams: StreamCrowd | null = null
let slow: ReturnType<typeof dripSlowly> | null = null
let flood: ReturnType<typeof floodWithStreams> | null = null

const jobs = {
  askInTurn: (port: number, asked: Asked[], connections: number, ms: number) =>
    askInTurn(port, asked.map(written), connections, ms),
  askSteadily: (port: number, asked: Asked[], perSecond: number, connections: number, ms: number) =>
    askSteadily(port, asked.map(written), perSecond, connections, ms),
  connectAndAbort,
  openStreams(...args: Parameters<typeof openStreams>) {
    streams = openStreams(...args)
  },
  watching: () => streams?.watching() ?? 0,
  broken: () => streams?.broken() ?? 0,
  heard: () => (streams as StreamCrowd).heard(),
  closeStreams: () => streams?.close(),
  beginSlow(port: number, count: number) {
    slow = dripSlowly(port, count)
  },
  endSlow: () => (slow as NonNullable<typeof slow>).end(),
  beginFlood(...args: Parameters<typeof floodWithStreams>) {
    flood = floodWithStreams(...args)
  },
  flooded: () => flood?.asked() ?? 0,
  endFlood: () => (flood as NonNullable<typeof flood>).end(),
}
export type Jobs = typeof jobs

const written = ({ method, path, headers, body }: Asked) => requestOf(method, path, headers, body)

process.on('message', ({ job, args }: { job: keyof Jobs; args: never[] }) => {
  void Promise.resolve((jobs[job] as (...args: never[]) => unknown)(...args)).then((result) =>
    process.send?.({ result: result ?? null }),
  )
})
process.send?.({ result: 'here' })
