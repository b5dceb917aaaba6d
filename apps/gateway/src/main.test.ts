import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator } from '../../simulator/src/simulator.ts'
import { freePort } from './free-port.test-support.ts'
import { startGatewayProgram, type GatewayProgram } from './gateway-program.test-support.ts'
import { webBuild } from './page.test-support.ts'

let directory: string
let started: GatewayProgram[]
let open: { close(): unknown }[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  started = []
  open = []
})
afterEach(async () => {
  for (const program of started) await program.end('SIGKILL')
  for (const one of open) await one.close()
  rmSync(directory, { recursive: true, force: true })
})

function start(env: Record<string, string>): GatewayProgram {
  const program = startGatewayProgram({ DATA_DIR: directory, WEB_BUILD: join(directory, 'none'), ...env })
  started.push(program)
  return program
}

/** Waits until it has printed these words. Throws when it ends without. */
async function says(program: GatewayProgram, words: string) {
  while (!program.out().includes(words)) {
    if (program.process.exitCode !== null) throw new Error(`It never said "${words}".`)
    await delay(20)
  }
}

async function simulator(port = 0): Promise<string> {
  const running = await createSimulator({ seed: 1, homes: 8 }).listen(port)
  open.push(running)
  return `${running.url}/api/partners/v2.0`
}

test('it says that it is ready when the first home is known, serves it, and ends cleanly', async () => {
  const port = await freePort()
  const run = start({ PORT: String(port), PARTNER_API_URL: await simulator() })
  await says(run, 'Homewatt is ready')
  expect(run.out().split('\n')).toContain(`Homewatt is ready: http://localhost:${port}`)
  expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200)
  expect(await run.end('SIGTERM')).toBe(0)
  expect(run.err()).toBe('')
})

test('whatever a browser fetches for its first look, not a line is left in the log', async () => {
  const port = await freePort()
  const run = start({ PORT: String(port), PARTNER_API_URL: await simulator(), WEB_BUILD: webBuild })
  await says(run, 'Homewatt is ready')
  const url = `http://localhost:${port}`
  const page = await (await fetch(`${url}/sign-in`)).text()
  const files = [...page.matchAll(/(?:href|src)="(\.?\/[^"]+\.\w+)"/g)].map(([, file = '']) => file)
  expect(files.length).toBeGreaterThan(3)
  for (const file of files)
    for (const coding of ['identity', 'br']) {
      const answer = await fetch(new URL(file, `${url}/sign-in`), { headers: { 'accept-encoding': coding } })
      expect(answer.status, file).toBe(200)
      await answer.arrayBuffer()
    }
  await run.end('SIGTERM')
  expect(run.err()).toBe('')
})

test('it starts without the partner and is ready when that comes', async () => {
  const [port, partnerPort] = [await freePort(), await freePort()]
  const run = start({
    PORT: String(port),
    PARTNER_API_URL: `http://localhost:${partnerPort}/api/partners/v2.0`,
  })
  await says(run, 'partner_unreachable_at_start')
  expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200)
  expect(run.out()).not.toContain('Homewatt is ready')
  await simulator(partnerPort)
  await says(run, 'Homewatt is ready')
})

/** While it is loaded it knocks at the gateway's own port, and tells on every page what it found. */
const knockingPages = `
import { connect } from 'node:net'
const found = await new Promise((resolve) => {
  const knock = connect(Number(process.env.PORT), '127.0.0.1')
  knock.on('connect', () => { knock.destroy(); resolve('open') })
  knock.on('error', () => resolve('closed'))
})
export const handler = (request, response) => response.end(found)
`

test('its port opens when its pages are there, so that nobody asks for one in vain', async () => {
  const build = join(directory, 'pages')
  mkdirSync(build)
  writeFileSync(join(build, 'package.json'), '{"type":"module"}')
  writeFileSync(join(build, 'handler.js'), knockingPages)
  const port = await freePort()
  const run = start({ PORT: String(port), PARTNER_API_URL: await simulator(), WEB_BUILD: build })
  const page = `http://localhost:${port}/`
  await run.answers(page)
  expect(await (await fetch(page)).text()).toBe('closed')
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
  const dataDir = join(import.meta.filename, 'data')
  const run = start({ DATA_DIR: dataDir })
  expect(await run.exited).toBe(1)
  expect(run.err()).toBe(`${dataDir} cannot be written to: set DATA_DIR to a directory that can.\n`)
})
