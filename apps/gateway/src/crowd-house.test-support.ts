import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Memory } from '../../../bench/src/usage.ts'

/** A house in a process of its own, so that its memory is the gateway's and none of those who watch it. */
export type CrowdHouse = {
  port: number
  /** Two sessions of each home that has a device. */
  cookies: string[]
  /** Every device reports something new, and everybody is told. */
  change(): Promise<void>
  /** Time passes in the house. */
  advance(ms: number): Promise<void>
  /** As the gateway counts them. */
  streams(): Promise<number>
  memory(): Promise<Memory>
  close(): Promise<void>
}

export type CrowdJob = 'change' | 'advance' | 'streams' | 'memory'

export async function openCrowdHouse(homes: number): Promise<CrowdHouse> {
  const main = fileURLToPath(new URL('crowd-house-main.test-support.ts', import.meta.url))
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', main, String(homes)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  const answered = async () => (await once(child, 'message'))[0] as unknown
  async function ask(job: CrowdJob, arg = 0): Promise<unknown> {
    const answer = answered()
    child.send({ job, arg })
    return ((await answer) as { result: unknown }).result
  }
  const { port, cookies } = (await answered()) as Pick<CrowdHouse, 'port' | 'cookies'>
  return {
    port,
    cookies,
    change: async () => void (await ask('change')),
    advance: async (ms) => void (await ask('advance', ms)),
    streams: async () => (await ask('streams')) as number,
    memory: async () => (await ask('memory')) as Memory,
    async close() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
