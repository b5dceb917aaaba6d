/** Time as an argument: the wall for expiry and display, a clock that only grows for everything measured. */
export type Time = {
  /** Milliseconds since 1970, as the machine believes. */
  wallMs(): number
  /** Milliseconds since some moment; never goes back, whatever happens to the wall clock. */
  monotonicMs(): number
  /** Runs once after `ms`; the result cancels. */
  after(ms: number, run: () => void): () => void
}

export const realTime: Time = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(ms, run) {
    // What was due a moment ago is due now.
    const timer = setTimeout(run, Math.max(0, ms))
    return () => clearTimeout(timer)
  },
}

/** Resolves after `ms`. */
export function pause(time: Time, ms: number): Promise<void> {
  return new Promise((resolve) => time.after(ms, resolve))
}

/** What `work` comes to, or `null` when that takes longer than `ms`. The work itself goes on. */
export async function within<T>(time: Time, ms: number, work: Promise<T>): Promise<T | null> {
  let cancel = () => {}
  const late = new Promise<null>((resolve) => {
    cancel = time.after(ms, () => resolve(null))
  })
  try {
    return await Promise.race([work, late])
  } finally {
    cancel()
  }
}
