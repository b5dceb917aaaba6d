/** A few places, for work that is only worth beginning when there is one. */
export type Places = {
  /** `null`: one is taken. Else resolves when one is. */
  take(): Promise<void> | null
  /** Gives a place back that was taken. */
  leave(): void
  /** How long whoever is next has waited, ms. */
  waitMs(): number
}

export function createPlaces(most: number, nowMs: () => number): Places {
  const waiting: { sinceMs: number; begin: () => void }[] = []
  let taken = 0

  return {
    take() {
      if (taken < most) {
        taken++
        return null
      }
      return new Promise((begin) => waiting.push({ sinceMs: nowMs(), begin }))
    },
    leave() {
      const next = waiting.shift()
      if (next) next.begin()
      else taken--
    },
    waitMs: () => (waiting[0] ? nowMs() - waiting[0].sinceMs : 0),
  }
}
