import { hash, randomBytes } from 'node:crypto'
import type { Time } from '@homewatt/client'
import type { HomeOwner } from './home-key.ts'
import { traceOf, type Log } from './log.ts'
import type { Nodes } from './nodes.ts'
import type { StoredSession } from './session-rows.ts'
import type { Store } from './store.ts'
import type { SessionLife } from './tenants.ts'

/** A signed-in person: the one source of tenant and user for everything that follows. */
export type Session = HomeOwner & {
  /** Hash of the id; names the session inside the gateway. */
  readonly hash: string
  /** Name of the demo home; `null` with a real account. */
  readonly home: string | null
  /** For signing out at the issuer; `null` when there is none, or the process has forgotten it. */
  readonly idToken: string | null
}

/** How somebody came in; what does not apply is left out. */
export type Entry = {
  home?: string
  /** What the issuer calls the person, and its own session. */
  subject?: string
  issuerSid?: string | null
  /** Kept in memory only: it is worth something elsewhere. */
  idToken?: string
  client?: string | null
}

/** The sessions of one tenant. Those of another are as good as none. */
export type Sessions = {
  /** Begins a session. The id goes into the cookie and is kept nowhere. */
  begin(owner: HomeOwner, entry: Entry): Promise<string>
  /** The session with this id; `null` when there is none, or it is over. Being asked counts as being used. */
  find(id: string | null): Promise<Session | null>
  /** Whether it still goes on; does not count as being used. */
  isAlive(session: Session): Promise<boolean>
  /**
   * Whether the store itself says so, asked in this moment: what is believed while it is away is enough to look, and not
   * to change anything. Rejects with `StoreFailed` when it cannot be asked.
   */
  isProven(session: Session): Promise<boolean>
  /** All sessions of the same person, last used first. */
  all(session: Session): Promise<StoredSession[]>
  end(session: Pick<Session, 'hash'>): Promise<void>
  /** Ends what the issuer names by person, by its own session, or by both. */
  endOfIssuer(named: { subject?: string; issuerSid?: string }): Promise<void>
  /** Hears of sessions that were ended; the result stops it. */
  onEnd(listener: (session: Pick<Session, 'hash'>) => void): () => void
}

/** How exactly the last use is remembered: a write for every request would be a waste. */
const TOUCH_MS = 5 * 60_000
const MOST_IN_MEMORY = 20_000
/** How soon a session that another node ended is over here too. */
const CHECK_MS = 1_000
/** How long a session goes on, for looking only, while the store cannot be asked. */
const TRUST_MS = 5 * 60_000

/**
 * Once in memory a session ages on the clock that only grows: whoever sets the one on the wall ends nobody's.
 * `askedMs`, `provenMs`: when the store was last asked, and last said that it goes on. `bornMs`, `usedMs`: when it began
 * and was last used. All monotonic ms.
 */
type Kept = StoredSession & {
  savedMs: number
  idToken: string | null
  askedMs: number
  provenMs: number
  bornMs: number
  usedMs: number
}

export function createSessions({
  store,
  tenant,
  life,
  nodes,
  time,
  log,
}: {
  store: Pick<Store, 'sessions'>
  tenant: string
  life: SessionLife
  nodes: Nodes
  time: Time
  log: Log
}): Sessions {
  const kept = new Map<string, Kept>()
  const listeners = new Set<(session: Pick<Session, 'hash'>) => void>()
  nodes.hear('session-ended', (hash) => {
    if (typeof hash === 'string') forget({ hash })
  })

  function keep(stored: StoredSession, idToken: string | null): Kept {
    if (kept.size >= MOST_IN_MEMORY) for (const [hash] of kept) if (kept.delete(hash)) break
    const nowMs = time.monotonicMs()
    const session = {
      ...stored,
      savedMs: stored.seenMs,
      idToken,
      askedMs: nowMs,
      provenMs: nowMs,
      bornMs: nowMs - sinceMs(stored.createdMs),
      usedMs: nowMs - sinceMs(stored.seenMs),
    }
    kept.set(session.hash, session)
    return session
  }

  async function recall(hash: string): Promise<Kept | null> {
    const inMemory = kept.get(hash)
    if (inMemory) return (await stillThere(inMemory)) ? inMemory : null
    const stored = await store.sessions.find(hash)
    return stored?.tenant === tenant ? keep(stored, null) : null
  }

  /** Whether nobody else has ended it. While the store is away that is believed for a while. */
  async function stillThere(session: Kept): Promise<boolean> {
    const nowMs = time.monotonicMs()
    if (nowMs - session.askedMs < CHECK_MS) return true
    session.askedMs = nowMs
    try {
      return await prove(session)
    } catch (error) {
      if (nowMs - session.provenMs > TRUST_MS) throw error
      failed(error)
      return true
    }
  }

  /** Asks the store whether it still goes on. */
  async function prove(session: Kept): Promise<boolean> {
    const nowMs = time.monotonicMs()
    const stored = await store.sessions.find(session.hash)
    if (!stored) {
      forget(session)
      return false
    }
    // Used through another node: what this one saved itself, it knows better by its own clock.
    if (stored.seenMs > session.savedMs) {
      session.savedMs = stored.seenMs
      session.seenMs = Math.max(session.seenMs, stored.seenMs)
      session.usedMs = Math.max(session.usedMs, nowMs - sinceMs(stored.seenMs))
    }
    session.provenMs = nowMs
    return true
  }

  /** On the wall's clock; what is to come is just now. */
  const sinceMs = (atMs: number) => Math.max(0, time.wallMs() - atMs)

  const isTooOld = (ageMs: number, idleMs: number) => ageMs > life.absoluteMs || idleMs > life.idleMs

  function isOver({ bornMs, usedMs }: Kept): boolean {
    const nowMs = time.monotonicMs()
    return isTooOld(nowMs - bornMs, nowMs - usedMs)
  }

  function forget(session: Pick<Session, 'hash'>) {
    kept.delete(session.hash)
    for (const listener of listeners) listener(session)
  }

  async function end(session: Pick<Session, 'hash'>) {
    await store.sessions.drop(session.hash)
    forget(session)
    nodes.tell('session-ended', session.hash)
  }

  /** What only saves work, or the exact moment of the last use, must not stand in anybody's way. */
  function failed(error: unknown) {
    log.error({ event: 'store_failed', error: traceOf(error) })
  }

  return {
    async begin(owner, { home, subject, issuerSid, idToken, client }) {
      if (owner.tenant !== tenant) throw new TypeError('A session begins with the tenant it belongs to.')
      const id = randomBytes(32).toString('base64url')
      const nowMs = time.wallMs()
      const session = {
        ...owner,
        home: home ?? null,
        hash: hashOf(id),
        createdMs: nowMs,
        seenMs: nowMs,
        subject: subject ?? null,
        issuerSid: issuerSid ?? null,
        client: client ?? null,
      }
      await store.sessions.put(session)
      keep(session, idToken ?? null)
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
      session.usedMs = time.monotonicMs()
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
    async isProven({ hash }) {
      const session = kept.get(hash) ?? (await recall(hash))
      return session !== null && (await prove(session))
    },
    async all({ userId }) {
      const stored = await store.sessions.ofOwner({ tenant, userId })
      return stored.filter(({ createdMs, seenMs }) => !isTooOld(sinceMs(createdMs), sinceMs(seenMs)))
    },
    end,
    async endOfIssuer(named) {
      for (const session of await store.sessions.ofIssuer(tenant, named)) await end(session)
    },
    onEnd(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function hashOf(id: string): string {
  return hash('sha256', id, 'hex')
}
