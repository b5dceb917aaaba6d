import type { Pressure } from './shedding.ts'

/**
 * How long a request that came when this was last asked had to wait at most, ms: for the rest of that turn of the event
 * loop and all of the next. An idle process, which nobody asks, measures nothing and wakes up for nothing.
 *
 * @param afterTurn runs something when the present turn is over
 */
export function createLoopDelay({
  nowMs,
  afterTurn,
}: {
  nowMs: () => number
  afterTurn: (run: () => void) => void
}): Pressure {
  let lastMs = 0
  let beganMs: number | null = null

  function measure(fromMs: number) {
    beganMs = fromMs
    afterTurn(() =>
      afterTurn(() => {
        lastMs = nowMs() - fromMs
        beganMs = null
      }),
    )
  }

  return () => {
    if (beganMs !== null) return nowMs() - beganMs
    measure(nowMs())
    return lastMs
  }
}
