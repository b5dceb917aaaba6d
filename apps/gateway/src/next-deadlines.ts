import type { ElectricVehicleReading, WeeklyChargePolicy } from '@homewatt/contract'
import { plannedDeadline } from '@homewatt/display'
import type { KnownDevice } from './group.ts'
import type { Home } from './homes.ts'

/** What is known of the weekly plan of one vehicle. */
export type VehiclePlan = {
  /** As last read or written; `null` while it is not known. */
  policy: WeeklyChargePolicy | null
  /** What the vehicle said of the plan's last change when this was asked for; `null`: nothing. */
  changedAt: string | null
  /** Answers whose request began before this are too old. */
  seq: number
  /** How often in a row it could not be read, and until when it is left alone for that; monotonic ms. */
  failures: number
  againMs: number
  /** When it was last read or written, monotonic ms. */
  readMs: number
}

/** The plan of a vehicle of this home, to be changed in place; at first what was learned of it before. */
export function planOf({ plans, learned }: Pick<Home, 'plans' | 'learned'>, vehicleId: string): VehiclePlan {
  let plan = plans.get(vehicleId)
  if (!plan)
    plans.set(
      vehicleId,
      (plan = {
        policy: null,
        changedAt: null,
        ...learned.planOf(vehicleId),
        seq: -1,
        failures: 0,
        againMs: -Infinity,
        readMs: -Infinity,
      }),
    )
  return plan
}

/**
 * Whether the plan is what the vehicle has now. Replicas of the partner may lag, so only a later change than the one that
 * is known of makes it another.
 */
export function isKnown({ policy, changedAt: known }: VehiclePlan, changedAt: string | null): boolean {
  const isLater = changedAt !== null && (known === null || Date.parse(changedAt) > Date.parse(known))
  return policy !== null && !isLater
}

/**
 * Lays what each vehicle's plan asks for next over its reading. It is reckoned for the time of the last list, so that
 * whoever judges that list by it asks about the same deadline; a deadline that passes after that is past until the next.
 */
export function tellDeadlines(home: Pick<Home, 'groups' | 'plans' | 'learned'>, timeZone: string) {
  const { devices, askedAt } = home.groups['electric-vehicles']
  for (const id of home.plans.keys()) if (!devices.has(id)) home.plans.delete(id)
  const now = new Date(askedAt ?? 0)
  for (const [id, known] of devices) {
    const reading = known.reading as ElectricVehicleReading
    const next_deadline = nextOf(reading, planOf(home, id), known, { timeZone, now })
    // Readings that stay the same object are not written down anew.
    if (!isSame(reading.next_deadline, next_deadline)) known.reading = { ...reading, next_deadline }
  }
}

type NextDeadline = ElectricVehicleReading['next_deadline']

const isSame = (one: NextDeadline, other: NextDeadline) =>
  one && other ? one.at === other.at && one.percent === other.percent : one === other

function nextOf(
  reading: ElectricVehicleReading,
  plan: VehiclePlan,
  { planChangedAt }: KnownDevice,
  { timeZone, now }: { timeZone: string; now: Date },
): NextDeadline {
  if (reading.is_charge_policy_enabled !== true) return undefined
  if (!plan.policy || !isKnown(plan, planChangedAt)) return null
  return plannedDeadline(reading, plan.policy, timeZone, now)
}
