import { randomUUID } from 'node:crypto'
import { within, type Time } from '@homewatt/client'
import { AWAY_MOST_DAYS, type AwayState, type AwayWish } from '@homewatt/contract'
import { dayOf, minuteOfDay, momentOf } from '@homewatt/display'
import type { AwayRows, KeptAway } from './away-rows.ts'
import type { AwaySteps } from './away-steps.ts'
import { invalidRequest } from './errors.ts'
import type { HomeOwner } from './home-key.ts'
import { traceOf, type Log } from './log.ts'
import { reminderMsOf } from './quiet-hours.ts'

/** Times away: what people ask for, and the clockwork that carries it out, also when nobody looks. */
export type Away = {
  /** `null` while nobody is away or plans to be. */
  of(owner: HomeOwner): Promise<AwayState | null>
  /** Rejects with `invalid_request` and says what is wrong with which field. */
  plan(owner: HomeOwner, wish: AwayWish): Promise<AwayState | null>
  end(owner: HomeOwner): Promise<AwayState | null>
  close(): void
}

/** How often is looked for what is due. */
const EVERY_MS = 15_000
/** Longer than the work on one home takes; after a crash another process goes on then. */
const CLAIM_MS = 2 * 60_000
const MOST_AT_ONCE = 20
/** A browser waits this long at most for devices to be switched. */
const ANSWER_MS = 8_000
const DAY_MS = 24 * 60 * 60_000

/** @param isOffered whether people may be away here; where not, what they began or planned before ends at once */
export function createAway({
  tenant,
  isOffered,
  rows,
  steps,
  timeZone,
  time,
  log,
}: {
  tenant: string
  isOffered: boolean
  rows: AwayRows
  steps: AwaySteps
  timeZone: string
  time: Time
  log: Log
}): Away {
  /** With a zone as it is; without one by the clocks of the home. */
  function momentMs(text: string): number {
    const [, date, time] = /^(.{10})T(\d\d:\d\d)$/.exec(text) ?? []
    if (date === undefined || time === undefined) return Date.parse(text)
    return momentOf(timeZone, { day: dayOf(date), minute: minuteOfDay(time) })
  }

  let isClosed = false
  let cancel = time.after(EVERY_MS, () => void tick())

  async function tick() {
    try {
      const nowMs = time.wallMs()
      // Nobody could see it any more, or end it.
      if (!isOffered) await rows.endAll(tenant, nowMs)
      const claims = await rows.claimDue(tenant, nowMs, nowMs + CLAIM_MS, MOST_AT_ONCE)
      await Promise.all(claims.map((claim) => steps.carryOn(claim)))
    } catch (error) {
      log.error({ event: 'store_failed', error: traceOf(error) })
    }
    if (!isClosed) cancel = time.after(EVERY_MS, () => void tick())
  }

  /** Somebody looks at what was just asked for, so it is not left to the clockwork. */
  async function now(owner: HomeOwner): Promise<AwayState | null> {
    const nowMs = time.wallMs()
    const claim = await rows.claimOf(owner, nowMs, nowMs + CLAIM_MS)
    if (claim)
      await within(
        time,
        ANSWER_MS,
        steps.carryOn(claim).catch((error: unknown) => {
          log.error({ event: 'store_failed', error: traceOf(error) })
        }),
      )
    return stateOf(await rows.find(owner), timeZone)
  }

  return {
    of: async (owner) => stateOf(await rows.find(owner), timeZone),
    async plan(owner, wish) {
      const nowMs = time.wallMs()
      const fromMs = wish.from === null ? nowMs : momentMs(wish.from)
      const untilMs = momentMs(wish.until)
      refuseNonsense(fromMs, untilMs, nowMs)
      await rows.plan(owner, { id: randomUUID(), fromMs, untilMs, nowMs })
      return now(owner)
    },
    async end(owner) {
      await rows.end(owner, time.wallMs())
      return now(owner)
    },
    close() {
      isClosed = true
      cancel()
    },
  }
}

function refuseNonsense(fromMs: number, untilMs: number, nowMs: number) {
  const refuse = (until: string, code: string) => invalidRequest({ until }, { until: code })
  if (untilMs <= nowMs) throw refuse('The end has passed already.', 'past')
  if (untilMs <= fromMs) throw refuse('The end comes after the beginning.', 'order')
  if (untilMs - nowMs > AWAY_MOST_DAYS * DAY_MS)
    throw refuse(`The end is more than ${AWAY_MOST_DAYS} days ahead.`, 'far')
}

function stateOf(away: KeptAway | null, timeZone: string): AwayState | null {
  if (!away || away.phase === 'ended') return null
  const { fromMs, untilMs, phase, devices, waitingMs } = away
  const reminderMs = reminderMsOf(away, timeZone)
  return {
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    phase,
    devices,
    waiting_since: waitingMs === null ? null : new Date(waitingMs).toISOString(),
    reminder_at: reminderMs === null ? null : new Date(reminderMs).toISOString(),
  }
}
