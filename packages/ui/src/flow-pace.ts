/**
 * How fast a flow moves, as a step from 1 (slow) to 4, by its share of the picture's largest flow. A share that
 * is no number gets the slowest step: what is broken must not look the busiest.
 */
export function flowPace(share: number): 1 | 2 | 3 | 4 {
  return step([1, 2, 3, 4], share)
}

/** How thick a flow is drawn, as a step from 1 to 3. */
export function flowWeight(share: number): 1 | 2 | 3 {
  return step([1, 2, 3], share)
}

function step<T extends number>(steps: readonly [T, ...T[]], share: number): T {
  const index = Number.isFinite(share) ? Math.floor(Math.max(0, share) * steps.length) : 0
  return steps[Math.min(index, steps.length - 1)] ?? steps[0]
}
