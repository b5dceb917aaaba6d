import { ForeignDevice, RateLimited, type PartnerClient, type Time } from '@homewatt/client'
import type { WeeklyChargePolicy } from '@homewatt/contract'
import type { ReadOptions } from './device-reader.ts'
import type { Home, Homes } from './homes.ts'
import { shortHash, type Log } from './log.ts'
import { isKnown, planOf, type VehiclePlan } from './next-deadlines.ts'
import { problemOf } from './problem-of.ts'

/**
 * The weekly plans of vehicles. A plan is asked for when a vehicle with an active deadline is first seen, and again when
 * the vehicle says that it was changed; whatever else is asked for goes first, and nothing waits for it.
 */
export type Plans = {
  /** Asks for the plans of this home that are not known as they are now. Returns at once. */
  see(home: Home): void
  /** Asks for a plan now. Rejects with the errors of the client. */
  read(home: Home, vehicleId: string, options: ReadOptions): Promise<WeeklyChargePolicy>
  /** It was written, with proof. */
  wrote(home: Home, vehicleId: string, plan: WeeklyChargePolicy): void
  /** It may have been written: unknown until it is read again. */
  doubt(home: Home, vehicleId: string): void
}

const QUIETLY = { priority: 'plan', attempts: 1 } as const
/** What could not be read is tried again later and later. */
const AGAIN_MS = { first: 60_000, most: 60 * 60_000 }
/** A vehicle that never says when its plan was changed is asked now and then. */
const UNMARKED_MS = 60 * 60_000

export function createPlans({
  client,
  homes,
  time,
  log,
}: {
  client: Pick<PartnerClient, 'chargePolicy'>
  homes: Pick<Homes, 'nextSeq'>
  time: Time
  log: Log
}): Plans {
  const busy = new WeakSet<Home>()

  async function read(home: Home, id: string, options: ReadOptions): Promise<WeeklyChargePolicy> {
    const plan = planOf(home, id)
    const seq = homes.nextSeq()
    // What changes while the answer is on its way may not be in it.
    const changedAt = home.device('electric-vehicles', id)?.planChangedAt ?? null
    try {
      const { value } = await client.chargePolicy(home.userId, id, options)
      if (seq > plan.seq) {
        Object.assign(plan, { policy: value, changedAt, seq, failures: 0, readMs: time.monotonicMs() })
        if (changedAt !== null) home.learned.planned(id, { changedAt, policy: value })
      }
      home.publish()
      return value
    } catch (error) {
      failed(home, plan, error)
      throw error
    }
  }

  function failed(home: Home, plan: VehiclePlan, error: unknown) {
    const restMs = Math.min(AGAIN_MS.most, AGAIN_MS.first * 2 ** plan.failures++)
    const askedMs = error instanceof RateLimited ? error.retryAfterMs : 0
    plan.againMs = time.monotonicMs() + Math.max(restMs, askedMs)
    if (error instanceof ForeignDevice)
      log.error({ event: 'foreign_device', home: shortHash(home.key), type: 'electric-vehicles' })
    else if (plan.failures === 1)
      log.warn({ event: 'plan_unread', home: shortHash(home.key), kind: problemOf(error) })
  }

  function isDue(plan: VehiclePlan, changedAt: string | null): boolean {
    const nowMs = time.monotonicMs()
    if (nowMs < plan.againMs) return false
    return !isKnown(plan, changedAt) || (changedAt === null && nowMs - plan.readMs >= UNMARKED_MS)
  }

  /** One after the other: what may be under way for one home is for its lists. */
  async function readDue(home: Home) {
    for (const [id, { reading, planChangedAt }] of [...home.groups['electric-vehicles'].devices]) {
      const hasDeadline = 'battery_level' in reading && reading.is_charge_policy_enabled === true
      if (hasDeadline && isDue(planOf(home, id), planChangedAt))
        // Without it the home is as it was, and the verdict unknown.
        await read(home, id, QUIETLY).catch(() => null)
    }
  }

  return {
    see(home) {
      if (busy.has(home)) return
      busy.add(home)
      void readDue(home).finally(() => busy.delete(home))
    },
    read,
    wrote(home, id, policy) {
      const changedAt = home.device('electric-vehicles', id)?.planChangedAt ?? null
      const readMs = time.monotonicMs()
      Object.assign(planOf(home, id), { policy, changedAt, seq: homes.nextSeq(), readMs })
      home.publish()
    },
    doubt(home, id) {
      Object.assign(planOf(home, id), { policy: null, seq: homes.nextSeq(), againMs: -Infinity })
      home.publish()
    },
  }
}
