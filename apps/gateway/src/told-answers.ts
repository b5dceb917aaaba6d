import { devicesOf, type PartnerDevice } from '@homewatt/client'
import { deviceTypes, type DeviceType } from '@homewatt/contract'
import * as v from 'valibot'
import type { HomeOwner } from './home-key.ts'
import type { Nodes } from './nodes.ts'
import type { ToldWrites } from './told-writes.ts'

/** Lists that one gateway was answered, for all: whoever hears one need not ask. */
export type ToldAnswers = {
  /** Call before asking; the result tells what was answered. */
  asking(owner: HomeOwner): (type: DeviceType, devices: readonly PartnerDevice[]) => void
}

const Told = v.object({
  tenant: v.string(),
  userId: v.pipe(v.string(), v.regex(/^[^/]+$/)),
  type: v.picklist(deviceTypes),
  devices: v.unknown(),
  known: v.record(v.string(), v.number()),
})

/** @param onAnswer hears of lists that are as good as answers of our own; they were read as strictly as those */
export function createToldAnswers({
  tenant,
  nodes,
  writes,
  onAnswer,
}: {
  tenant: string
  nodes: Nodes
  writes: ToldWrites
  onAnswer: (owner: HomeOwner, type: DeviceType, devices: PartnerDevice[]) => void
}): ToldAnswers {
  nodes.hear('answer', (message) => {
    const read = v.safeParse(Told, message)
    if (!read.success || read.output.tenant !== tenant) return
    const { userId, type, known } = read.output
    const owner = { tenant, userId }
    if (!writes.isNews(owner, known)) return
    const devices = readTold(type, userId, read.output.devices)
    if (devices) onAnswer(owner, type, devices)
  })

  return {
    asking(owner) {
      const known = writes.known(owner)
      return (type, devices) =>
        nodes.tell('answer', { tenant: owner.tenant, userId: owner.userId, type, devices, known })
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
