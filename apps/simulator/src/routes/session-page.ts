import { DAY_MS, MINUTE_MS } from '../calendar.ts'
import { ok, type Answer } from '../http.ts'
import { createQuery } from '../query.ts'
import type { Call } from '../router.ts'

/** Which sessions a list was asked for: those that began in a span, and how many of them. */
export type SessionPage = { startMs: number; endMs: number; limit: number; offset: number }

/** `from` and `to` (days, both included, UTC), `limit` and `offset` of a list of sessions; throws 422. */
export function pageOf({ request }: Call): SessionPage {
  const query = createQuery(request.query)
  const startMs = query.day('from')
  const endMs = query.day('to') + DAY_MS
  const limit = query.whole('limit', 1, 200, 50)
  const offset = query.whole('offset', 0, 1_000_000_000, 0)
  if (endMs <= startMs) query.complain('to', 'Should not be before from')
  query.check()
  return { startMs, endMs, limit, offset }
}

/** The page of `entries`, which come in order of time, newest first. */
export function pageAnswer<T>(
  { startMs, endMs, limit, offset }: SessionPage,
  entries: readonly T[],
  beginMin: (entry: T) => number,
  onWire: (entry: T) => unknown,
): Answer {
  const there = entries
    .filter((entry) => beginMin(entry) * MINUTE_MS >= startMs && beginMin(entry) * MINUTE_MS < endMs)
    .reverse()
  return ok({ total: there.length, items: there.slice(offset, offset + limit).map(onWire) })
}
