import { probeAfterMs, type Policy, type Time } from '@homewatt/client'
import type { DeviceType, ProblemKind } from '@homewatt/contract'
import type { Home } from './homes.ts'

/** One thing that is asked for regularly: a type of devices of a home. */
export type Asked = { home: Home; type: DeviceType }

/**
 * What is known about failures of the Partner API, and who asks again. The client's breaker keeps hopeless calls of
 * one operation from being made; here questions that failed wait in one line for all homes, the first of it is asked
 * every few seconds (less often when the trouble lasts), and as soon as it is answered the others may be asked too.
 */
export type Outage = {
  /** Why nothing may be asked just now; `null` when all is well, or only single questions fail. */
  blockedBy(): ProblemKind | null
  /** Whether this one waits in the line. */
  isFailing(asked: Asked): boolean
  /** Waits with the others, without having been tried. */
  join(asked: Asked): void
  /** @param retryAfterMs how long the partner asked to be left alone, if it did */
  failed(asked: Asked, kind: ProblemKind, retryAfterMs: number | null): void
  /** It was not even made, because the client leaves the operation alone for so long yet. */
  unasked(asked: Asked, kind: ProblemKind, leftMs: number): void
  /** The credential was refused; leave it alone for `restMs`. */
  rejected(asked: Asked, restMs: number): void
  succeeded(asked: Asked): void
  /** Asks now instead of later, when somebody wants it; not sooner than 3 s after the last time. */
  probeNow(): Promise<void>
  close(): void
}

const SOONEST_PROBE_MS = 3_000
/** So many different questions in a row, and none answered: then it is not the question, nor one home's trouble. */
const FAILURES_TO_OPEN = { questions: 3, homes: 2 }

type Failing = Asked & { sinceMs: number }

export function createOutage({
  policy,
  time,
  random,
  ask,
  isInUse,
  isAlone,
  onBlocked,
  onOver,
}: {
  /** How often it is looked whether it is over. */
  policy: Pick<Policy, 'probeLeastMs' | 'probeMostMs'>
  time: Time
  random: () => number
  /** Asks once, quickly, without retries, and reports back here. */
  ask: (asked: Asked) => Promise<void>
  /** Nobody asks for a home that nobody looks at. */
  isInUse: (home: Home) => boolean
  /** Whether no other home is kept up to date, by which to tell the trouble of one from everybody's. */
  isAlone: (home: Home) => boolean
  onBlocked: (kind: ProblemKind) => void
  /** Hears what waited and may be asked for again. */
  onOver: (waiting: Asked[]) => void
}): Outage {
  /** All that failed or waits, longest untried first. */
  const line = new Map<string, Failing>()
  /** By question; the homes that they were about. */
  const failedInARow = new Map<string, Home>()
  let blocked: ProblemKind | null = null
  /** Since when nothing at all was answered; people come and go meanwhile. */
  let downSinceMs: number | null = null
  let lastProbeMs = -Infinity
  /** Before this it is not worth asking. */
  let restUntilMs = -Infinity
  /** When the client will ask what it did not ask the last time. */
  let askableMs: number | null = null
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

  function isEverybodys(home: Home): boolean {
    if (failedInARow.size < FAILURES_TO_OPEN.questions) return false
    return new Set(failedInARow.values()).size >= FAILURES_TO_OPEN.homes || isAlone(home)
  }

  function probeSoon() {
    const [first] = line.values()
    if (cancelProbe || probing || isClosed || !first) return
    const nowMs = time.monotonicMs()
    // From start to start, so that a question that hung does not put off the next one.
    const sinceMs = blocked === null ? first.sinceMs : (downSinceMs ?? nowMs)
    const usualMs = lastProbeMs + probeAfterMs(nowMs - sinceMs, random, null, policy)
    const nextMs = askableMs ?? (usualMs > nowMs ? usualMs : nowMs + probeAfterMs(0, random, null, policy))
    const atMs = Math.max(nextMs, restUntilMs)
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
    askableMs = null
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

  function failed(asked: Asked, kind: ProblemKind) {
    queue(asked)
    failedInARow.set(keyOf(asked), asked.home)
    downSinceMs ??= time.monotonicMs()
    if (blocked !== null || isEverybodys(asked.home)) block(kind)
    probeSoon()
  }

  return {
    blockedBy: () => blocked,
    isFailing: (asked) => line.has(keyOf(asked)),
    join(asked) {
      queue(asked)
      probeSoon()
    },
    failed(asked, kind, retryAfterMs) {
      if (retryAfterMs !== null)
        restUntilMs = time.monotonicMs() + probeAfterMs(0, random, retryAfterMs, policy)
      failed(asked, kind)
    },
    unasked(asked, kind, leftMs) {
      // A moment more, so that it is over when we come.
      askableMs = time.monotonicMs() + leftMs + 1
      failed(asked, kind)
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
