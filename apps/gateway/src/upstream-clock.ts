import type { Time } from '@homewatt/client'

/** The Partner API's present time, reckoned from the `Date` headers of its answers. */
export type UpstreamClock = {
  /** Takes in one answer: its `Date` (whole seconds) and when the exchange began and ended, monotonic ms. */
  hear(dateMs: number | null, startMs: number, endMs: number): void
  nowMs(): number
  now(): string
}

/** Before the first answer the gateway's own wall clock has to do. */
export function createUpstreamClock(time: Time): UpstreamClock {
  /** Between which two values (upstream minus monotonic ms) the truth lies by all answers that agree. */
  let between: { least: number; most: number } | null = null
  /** What `now` said last: thousands may ask within a millisecond. */
  let last = { atMs: Number.NaN, text: '' }

  const nowMs = () => {
    if (!between) return time.wallMs()
    return time.monotonicMs() + (between.least + between.most) / 2
  }

  return {
    hear(dateMs, startMs, endMs) {
      if (dateMs === null) return
      // The header was written between start and end, and cuts off up to a second.
      const heard = { least: dateMs - endMs, most: dateMs + 1000 - startMs }
      const least = Math.max(between?.least ?? -Infinity, heard.least)
      const most = Math.min(between?.most ?? Infinity, heard.most)
      // No agreement: one of the two clocks was set, and the newest answer knows how it is now.
      between = least <= most ? { least, most } : heard
    },
    nowMs,
    now() {
      const atMs = Math.round(nowMs())
      if (atMs !== last.atMs) last = { atMs, text: new Date(atMs).toISOString() }
      return last.text
    },
  }
}
