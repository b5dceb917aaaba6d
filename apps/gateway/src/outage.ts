import type { DeviceType, ProblemKind } from '@homewatt/contract'
import type { Time } from '@homewatt/client'
import type { Home } from './homes.ts'

/** One thing that is asked for regularly: a type of devices of a home. */
export type Asked = { home: Home; type: DeviceType }

/**
 * What is known about failures of the Partner API. While it is down nobody hammers it: one probe every five
 * seconds for everybody, and when it answers, all that waited is asked for at once.
 */
export type Outage = {
  /** Why nothing may be asked just now; `null` when all is well, or only single questions fail. */
  blockedBy(): ProblemKind | null
  /** Whether this one waits for a probe. */
  isFailing(asked: Asked): boolean
  /** Waits with the others, without having been tried. */
  join(asked: Asked): void
  failed(asked: Asked, kind: ProblemKind): void
  /** The credential was refused; leave it alone for `restMs`. */
  rejected(asked: Asked, restMs: number): void
  succeeded(asked: Asked): void
  /** Probes now instead of later, when somebody asks for it; not sooner than 3 s after the last. */
  probeNow(): Promise<void>
  close(): void
}

const PROBE_MS = 5_000
const SOONEST_PROBE_MS = 3_000
/** So many different questions in a row, and none answered: then it is not the question. */
const FAILURES_TO_OPEN = 3

export function createOutage({
  time,
  random,
  ask,
  isInUse,
  onBlocked,
}: {
  time: Time
  random: () => number
  /** Asks once, quickly, without retries, and reports back here. */
  ask: (asked: Asked) => Promise<void>
  /** Nobody probes for a home that nobody looks at. */
  isInUse: (home: Home) => boolean
  onBlocked: (kind: ProblemKind) => void
}): Outage {
  /** All that failed or waits, longest untried first. */
  const failing = new Map<string, Asked>()
  const failedInARow = new Set<string>()
  let blocked: ProblemKind | null = null
  let lastProbeMs = -Infinity
  let cancelProbe: (() => void) | null = null
  let probing: Promise<void> | null = null
  let isClosed = false

  const keyOf = ({ home, type }: Asked) => `${home.key} ${type}`

  function block(kind: ProblemKind) {
    if (blocked === kind) return
    blocked = kind
    onBlocked(kind)
  }

  function probeAfter(ms: number) {
    cancelProbe?.()
    cancelProbe = isClosed ? null : time.after(ms, () => void probe())
  }

  const probeSoon = () => {
    if (cancelProbe || probing) return
    // From start to start, so that a probe that hung does not put off the next one.
    const sinceLastMs = time.monotonicMs() - lastProbeMs
    const waitMs = PROBE_MS * (0.8 + random() * 0.4)
    probeAfter(sinceLastMs < waitMs ? waitMs - sinceLastMs : waitMs)
  }

  function probe(): Promise<void> {
    probing ??= probeOnce().finally(() => {
      probing = null
      if (failing.size > 0) probeSoon()
    })
    return probing
  }

  async function probeOnce() {
    cancelProbe?.()
    cancelProbe = null
    lastProbeMs = time.monotonicMs()
    for (const [key, { home }] of failing) if (!isInUse(home)) failing.delete(key)
    const [first] = failing
    if (!first) {
      blocked = null
      return
    }
    const [key, asked] = first
    failing.delete(key)
    failing.set(key, asked)
    await ask(asked)
    if (failing.has(key)) return
    await Promise.all([...failing.values()].map(ask))
  }

  return {
    blockedBy: () => blocked,
    isFailing: (asked) => failing.has(keyOf(asked)),
    join(asked) {
      failing.set(keyOf(asked), asked)
      probeSoon()
    },
    failed(asked, kind) {
      const key = keyOf(asked)
      if (!failing.has(key)) failing.set(key, asked)
      failedInARow.add(key)
      if (blocked !== null || failedInARow.size >= FAILURES_TO_OPEN) block(kind)
      probeSoon()
    },
    rejected(asked, restMs) {
      const key = keyOf(asked)
      if (!failing.has(key)) failing.set(key, asked)
      block('credentials_rejected')
      // The rest is counted from the refusal; a moment more, so that it is over when we come.
      probeAfter(restMs + 100)
    },
    succeeded(asked) {
      failing.delete(keyOf(asked))
      failedInARow.clear()
      blocked = null
      if (failing.size === 0) {
        cancelProbe?.()
        cancelProbe = null
      }
    },
    async probeNow() {
      if (blocked === 'credentials_rejected' || time.monotonicMs() - lastProbeMs < SOONEST_PROBE_MS) return
      await probe()
    },
    close() {
      isClosed = true
      cancelProbe?.()
      cancelProbe = null
    },
  }
}
