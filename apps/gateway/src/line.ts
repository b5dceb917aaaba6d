/** Those who wait for something, first come first served. */
export type Line = {
  readonly isEmpty: boolean
  /** Resolves when it is one's turn. */
  wait(): Promise<void>
  /** Lets whoever is next go on; `false` when there is nobody. */
  letNext(): boolean
  /** How long whoever is next has waited, ms. */
  waitMs(): number
}

export function createLine(nowMs: () => number): Line {
  const waiting: { sinceMs: number; goOn: () => void }[] = []

  return {
    get isEmpty() {
      return waiting.length === 0
    },
    wait: () => new Promise((goOn) => waiting.push({ sinceMs: nowMs(), goOn })),
    letNext() {
      const next = waiting.shift()
      next?.goOn()
      return next !== undefined
    },
    waitMs: () => (waiting[0] ? nowMs() - waiting[0].sinceMs : 0),
  }
}
