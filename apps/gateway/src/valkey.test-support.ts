import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './free-port.test-support.ts'

/** A Valkey or Redis server of a test's own, which keeps nothing, on a free port of this machine. */
export type Valkey = {
  url: string
  kill(): Promise<void>
  start(): Promise<void>
  /** Stops it in the middle of whatever it does: connections stay open and nothing answers. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

const program = ['valkey-server', 'redis-server'].find((name) => !spawnSync(name, ['--version']).error)
export const valkeyMissing =
  program === undefined ? 'no Valkey or Redis server here: apt-get install redis-server' : null

export async function openValkey(): Promise<Valkey> {
  if (program === undefined) throw new Error(valkeyMissing ?? '')
  const name = program
  const port = await freePort()
  let server = run()

  function run() {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    const child = spawn(name, args, { stdio: 'ignore' })
    return { child, exited: once(child, 'exit') }
  }

  async function listens() {
    for (;;) {
      const socket = connect(port, '127.0.0.1')
      const isOpen = await Promise.race([
        once(socket, 'connect').then(
          () => true,
          () => false,
        ),
        delay(500, false),
      ])
      socket.destroy()
      if (isOpen) return
      await delay(20)
    }
  }

  await listens()
  return {
    url: `redis://127.0.0.1:${port}/3`,
    async kill() {
      server.child.kill('SIGKILL')
      await server.exited
    },
    async start() {
      server = run()
      await listens()
    },
    freeze: () => void server.child.kill('SIGSTOP'),
    thaw: () => void server.child.kill('SIGCONT'),
    async close() {
      server.child.kill('SIGKILL')
      await server.exited
    },
  }
}
