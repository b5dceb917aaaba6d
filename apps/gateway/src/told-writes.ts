import type { PartnerClient } from '@homewatt/client'
import * as v from 'valibot'
import { homeKey, type HomeOwner } from './home-key.ts'
import type { Nodes } from './nodes.ts'

/**
 * Which writes to a home each gateway knows of, so that an answer that another gateway began to ask for before a write
 * of this one is not taken for news. Counted and never timed: clocks of gateways differ, and messages are late.
 */
export type ToldWrites = {
  /** The writes of others to this home that are known now; goes with every answer, from before it was asked for. */
  known(owner: HomeOwner): Record<string, number>
  /** Whether whoever knew these writes knew all of this gateway's. If not, they are told once more. */
  isNews(owner: HomeOwner, known: Readonly<Record<string, number>>): boolean
}

const Wrote = v.object({
  tenant: v.string(),
  userId: v.pipe(v.string(), v.regex(/^[^/]+$/)),
  writes: v.number(),
  /** Begun and ended are counted both: what was asked for in between may have either state. */
  isOver: v.boolean(),
})
/** Of so many homes it is remembered; those written to longest ago are forgotten first. */
const MOST = 20_000

/** @param onWrite another gateway has written to this home, or may have */
export function createToldWrites({
  tenant,
  nodes,
  onWrite,
}: {
  tenant: string
  nodes: Nodes
  onWrite: (owner: HomeOwner) => void
}): ToldWrites & { counted(client: PartnerClient): PartnerClient } {
  const own = new Map<string, number>()
  const others = new Map<string, Map<string, number>>()

  nodes.hear('wrote', (message, from) => {
    const read = v.safeParse(Wrote, message)
    if (!read.success || read.output.tenant !== tenant) return
    const owner = { tenant, userId: read.output.userId }
    const key = homeKey(owner)
    const known = others.get(key) ?? new Map<string, number>()
    if ((known.get(from) ?? 0) >= read.output.writes) return
    remember(others, key, known.set(from, read.output.writes))
    if (read.output.isOver) onWrite(owner)
  })

  function count(owner: HomeOwner, isOver: boolean) {
    const key = homeKey(owner)
    remember(own, key, (own.get(key) ?? 0) + 1)
    tell(owner, isOver)
  }

  function tell({ tenant, userId }: HomeOwner, isOver: boolean) {
    nodes.tell('wrote', { tenant, userId, writes: own.get(homeKey({ tenant, userId })), isOver })
  }

  async function writing<T>(userId: string, write: () => Promise<T>): Promise<T> {
    const owner = { tenant, userId }
    count(owner, false)
    try {
      return await write()
    } finally {
      count(owner, true)
    }
  }

  return {
    known: (owner) => Object.fromEntries(others.get(homeKey(owner)) ?? []),
    isNews(owner, known) {
      const writes = own.get(homeKey(owner)) ?? 0
      if ((known[nodes.node] ?? 0) >= writes) return true
      tell(owner, true)
      return false
    },
    counted: (client) => ({
      ...client,
      startBoost: (type, userId, ...rest) => writing(userId, () => client.startBoost(type, userId, ...rest)),
      cancelBoost: (type, userId, ...rest) =>
        writing(userId, () => client.cancelBoost(type, userId, ...rest)),
      saveSettings: (type, userId, ...rest) =>
        writing(userId, () => client.saveSettings(type, userId, ...rest)),
      saveChargePolicy: (userId, ...rest) => writing(userId, () => client.saveChargePolicy(userId, ...rest)),
      saveChargingConfig: (userId, ...rest) =>
        writing(userId, () => client.saveChargingConfig(userId, ...rest)),
    }),
  }
}

function remember<T>(all: Map<string, T>, key: string, value: T) {
  all.delete(key)
  all.set(key, value)
  if (all.size > MOST) for (const [oldest] of all) if (all.delete(oldest)) break
}
