import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator } from '../../simulator/src/simulator.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

let directory: string
let started: Run[]
let open: { close(): unknown }[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  started = []
  open = []
})
afterEach(async () => {
  for (const { child, exited } of started) {
    if (child.exitCode === null) child.kill('SIGKILL')
    await exited
  }
  for (const one of open) await one.close()
  rmSync(directory, { recursive: true, force: true })
})

type Run = {
  child: ChildProcess
  out(): string
  err(): string
  says(text: string): Promise<void>
  exited: Promise<number | null>
}

function start(env: Record<string, string>): Run {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [main], {
    env: { PATH, DATA_DIR: directory, WEB_BUILD: join(directory, 'none'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  const run: Run = {
    child,
    out: () => out,
    err: () => err,
    async says(text) {
      while (!out.includes(text)) await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    },
    exited: once(child, 'close').then(([code]) => code as number | null),
  }
  started.push(run)
  return run
}

async function simulator(port = 0): Promise<string> {
  const running = await createSimulator({ seed: 1, homes: 8 }).listen(port)
  open.push(running)
  return `${running.url}/api/partners/v2.0`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('it says that it is ready when the first home is known, serves it, and ends cleanly', async () => {
  const port = await freePort()
  const run = start({ PORT: String(port), PARTNER_API_URL: await simulator() })
  await run.says('Homewatt is ready')
  expect(run.out().split('\n')).toContain(`Homewatt is ready: http://localhost:${port}`)
  expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200)
  run.child.kill('SIGTERM')
  expect(await run.exited).toBe(0)
  expect(run.err()).toBe('')
})

test('it starts without the partner and is ready when that comes', async () => {
  const [port, partnerPort] = [await freePort(), await freePort()]
  const run = start({
    PORT: String(port),
    PARTNER_API_URL: `http://localhost:${partnerPort}/api/partners/v2.0`,
  })
  await run.says('partner_unreachable_at_start')
  expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200)
  expect(run.out()).not.toContain('Homewatt is ready')
  await simulator(partnerPort)
  await run.says('Homewatt is ready')
})

test('a port in use ends it in one sentence', async () => {
  const server: Server = createServer().listen(0)
  await once(server, 'listening')
  open.push(server)
  const { port } = server.address() as AddressInfo
  const run = start({ PORT: String(port), PARTNER_API_URL: await simulator() })
  expect(await run.exited).toBe(1)
  expect(run.err()).toBe(`Port ${port} is in use: stop what listens there, or set PORT to another one.\n`)
})

test('a missing variable ends it in one sentence', async () => {
  const run = start({ PARTNER_API_URL: 'https://app.podero.com/api/partners/v2.0', PARTNER_CLIENT_ID: 'id' })
  expect(await run.exited).toBe(1)
  expect(run.err()).toBe('PARTNER_CLIENT_SECRET is missing: set it to the value of your partner account.\n')
})

test('a wrong secret ends it in one sentence', async () => {
  const run = start({ PORT: '0', PARTNER_API_URL: await simulator(), PARTNER_CLIENT_SECRET: 'canary-wrong' })
  expect(await run.exited).toBe(1)
  expect(run.err()).toBe(
    'The Partner API refuses the credential: check PARTNER_CLIENT_ID and PARTNER_CLIENT_SECRET.\n',
  )
  expect(run.out()).not.toContain('canary')
})

test('a data directory that cannot be written to ends it in one sentence', async () => {
  const dataDir = join(main, 'data')
  const run = start({ DATA_DIR: dataDir })
  expect(await run.exited).toBe(1)
  expect(run.err()).toBe(`${dataDir} cannot be written to: set DATA_DIR to a directory that can.\n`)
})
