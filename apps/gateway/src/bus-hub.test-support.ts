import { createHearing, type Bus } from './bus.ts'

/** A bus for several gateways in one process, with which a test can do what a network does. */
export type BusHub = {
  join(): Bus
  /** Nothing arrives until it is mended; everybody knows it. */
  cut(): void
  mend(): void
}

/**
 * @param carry how each message gets to each hearer: later, twice, not at all; at the end of this turn of the event
 *   loop unless said
 */
export function createBusHub(carry: (arrive: () => void) => void = setImmediate): BusHub {
  const members = new Map<string, (topic: string, message: unknown, from: string) => void>()
  let isWhole = true
  let names = 0
  return {
    join() {
      const node = `node-${++names}`
      const { hear, heard } = createHearing()
      members.set(node, heard)
      return {
        node,
        hear,
        tell(topic, message) {
          if (!isWhole) return
          const json = JSON.stringify(message)
          for (const [other, arrives] of members)
            if (other !== node)
              carry(() => {
                if (isWhole && members.has(other)) arrives(topic, JSON.parse(json), node)
              })
        },
        isThere: () => isWhole,
        close() {
          members.delete(node)
          return Promise.resolve()
        },
      }
    },
    cut() {
      isWhole = false
    },
    mend() {
      isWhole = true
    },
  }
}
