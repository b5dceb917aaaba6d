/** The simulated time of day, which everything in the simulator goes by. */
export type Clock = {
  /** Simulated milliseconds since the epoch, whole. */
  nowMs(): number
  /** Pushes the clock forward by simulated seconds. It never goes back. */
  advance(seconds: number): void
  /** Simulated seconds per real second from now on; 0 stops the clock. */
  setSpeed(speed: number): void
  readonly speed: number
}

/** A clock that starts at `start` and runs at `speed` along `elapsedMs`, a real clock that only grows. */
export function createClock(options: { start: Date; speed: number; elapsedMs: () => number }): Clock {
  const { elapsedMs } = options
  let { speed } = options
  let baseMs = options.start.getTime()
  let baseElapsedMs = elapsedMs()

  const nowMs = () => Math.floor(baseMs + (elapsedMs() - baseElapsedMs) * speed)
  return {
    nowMs,
    advance(seconds) {
      if (!(seconds >= 0)) throw new RangeError('The clock only goes forward.')
      baseMs += Math.round(seconds * 1000)
    },
    setSpeed(next) {
      baseMs = nowMs()
      baseElapsedMs = elapsedMs()
      speed = next
    },
    get speed() {
      return speed
    },
  }
}
