/**
 * From one gateway to the others of the same deployment. What is told is a hint: it may come twice, late, in another
 * order, or never, so nothing that has to be true hangs on it.
 */
export type Bus = {
  /** Names this gateway among the others; another one after every start. */
  readonly node: string
  /** Never throws. The message travels as JSON. */
  tell(topic: string, message: unknown): void
  /** Hears what the others tell, never what this one does; the result stops it. */
  hear(topic: string, listener: BusListener): () => void
  /** Whether what is told arrives just now, as far as that can be known. */
  isThere(): boolean
  close(): Promise<void>
}

export type BusListener = (message: unknown, from: string) => void

/** Who hears what; shared by all kinds of bus. */
export function createHearing() {
  const listeners = new Map<string, Set<BusListener>>()
  return {
    hear(topic: string, listener: BusListener) {
      const all = listeners.get(topic) ?? new Set()
      listeners.set(topic, all.add(listener))
      return () => void all.delete(listener)
    },
    heard(topic: string, message: unknown, from: string) {
      for (const listener of listeners.get(topic) ?? []) listener(message, from)
    },
  }
}
