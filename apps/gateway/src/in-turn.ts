import { within, type Time } from '@homewatt/client'
import { tooManyRequests } from './errors.ts'

/**
 * Writes of one kind one after the other, for example all about one device (T23). Resolves and rejects as `write` does;
 * rejects with `too_many_requests` when its turn does not come by `byMs`, and then nothing is written.
 *
 * @param key of what is written
 * @param byMs as `Time.monotonicMs`
 */
export type InTurn = <T>(key: string, byMs: number, write: () => Promise<T>) => Promise<T>

export function createInTurn(time: Time): InTurn {
  /** What the next one has to wait for: the end of the last one, whatever became of it. */
  const last = new Map<string, Promise<unknown>>()

  return async (key, byMs, write) => {
    const before = last.get(key)
    const { promise: over, resolve: end } = Promise.withResolvers<true>()
    const mine = before ? before.then(() => over) : over
    last.set(key, mine)
    void mine.then(() => last.get(key) === mine && last.delete(key))
    try {
      if (before && !(await within(time, byMs - time.monotonicMs(), before))) throw tooManyRequests(1_000)
      return await write()
    } finally {
      end(true)
    }
  }
}
