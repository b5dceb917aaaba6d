import type { ServerResponse } from 'node:http'
import type { Time } from '@homewatt/client'
import type { Home } from './homes.ts'
import type { Poller } from './poller.ts'
import type { Session, Sessions } from './sessions.ts'

/** Pushes homes to browsers, as server-sent events written to the raw response. */
export type Streams = {
  /** Answers with a stream that begins with a snapshot. It ends with the session. */
  open(response: ServerResponse, home: Home, session: Session): void
  count(): number
  /** Ends all streams, spread over a moment when there are many. */
  close(): Promise<void>
}

const BEAT_MS = 15_000
/** Whoever reads slower than this is better off with a new snapshot. */
const MOST_BACKLOG_BYTES = 64 * 1024
/** Streams are begun anew now and then, so that a restart looks like any other minute. */
const LIFE_MS = 10 * 60_000
const MOST = { session: 6, user: 12 }
const CLOSE_OVER_MS = { each: 2, most: 5_000 }

type Stream = { response: ServerResponse; home: Home; session: Session; endsMs: number; end: () => void }

export function createStreams({
  poller,
  sessions,
  time,
  random,
}: {
  poller: Poller
  sessions: Sessions
  time: Time
  random: () => number
}): Streams {
  const streams = new Set<Stream>()
  let cancelBeat = time.after(BEAT_MS, beat)
  const stopListening = sessions.onEnd(({ hash }) => {
    for (const stream of streams) if (stream.session.hash === hash) stream.end()
  })

  function beat() {
    const nowMs = time.monotonicMs()
    /** Viewers of one home get the same beat, made once. */
    const beats = new Map<Home, string>()
    for (const stream of streams) {
      if (nowMs >= stream.endsMs) {
        stream.end()
        continue
      }
      void endIfOver(stream)
      let data = beats.get(stream.home)
      if (data === undefined) beats.set(stream.home, (data = stream.home.beatJson()))
      send(stream, 'beat', data)
    }
    cancelBeat = time.after(BEAT_MS, beat)
  }

  async function endIfOver(stream: Stream) {
    // Whether the store cannot be asked just now says nothing about the session.
    const isAlive = await sessions.isAlive(stream.session).catch(() => true)
    if (!isAlive) stream.end()
  }

  function send({ response, home }: Stream, event: 'snapshot' | 'change' | 'beat', data: string) {
    if (response.writableLength > MOST_BACKLOG_BYTES) {
      response.destroy()
      return
    }
    const id = event === 'beat' ? '' : `id: ${home.version()}\n`
    response.write(`event: ${event}\n${id}data: ${data}\n\n`)
  }

  /** The oldest of this session, or of this user, makes room for the new one. */
  function makeRoom(session: Session) {
    const ofUser = [...streams].filter(
      ({ session: { tenant, userId } }) => tenant === session.tenant && userId === session.userId,
    )
    const ofSession = ofUser.filter(({ session: { hash } }) => hash === session.hash)
    if (ofSession.length >= MOST.session) ofSession[0]?.end()
    else if (ofUser.length >= MOST.user) ofUser[0]?.end()
  }

  return {
    open(response, home, session) {
      makeRoom(session)
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'private, no-store',
        'x-accel-buffering': 'no',
      })
      const unwatch = poller.watch(home)
      const stream: Stream = {
        response,
        home,
        session,
        endsMs: time.monotonicMs() + LIFE_MS * (0.8 + random() * 0.4),
        end: () => response.end(),
      }
      const unsubscribe = home.subscribe((change) => send(stream, 'change', change))
      streams.add(stream)
      // The response tells of every way a stream can end; the request does not.
      response.on('close', () => {
        streams.delete(stream)
        unsubscribe()
        unwatch()
      })
      response.on('error', () => response.destroy())
      send(stream, 'snapshot', home.snapshotJson())
    },
    count: () => streams.size,
    async close() {
      cancelBeat()
      stopListening()
      const all = [...streams]
      const overMs = Math.min(CLOSE_OVER_MS.most, all.length * CLOSE_OVER_MS.each)
      await Promise.all(
        all.map(
          (stream, n) =>
            new Promise<void>((resolve) => {
              stream.response.on('close', resolve)
              time.after((overMs * n) / all.length, () => {
                stream.end()
                // A reader that does not take the end is not waited for.
                stream.response.socket?.destroySoon()
              })
            }),
        ),
      )
    },
  }
}
