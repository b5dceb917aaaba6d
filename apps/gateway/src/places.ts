import { createLine } from './line.ts'

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
  const line = createLine(nowMs)
  let taken = 0

  return {
    take() {
      if (taken >= most) return line.wait()
      taken++
      return null
    },
    leave() {
      if (!line.letNext()) taken--
    },
    waitMs: line.waitMs,
  }
}
