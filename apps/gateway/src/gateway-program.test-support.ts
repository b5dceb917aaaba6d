import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

/**
 * How soon what was killed is there again, which is promised within 3 s on a machine of its own: that is looked at in the
 * long run. Tests that share theirs with others look whether it still is of that kind.
 */
export const READY_WITHIN_MS = process.env['LONG'] ? 3_000 : 20_000

/** A gateway in a process of its own. */
export type GatewayProgram = {
  process: ChildProcess
  out(): string
  err(): string
  /** Its exit code, `null` after a signal. */
  exited: Promise<number | null>
  /** Sends the signal, unless it has ended, and waits for its end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
  /** Waits until this address of it answers with 200. Throws when it ends before. */
  answers(url: string): Promise<void>
}

/** Starts a gateway that knows of these variables and of nothing else that is set here. */
export function startGatewayProgram(env: Record<string, string>): GatewayProgram {
  const { PATH = '', NODE_COMPILE_CACHE: cache } = process.env
  const child = spawn(process.execPath, [main], {
    env: { PATH, ...(cache ? { NODE_COMPILE_CACHE: cache } : {}), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  const exited = once(child, 'close').then(([code]) => code as number | null)
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return {
    process: child,
    out: () => out,
    err: () => err,
    exited,
    end: (signal) => {
      if (!hasEnded()) child.kill(signal)
      return exited
    },
    async answers(url) {
      while ((await fetch(url).catch(() => null))?.status !== 200) {
        if (hasEnded()) throw new Error(`The gateway ended with ${child.exitCode}: ${err}`)
        await delay(20)
      }
    },
  }
}
