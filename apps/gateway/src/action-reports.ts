import { InvalidRequest, NotFound, type ActionTarget, type PartnerClient, type Time } from '@homewatt/client'
import type { CueStateRequest, DeviceType } from '@homewatt/contract'
import type { Home } from './homes.ts'
import { shortHash, type Log } from './log.ts'
import { problemOf } from './problem-of.ts'

/**
 * Tells the partner how actions ended that were started here, §12.3: `success` only when the device itself says that its
 * link is there again, whatever the browser came back with, and `fail` when the person gave up.
 */
export type ActionReports = {
  /** The person is on the way to the partner's page, for a device whose link had lapsed. */
  started(home: Home, type: DeviceType, deviceId: string, target: ActionTarget): void
  /** Looks whether one of these devices is connected again. */
  saw(home: Home, types: readonly DeviceType[]): void
  /** The person came back without having done it. Resolves when that is told. */
  givenUp(home: Home): Promise<void>
}

/** A secret is good for so long, §12.2. */
const GOOD_MS = 60 * 60_000
/** When to try again. */
const AGAIN_MS = [5_000, 60_000]

type Started = { type: DeviceType; target: ActionTarget; untilMs: number }

export function createActionReports({
  client,
  time,
  log,
}: {
  client: Pick<PartnerClient, 'reportAction'>
  time: Time
  log: Log
}): ActionReports {
  /** By device. */
  const ofHomes = new WeakMap<Home, Map<string, Started>>()

  async function report(home: Home, target: ActionTarget, state: CueStateRequest['state'], tries = 0) {
    try {
      await client.reportAction(target, state)
    } catch (error) {
      // It is over already, or its secret is: there is nobody to tell any more.
      if (error instanceof NotFound || error instanceof InvalidRequest) return
      log.warn({ event: 'action_unreported', home: shortHash(home.key), kind: problemOf(error) })
      const againMs = AGAIN_MS[tries]
      if (againMs !== undefined) time.after(againMs, () => void report(home, target, state, tries + 1))
    }
  }

  return {
    started(home, type, deviceId, target) {
      const ofHome = ofHomes.get(home) ?? new Map<string, Started>()
      ofHomes.set(home, ofHome.set(deviceId, { type, target, untilMs: time.monotonicMs() + GOOD_MS }))
    },
    saw(home, types) {
      const ofHome = ofHomes.get(home)
      if (!ofHome) return
      for (const [id, { type, target, untilMs }] of ofHome) {
        const isOver = time.monotonicMs() >= untilMs
        const isBack = types.includes(type) && home.device(type, id)?.reading.is_authenticated === true
        if (isOver || isBack) ofHome.delete(id)
        if (isBack && !isOver) void report(home, target, 'success')
      }
    },
    async givenUp(home) {
      const targets = [...(ofHomes.get(home)?.values() ?? [])].map(({ target }) => target)
      ofHomes.delete(home)
      await Promise.all(targets.map((target) => report(home, target, 'fail')))
    },
  }
}
