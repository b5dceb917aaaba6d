import { createHash, randomBytes } from 'node:crypto'
import type { Time } from '@homewatt/client'
import type { HomeOwner } from './home-key.ts'
import { traceOf, type Log } from './log.ts'
import type { StoredSession } from './session-rows.ts'
import type { Store } from './store.ts'

/** A signed-in person: the one source of tenant and user for everything that follows. */
export type Session = HomeOwner & {
  /** Hash of the id; names the session inside the gateway. */
  readonly hash: string
  /** Name of the demo home; `null` with a real account. */
  readonly home: string | null
}

export type Sessions = {
  /** Begins a session. The id goes into the cookie and is kept nowhere. */
  begin(owner: HomeOwner, home: string | null): Promise<string>
  /** The session with this id; `null` when there is none, or it is over. Being asked counts as being used. */
  find(id: string | null): Promise<Session | null>
  /** Whether it still goes on; does not count as being used. */
  isAlive(session: Session): Promise<boolean>
  end(session: Session): Promise<void>
  /** Hears of sessions that were ended; the result stops it. */
  onEnd(listener: (session: Session) => void): () => void
}

const IDLE_MS = 12 * 60 * 60_000
const ABSOLUTE_MS = 7 * 24 * 60 * 60_000
/** How exactly the last use is remembered: a write for every request would be a waste. */
const TOUCH_MS = 5 * 60_000
const MOST_IN_MEMORY = 20_000

type Kept = StoredSession & { savedMs: number }

export function createSessions({ store, time, log }: { store: Store; time: Time; log: Log }): Sessions {
  const kept = new Map<string, Kept>()
  const listeners = new Set<(session: Session) => void>()
  const nowMs = time.wallMs()
  void store.sessions.dropBefore(nowMs - ABSOLUTE_MS, nowMs - IDLE_MS).catch(failed)

  function keep(session: Kept): Kept {
    if (kept.size >= MOST_IN_MEMORY) for (const [hash] of kept) if (kept.delete(hash)) break
    kept.set(session.hash, session)
    return session
  }

  async function recall(hash: string): Promise<Kept | null> {
    const inMemory = kept.get(hash)
    if (inMemory) return inMemory
    const stored = await store.sessions.find(hash)
    return stored && keep({ ...stored, savedMs: stored.seenMs })
  }

  function isOver({ createdMs, seenMs }: Kept): boolean {
    const nowMs = time.wallMs()
    return nowMs - createdMs > ABSOLUTE_MS || nowMs - seenMs > IDLE_MS
  }

  async function end(session: Session) {
    kept.delete(session.hash)
    for (const listener of listeners) listener(session)
    await store.sessions.drop(session.hash)
  }

  /** What only saves work, or the exact moment of the last use, must not stand in anybody's way. */
  function failed(error: unknown) {
    log.error({ event: 'store_failed', error: traceOf(error) })
  }

  return {
    async begin(owner, home) {
      const id = randomBytes(32).toString('base64url')
      const nowMs = time.wallMs()
      const session = {
        ...owner,
        home,
        hash: hashOf(id),
        createdMs: nowMs,
        seenMs: nowMs,
        subject: null,
        issuerSid: null,
        client: null,
      }
      await store.sessions.put(session)
      keep({ ...session, savedMs: nowMs })
      return id
    },
    async find(id) {
      if (id === null || !/^[A-Za-z0-9_-]{43}$/.test(id)) return null
      const session = await recall(hashOf(id))
      if (!session) return null
      if (isOver(session)) {
        await end(session)
        return null
      }
      session.seenMs = time.wallMs()
      if (session.seenMs - session.savedMs > TOUCH_MS) {
        session.savedMs = session.seenMs
        void store.sessions.saw(session.hash, session.seenMs).catch(failed)
      }
      return session
    },
    async isAlive({ hash }) {
      const session = await recall(hash)
      return session !== null && !isOver(session)
    },
    end,
    onEnd(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}
