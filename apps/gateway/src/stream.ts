import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Time } from '@homewatt/client'
import type { Release } from '@homewatt/contract'
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
/** So many in one turn of the event loop: with thousands of streams everything else would be late by half a second. */
const BEATS_AT_ONCE = 200
/** Whoever reads slower than this is better off with a new snapshot. */
const MOST_BACKLOG_BYTES = 64 * 1024
/** Streams are begun anew now and then, so that a restart looks like any other minute. */
const LIFE_MS = 10 * 60_000
const MOST = { session: 6, user: 12 }
/** So that not all of them come back in the same moment. */
const CLOSE_OVER_MS = { each: 4, most: 10_000 }
/** A reader that does not take the end is not waited for longer. */
const LINGER_MS = 3_000

type Stream = {
  response: ServerResponse
  home: Home
  session: Session
  endsMs: number
  /** From here on it counts no more, whether or not its reader takes notice. */
  end: () => void
}

export function createStreams({
  poller,
  sessions,
  release,
  time,
  random,
  onCut = () => {},
}: {
  poller: Poller
  sessions: Sessions
  /** Told to each stream; `null` without pages. */
  release: Release | null
  time: Time
  random: () => number
  /** A reader was too slow, and its stream was cut; nobody hears of it unless said. */
  onCut?: () => void
}): Streams {
  const streams = new Set<Stream>()
  /** The same by home, which is by user: oldest first. */
  const ofHomes = new Map<string, Set<Stream>>()
  const releaseEvent = release && `event: release\ndata: ${JSON.stringify(release)}\n\n`
  let isClosing = false
  let cancelBeat = time.after(BEAT_MS, () => void beat())
  const stopListening = sessions.onEnd(({ hash }) => {
    for (const stream of streams) if (stream.session.hash === hash) stream.end()
  })

  async function beat() {
    const nowMs = time.monotonicMs()
    /** However many streams a session has, it is looked up once. */
    const looked = new Map<string, Promise<boolean>>()
    /** Viewers of one home get the same beat, made once a turn. */
    const beats = new Map<Home, string>()
    for (const [n, stream] of [...streams].entries()) {
      if (n > 0 && n % BEATS_AT_ONCE === 0) {
        await nextTurn()
        // What was made before may be older than a change since.
        beats.clear()
      }
      if (!streams.has(stream)) continue
      if (nowMs >= stream.endsMs) {
        stream.end()
        continue
      }
      void endIfOver(stream, looked)
      let data = beats.get(stream.home)
      if (data === undefined) beats.set(stream.home, (data = stream.home.beatJson()))
      send(stream, 'beat', data)
    }
    if (!isClosing) cancelBeat = time.after(BEAT_MS, () => void beat())
  }

  async function endIfOver(stream: Stream, looked: Map<string, Promise<boolean>>) {
    const { session } = stream
    let isAlive = looked.get(session.hash)
    // Whether the store cannot be asked just now says nothing about the session.
    if (!isAlive) looked.set(session.hash, (isAlive = sessions.isAlive(session).catch(() => true)))
    if (!(await isAlive)) stream.end()
  }

  function send({ response, home }: Stream, event: 'snapshot' | 'change' | 'beat', data: string) {
    if (response.writableLength > MOST_BACKLOG_BYTES) {
      if (!response.destroyed) onCut()
      response.destroy()
      return
    }
    const id = event === 'beat' ? '' : `id: ${home.version()}\n`
    response.write(`event: ${event}\n${id}data: ${data}\n\n`)
  }

  /** The oldest of this session, or of this user, makes room for the new one. */
  function makeRoom(home: Home, { hash }: Session) {
    const ofUser = [...(ofHomes.get(home.key) ?? [])]
    const ofSession = ofUser.filter(({ session }) => session.hash === hash)
    if (ofSession.length >= MOST.session) ofSession[0]?.end()
    else if (ofUser.length >= MOST.user) ofUser[0]?.end()
  }

  function add(stream: Stream) {
    streams.add(stream)
    const { key } = stream.home
    const ofHome = ofHomes.get(key) ?? new Set()
    ofHomes.set(key, ofHome.add(stream))
  }

  function remove(stream: Stream) {
    streams.delete(stream)
    const { key } = stream.home
    const ofHome = ofHomes.get(key)
    ofHome?.delete(stream)
    if (ofHome?.size === 0) ofHomes.delete(key)
  }

  return {
    open(response, home, session) {
      if (isClosing) {
        const headers = { 'cache-control': 'private, no-store', 'retry-after': '1', connection: 'close' }
        response.writeHead(503, headers).end()
        return
      }
      makeRoom(home, session)
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        // What compresses on the way keeps the last bytes of each event back until there are more.
        'cache-control': 'private, no-store, no-transform',
        'x-accel-buffering': 'no',
      })
      const unwatch = poller.watch(home)
      const stream: Stream = {
        response,
        home,
        session,
        endsMs: time.monotonicMs() + LIFE_MS * (0.8 + random() * 0.4),
        end() {
          forget()
          response.end()
          cancelLinger = time.after(LINGER_MS, () => response.destroy())
        },
      }
      let cancelLinger = () => {}
      const unsubscribe = home.subscribe((change) => send(stream, 'change', change))
      const forget = () => {
        if (!streams.has(stream)) return
        remove(stream)
        unsubscribe()
        unwatch()
      }
      add(stream)
      // The response tells of every way a stream can end; the request does not.
      response.on('close', () => {
        cancelLinger()
        forget()
      })
      response.on('error', () => response.destroy())
      send(stream, 'snapshot', home.snapshotJson())
      if (releaseEvent !== null) response.write(releaseEvent)
    },
    count: () => streams.size,
    async close() {
      isClosing = true
      cancelBeat()
      stopListening()
      const all = [...streams]
      const overMs = Math.min(CLOSE_OVER_MS.most, all.length * CLOSE_OVER_MS.each)
      await Promise.all(
        all.map(
          (stream) =>
            new Promise<void>((resolve) => {
              stream.response.on('close', resolve)
              time.after(random() * overMs, () => {
                stream.end()
                stream.response.socket?.destroySoon()
              })
            }),
        ),
      )
    },
  }
}
