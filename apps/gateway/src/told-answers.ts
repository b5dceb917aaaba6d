import { devicesOf, type PartnerDevice, type Time } from '@homewatt/client'
import { deviceTypes, type DeviceType } from '@homewatt/contract'
import * as v from 'valibot'
import type { HomeOwner } from './home-key.ts'
import type { Nodes } from './nodes.ts'
import type { ToldWrites } from './told-writes.ts'
import type { UpstreamClock } from './upstream-clock.ts'

/** Lists that one gateway was answered, for all: whoever hears one need not ask. */
export type ToldAnswers = {
  /** Call just before asking; the result tells what was answered, in the moment that it was. */
  asking(owner: HomeOwner): (type: DeviceType, devices: readonly PartnerDevice[]) => void
}

/** When another gateway was answered: at the partner, how long ago, and how long it had asked then. */
export type Told = { at: string; ageMs: number; askedForMs: number }

/**
 * A message that was on its way for longer is no news. Both gateways reckon with the partner's clock, whatever their own
 * say; where they differ by as much, neither can tell how old the list of the other is.
 */
const FRESH_MS = 5_000

const ToldAnswer = v.object({
  tenant: v.string(),
  userId: v.pipe(v.string(), v.regex(/^[^/]+$/)),
  type: v.picklist(deviceTypes),
  devices: v.unknown(),
  known: v.record(v.string(), v.number()),
  at: v.pipe(v.string(), v.isoTimestamp()),
  asked_for_ms: v.pipe(v.number(), v.minValue(0)),
})

/** @param onAnswer hears of lists that are as good as answers of our own; they were read as strictly as those */
export function createToldAnswers({
  tenant,
  nodes,
  writes,
  clock,
  time,
  onAnswer,
}: {
  tenant: string
  nodes: Nodes
  writes: ToldWrites
  clock: Pick<UpstreamClock, 'now' | 'nowMs'>
  time: Pick<Time, 'monotonicMs'>
  onAnswer: (owner: HomeOwner, type: DeviceType, devices: PartnerDevice[], told: Told) => void
}): ToldAnswers {
  nodes.hear('answer', (message) => {
    const read = v.safeParse(ToldAnswer, message)
    if (!read.success || read.output.tenant !== tenant) return
    const { userId, type, known, at, asked_for_ms: askedForMs } = read.output
    const ageMs = clock.nowMs() - Date.parse(at)
    if (Math.abs(ageMs) > FRESH_MS) return
    const owner = { tenant, userId }
    if (!writes.isNews(owner, known)) return
    const devices = readTold(type, userId, read.output.devices)
    if (devices) onAnswer(owner, type, devices, { at, ageMs: Math.max(0, ageMs), askedForMs })
  })

  return {
    asking(owner) {
      const known = writes.known(owner)
      const startMs = time.monotonicMs()
      return (type, devices) =>
        nodes.tell('answer', {
          tenant: owner.tenant,
          userId: owner.userId,
          type,
          devices,
          known,
          at: clock.now(),
          asked_for_ms: time.monotonicMs() - startMs,
        } satisfies v.InferInput<typeof ToldAnswer>)
    },
  }
}

/** `null` for what would not be believed of the Partner API either. */
function readTold(type: DeviceType, userId: string, json: unknown): PartnerDevice[] | null {
  try {
    const { devices, dropped } = devicesOf(type, userId, json)
    return dropped === 0 ? devices : null
  } catch {
    return null
  }
}
