import { InvalidRequest, NotFound, type ActionTarget, type PartnerClient, type Time } from '@homewatt/client'
import type { CueStateRequest, DeviceType, Reading } from '@homewatt/contract'
import type { Home } from './homes.ts'
import { shortHash, type Log } from './log.ts'
import { problemOf } from './problem-of.ts'

/**
 * Tells the partner how actions ended that were started here, §12.3: `success` only when the device itself says that its
 * link is there again, or that nothing is asked any more, whatever the browser came back with, and `fail` when the person
 * gave up.
 */
export type ActionReports = {
  /** The person is on the way to the partner's page. */
  started(home: Home, type: DeviceType, deviceId: string, action: StartedAction): void
  /** Looks whether one of these devices is connected again. */
  saw(home: Home, types: readonly DeviceType[]): void
  /**
   * The person came back without having done it. Resolves when that is told.
   *
   * @param deviceId `null`: nobody knows from which device, so it counts for whatever was started
   */
  givenUp(home: Home, deviceId: string | null): Promise<void>
}

/**
 * A secret is good for an hour, §12.2, and nowhere after 55 min, whether or not anybody looks: a report that fails may
 * hold it for two of them.
 */
const KEPT_MS = 53 * 60_000
/** When to try again. */
const AGAIN_MS = [5_000, 60_000]

/** `wasLapsed`: the link was not there when it began, so that it is done as soon as the link is there. */
export type StartedAction = { target: ActionTarget; wasLapsed: boolean }

type Started = StartedAction & { type: DeviceType; cancelEnd: () => void }

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

  function keep(home: Home, deviceId: string, started: Omit<Started, 'cancelEnd'>) {
    forget(home, deviceId)
    const ofHome = ofHomes.get(home) ?? new Map<string, Started>()
    const cancelEnd = time.after(KEPT_MS, () => forget(home, deviceId))
    ofHomes.set(home, ofHome.set(deviceId, { ...started, cancelEnd }))
  }

  function forget(home: Home, deviceId: string) {
    const ofHome = ofHomes.get(home)
    ofHome?.get(deviceId)?.cancelEnd()
    ofHome?.delete(deviceId)
  }

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
    started: (home, type, deviceId, action) => keep(home, deviceId, { type, ...action }),
    saw(home, types) {
      for (const [id, { type, target, wasLapsed }] of ofHomes.get(home) ?? []) {
        const reading = types.includes(type) ? home.device(type, id)?.reading : undefined
        if (!reading || !isDone(reading, wasLapsed)) continue
        forget(home, id)
        void report(home, target, 'success')
      }
    },
    async givenUp(home, deviceId) {
      const given = [...(ofHomes.get(home) ?? [])].filter(([id]) => deviceId === null || id === deviceId)
      for (const [id] of given) forget(home, id)
      await Promise.all(given.map(([, { target }]) => report(home, target, 'fail')))
    },
  }
}

function isDone({ is_authenticated, action_needed, actions }: Reading, wasLapsed: boolean): boolean {
  if (is_authenticated !== true) return false
  const isAsked = actions?.some(({ code }) => code === 'reauthenticate') ?? action_needed !== false
  return wasLapsed || !isAsked
}
