import { setTimeout as delay } from 'node:timers/promises'
import type { ChildProcess } from 'node:child_process'

/** What a process holds, and how much processor time it has used. */
export type Memory = { heapMb: number; rssMb: number; cpuS: number }

/** What this process holds when nothing is left to collect. Wants `--expose-gc`. */
export function memoryNow(): Memory {
  // Twice: what the first round finds out about, weak references for one, the second takes away.
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return {
    heapMb: (heapUsed + external) / 2 ** 20,
    rssMb: rss / 2 ** 20,
    cpuS: (user + system) / 1e6,
  }
}

/** Lets the parent of this process ask for it. */
export function sayMemory() {
  process.on('message', () => process.send?.(memoryNow()))
}

/** Asks a process that was started with `sayMemory`. */
export async function memoryOf(child: ChildProcess): Promise<Memory> {
  // What was in the air a moment ago is over.
  await delay(500)
  const answered = new Promise<Memory>((resolve) =>
    child.once('message', (memory: Memory) => resolve(memory)),
  )
  child.send('memory')
  return answered
}
