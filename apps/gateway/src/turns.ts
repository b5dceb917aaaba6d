import { createLine } from './line.ts'

/** In what order requests are begun, and how many at once. */
export type Turns = {
  /** `null`: begin now. Else resolves when it is time to. */
  mine(): Promise<void> | null
  /** How long whoever is next has waited, ms. */
  waitMs(): number
}

/** For so long in one turn of the event loop; whatever else happens is late by not much more. */
const BEGIN_MS = 2

/**
 * Everything that is begun at once ends at once, and until then nobody is answered, not even with a no. So what comes
 * together is begun a few at a time, first come first served.
 *
 * @param afterTurn runs something when the present turn of the event loop is over
 */
export function createTurns({
  nowMs,
  afterTurn,
}: {
  nowMs: () => number
  afterTurn: (run: () => void) => void
}): Turns {
  const line = createLine(nowMs)
  let beganMs: number | null = null

  function hasRoom(): boolean {
    if (beganMs === null) {
      beganMs = nowMs()
      afterTurn(next)
    }
    return nowMs() - beganMs < BEGIN_MS
  }

  function next() {
    beganMs = null
    if (!line.isEmpty) void beginSome()
  }

  async function beginSome() {
    while (!line.isEmpty && hasRoom()) {
      line.letNext()
      // What it does at once it does now, and it counts.
      await null
    }
  }

  return {
    mine: () => (line.isEmpty && hasRoom() ? null : line.wait()),
    waitMs: line.waitMs,
  }
}
