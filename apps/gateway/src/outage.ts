import { probeAfterMs, type Time } from '@homewatt/client'
import type { DeviceType, ProblemKind } from '@homewatt/contract'
import type { Home } from './homes.ts'

/** One thing that is asked for regularly: a type of devices of a home. */
export type Asked = { home: Home; type: DeviceType }

/**
 * What is known about failures of the Partner API, and who asks again. The client's breaker keeps hopeless calls of
 * one operation from being made; here questions that failed wait in one line for all homes, the first of it is asked
 * every five seconds (less often when the trouble lasts), and as soon as it is answered the others may be asked too.
 */
export type Outage = {
  /** Why nothing may be asked just now; `null` when all is well, or only single questions fail. */
  blockedBy(): ProblemKind | null
  /** Whether this one waits in the line. */
  isFailing(asked: Asked): boolean
  /** Waits with the others, without having been tried. */
  join(asked: Asked): void
  /** @param retryAfterMs how long it is not worth asking again, if that is known */
  failed(asked: Asked, kind: ProblemKind, retryAfterMs: number | null): void
  /** The credential was refused; leave it alone for `restMs`. */
  rejected(asked: Asked, restMs: number): void
  succeeded(asked: Asked): void
  /** Asks now instead of later, when somebody wants it; not sooner than 3 s after the last time. */
  probeNow(): Promise<void>
  close(): void
}

const SOONEST_PROBE_MS = 3_000
/** So many different questions in a row, and none answered: then it is not the question. */
const FAILURES_TO_OPEN = 3

type Failing = Asked & { sinceMs: number }

export function createOutage({
  time,
  random,
  ask,
  isInUse,
  onBlocked,
  onOver,
}: {
  time: Time
  random: () => number
  /** Asks once, quickly, without retries, and reports back here. */
  ask: (asked: Asked) => Promise<void>
  /** Nobody asks for a home that nobody looks at. */
  isInUse: (home: Home) => boolean
  onBlocked: (kind: ProblemKind) => void
  /** Hears what waited and may be asked for again. */
  onOver: (waiting: Asked[]) => void
}): Outage {
  /** All that failed or waits, longest untried first. */
  const line = new Map<string, Failing>()
  const failedInARow = new Set<string>()
  let blocked: ProblemKind | null = null
  /** Since when nothing at all was answered; people come and go meanwhile. */
  let downSinceMs: number | null = null
  let lastProbeMs = -Infinity
  /** Before this it is not worth asking. */
  let restUntilMs = -Infinity
  let cancelProbe: (() => void) | null = null
  let probing: Promise<void> | null = null
  let isClosed = false

  const keyOf = ({ home, type }: Asked) => `${home.key} ${type}`

  function queue(asked: Asked) {
    const key = keyOf(asked)
    if (!line.has(key)) line.set(key, { ...asked, sinceMs: time.monotonicMs() })
  }

  function block(kind: ProblemKind) {
    if (blocked === kind) return
    blocked = kind
    onBlocked(kind)
  }

  function probeSoon() {
    const [first] = line.values()
    if (cancelProbe || probing || isClosed || !first) return
    const nowMs = time.monotonicMs()
    // From start to start, so that a question that hung does not put off the next one.
    const sinceMs = blocked === null ? first.sinceMs : (downSinceMs ?? nowMs)
    const usualMs = lastProbeMs + probeAfterMs(nowMs - sinceMs, random)
    const atMs = Math.max(usualMs > nowMs ? usualMs : nowMs + probeAfterMs(0, random), restUntilMs)
    cancelProbe = time.after(atMs - nowMs, () => void probe())
  }

  function probe(): Promise<void> {
    probing ??= probeOnce().finally(() => {
      probing = null
      probeSoon()
    })
    return probing
  }

  async function probeOnce() {
    cancelProbe?.()
    cancelProbe = null
    lastProbeMs = time.monotonicMs()
    for (const [key, { home }] of line) if (!isInUse(home)) line.delete(key)
    const [first] = line
    if (!first) {
      blocked = null
      return
    }
    const [key, asked] = first
    line.delete(key)
    line.set(key, asked)
    await ask(asked)
    if (line.has(key)) return
    const waiting = [...line.values()]
    line.clear()
    onOver(waiting)
  }

  return {
    blockedBy: () => blocked,
    isFailing: (asked) => line.has(keyOf(asked)),
    join(asked) {
      queue(asked)
      probeSoon()
    },
    failed(asked, kind, retryAfterMs) {
      queue(asked)
      failedInARow.add(keyOf(asked))
      downSinceMs ??= time.monotonicMs()
      if (retryAfterMs !== null) restUntilMs = time.monotonicMs() + probeAfterMs(0, random, retryAfterMs)
      if (blocked !== null || failedInARow.size >= FAILURES_TO_OPEN) block(kind)
      probeSoon()
    },
    rejected(asked, restMs) {
      queue(asked)
      block('credentials_rejected')
      // The rest is counted from the refusal; a moment more, so that it is over when we come.
      restUntilMs = time.monotonicMs() + restMs + 100
      cancelProbe?.()
      cancelProbe = null
      probeSoon()
    },
    succeeded(asked) {
      line.delete(keyOf(asked))
      failedInARow.clear()
      blocked = null
      downSinceMs = null
      restUntilMs = -Infinity
      if (line.size === 0) {
        cancelProbe?.()
        cancelProbe = null
      }
    },
    async probeNow() {
      const nowMs = time.monotonicMs()
      if (nowMs < restUntilMs || nowMs - lastProbeMs < SOONEST_PROBE_MS) return
      await probe()
    },
    close() {
      isClosed = true
      cancelProbe?.()
      cancelProbe = null
    },
  }
}
