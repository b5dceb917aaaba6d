import type { Time } from '@homewatt/client'
import type { Bus } from './bus.ts'

/** The gateways that share the accounts at the Partner API: how many there are, and what they tell each other. */
export type Nodes = Pick<Bus, 'node' | 'tell' | 'hear'> & {
  /** How many share the budget: this one, and the others that were heard lately. */
  count(): number
  /** Whether what one has to do for all is this one's to do. While they cannot hear each other, each does it. */
  isFirst(): boolean
  /** `null` where there is no bus. */
  isBusThere(): boolean | null
  close(): Promise<void>
}

const HERE_EVERY_MS = 3_000
const GONE_MS = 10_000
/** Whoever has a bus has others; until they were heard, so many are thought of. */
const LIKELY = 2

/** One gateway alone. */
export const alone: Nodes = {
  node: 'alone',
  tell() {},
  hear: () => () => {},
  count: () => 1,
  isFirst: () => true,
  isBusThere: () => null,
  close: () => Promise.resolve(),
}

/** Tells the others that it is here, and counts those that do. */
export function createNodes({ bus, time }: { bus: Bus; time: Time }): Nodes {
  const heardMs = new Map<string, number>()
  let wasThere = false
  let present = LIKELY
  let cancel = time.after(0, beat)

  const stopHearing = [
    bus.hear('here', (_message, from) => {
      const isNew = !heardMs.has(from)
      heardMs.set(from, time.monotonicMs())
      // So that whoever has just come knows of all at once.
      if (isNew) bus.tell('here', null)
    }),
    bus.hear('gone', (_message, from) => void heardMs.delete(from)),
  ]

  function beat() {
    bus.tell('here', null)
    count()
    cancel = time.after(HERE_EVERY_MS, beat)
  }

  /** Those not heard while the bus is away are there all the same, and spend their share. */
  function count(): number {
    const nowMs = time.monotonicMs()
    const isThere = bus.isThere()
    if (isThere && !wasThere) for (const from of heardMs.keys()) heardMs.set(from, nowMs)
    wasThere = isThere
    if (!isThere) return Math.max(present, heardMs.size + 1)
    for (const [from, atMs] of heardMs) if (nowMs - atMs > GONE_MS) heardMs.delete(from)
    present = heardMs.size + 1
    return present
  }

  return {
    node: bus.node,
    tell: bus.tell,
    hear: bus.hear,
    count,
    isFirst() {
      count()
      return !bus.isThere() || [...heardMs.keys()].every((other) => bus.node < other)
    },
    isBusThere: () => bus.isThere(),
    async close() {
      cancel()
      for (const stop of stopHearing) stop()
      bus.tell('gone', null)
      await bus.close()
    },
  }
}
