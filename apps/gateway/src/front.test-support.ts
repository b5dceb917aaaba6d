import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A server program of this machine that stands in front of the gateway for a test. */
export type Front = {
  signal(signal: NodeJS.Signals): void
  close(): Promise<void>
}

/** Where a server program is, also where only root looks for it; `null` when this machine has none. */
export function installed(program: string): string | null {
  const places = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'].map((folder) =>
    join(folder, program),
  )
  return places.find(isThere) ?? null
}

/**
 * Resolves when it takes connections; rejects with what it said when it ends instead.
 *
 * @param port where it was told to listen, on this machine
 */
export async function startFront(program: string, args: string[], port: number): Promise<Front> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (data) => (said += String(data)))
  const ended = once(child, 'exit')
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`)
    await delay(20)
  }
  return {
    signal: (signal) => void child.kill(signal),
    async close() {
      child.kill()
      await ended
    },
  }
}

function isThere(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
