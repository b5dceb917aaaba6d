import type { Time } from './time.ts'

/** Time that stands still until a test pushes it. */
export type VirtualTime = Time & {
  /**
   * Lets `ms` pass: every timer that falls due runs at its own moment, and after each one the world is given the
   * chance to settle, so that what it set in motion over real sockets happens at that moment too.
   */
  advance(ms: number): Promise<void>
  /** Timers that wait. */
  pending(): number
}

type Timer = { atMs: number; run: () => void }

/**
 * @param settle resolves when everything that was set in motion has come to rest
 * @param onPass hears of every step, for clocks that have to go along
 */
export function virtualTime({
  start = new Date('2026-06-21T10:00:00Z'),
  settle,
  onPass = () => {},
}: {
  start?: Date
  settle: () => Promise<void>
  onPass?: (ms: number) => void
}): VirtualTime {
  const timers = new Set<Timer>()
  let passedMs = 0

  function passTo(ms: number) {
    const byMs = ms - passedMs
    passedMs = ms
    if (byMs > 0) onPass(byMs)
  }

  function nextBy(endMs: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of timers) if (timer.atMs <= endMs && !(next && next.atMs <= timer.atMs)) next = timer
    return next
  }

  return {
    wallMs: () => start.getTime() + passedMs,
    monotonicMs: () => passedMs,
    after(ms, run) {
      const timer = { atMs: passedMs + Math.max(0, ms), run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(ms) {
      const endMs = passedMs + ms
      await settle()
      for (let timer = nextBy(endMs); timer; timer = nextBy(endMs)) {
        timers.delete(timer)
        passTo(timer.atMs)
        timer.run()
        await settle()
      }
      passTo(endMs)
    },
    pending: () => timers.size,
  }
}
