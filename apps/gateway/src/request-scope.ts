import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Time } from '@homewatt/client'

const scope = new AsyncLocalStorage<string>()

/** Runs the work on one request under an id of its own, which log lines of that work carry. Never one from outside. */
export function inRequestScope<T>(work: (id: string) => T): T {
  // Its last part is 48 random bits, and Node draws the bits of many ids at once.
  const id = randomUUID().slice(-12)
  return scope.run(id, () => work(id))
}

/** The request that is being worked on; `undefined` in the background. */
export function requestId(): string | undefined {
  return scope.getStore()
}

/** What is put off belongs to nobody's request any more: a poll in an hour is not the work of who was first to look. */
export function outsideRequests(time: Time): Time {
  return { ...time, after: (ms, run) => scope.exit(() => time.after(ms, run)) }
}
