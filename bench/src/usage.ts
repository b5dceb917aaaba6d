import { setTimeout as delay } from 'node:timers/promises'
import type { ChildProcess } from 'node:child_process'

/** What a process holds. */
export type Memory = { heapMb: number; rssMb: number }

/** What this process holds when nothing is left to collect. Wants `--expose-gc`. */
export function memoryNow(): Memory {
  // Twice: what the first round finds out about, weak references for one, the second takes away.
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heapMb: (heapUsed + external) / 2 ** 20, rssMb: rss / 2 ** 20 }
}

/** Processor time that this process has used. Collects nothing: V8 is slower for a while after it was made to. */
function cpuSNow(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Lets the parent of this process ask for both. */
export function sayUsage() {
  process.on('message', (what) => process.send?.(what === 'memory' ? memoryNow() : cpuSNow()))
}

/** Asks a process that was started with `sayUsage`. */
export async function memoryOf(child: ChildProcess): Promise<Memory> {
  // What was in the air a moment ago is over.
  await delay(500)
  return ask(child, 'memory')
}

/** Likewise, s. */
export const cpuSOf = (child: ChildProcess): Promise<number> => ask(child, 'cpu')

function ask<T>(child: ChildProcess, what: 'memory' | 'cpu'): Promise<T> {
  const answered = new Promise<T>((resolve) => child.once('message', (usage: T) => resolve(usage)))
  child.send(what)
  return answered
}
