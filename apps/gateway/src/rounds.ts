import type { Time } from '@homewatt/client'
import type { HomeOwner } from './home-key.ts'
import type { Homes } from './homes.ts'
import { traceOf, type Log } from './log.ts'
import type { Poller } from './poller.ts'

/**
 * Asks for the homes of everybody who ever signed in, one after another, so that their history goes on while
 * nobody looks. Last in the queue for the organisation's budget: when that is short, a round takes longer.
 */
export type Rounds = { close(): void }

/** So many homes are asked for at the same time; with a slow partner, the round waits for them. */
const MOST_UNDER_WAY = 8
/** A round through few homes still looks for new ones now and then. */
const LONGEST_STEP_MS = 60_000

/**
 * @param everyMs how long a round takes at least
 * @param isMine whether the rounds are for this gateway to make, and not for another one
 */
export function createRounds({
  owners,
  homes,
  poller,
  time,
  random,
  log,
  everyMs,
  isMine,
}: {
  owners: () => Promise<HomeOwner[]>
  homes: Homes
  poller: Poller
  time: Time
  random: () => number
  log: Log
  everyMs: number
  isMine: () => boolean
}): Rounds {
  let waiting: HomeOwner[] = []
  let stepMs = Math.min(everyMs, LONGEST_STEP_MS)
  let roundStartedMs = -Infinity
  let underWay = 0
  let isClosed = false
  let cancel = time.after(stepMs * random(), () => void step())

  async function step() {
    try {
      if (!isMine()) waiting = []
      else if (waiting.length === 0 && time.monotonicMs() - roundStartedMs >= everyMs) await beginRound()
      const owner = underWay < MOST_UNDER_WAY ? waiting.shift() : undefined
      if (owner && !isClosed) {
        underWay++
        void poller.visit(homes.of(owner), everyMs / 2).finally(() => underWay--)
      }
    } catch (error) {
      log.error({ event: 'store_failed', error: traceOf(error) })
    }
    // Drifts, so that the rounds of many gateways do not stay in step.
    if (!isClosed) cancel = time.after(stepMs * (0.8 + random() * 0.4), () => void step())
  }

  async function beginRound() {
    roundStartedMs = time.monotonicMs()
    waiting = await owners()
    stepMs = Math.min(LONGEST_STEP_MS, everyMs / Math.max(1, waiting.length))
  }

  return {
    close() {
      isClosed = true
      cancel()
    },
  }
}
