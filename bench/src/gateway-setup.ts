import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, startProgram } from '../../e2e/src/stack.ts'
import type { Jobs } from './crowd.ts'

/** The gateway under load, its simulator, the crowd, and a bare server to compare with: each a process of its own. */
export type Setup = {
  port: number
  host: string
  gateway(): ChildProcess
  /** Two sessions of each home, one after the other. */
  cookies: string[]
  /** What a read of a home answers. */
  body: string
  /** Lets the crowd do one thing. */
  crowd<Job extends keyof Jobs>(
    job: Job,
    ...args: Parameters<Jobs[Job]>
  ): Promise<Awaited<ReturnType<Jobs[Job]>>>
  /** Starts another bare server; it ends with everything else. */
  floor(): Promise<{ port: number; child: ChildProcess }>
  /** Seconds pass for the simulator and all devices. */
  advance(seconds: number): Promise<void>
  /** Has the partner answer everything with 503, or no longer. */
  breakPartner(): Promise<void>
  mendPartner(): Promise<void>
  /** How many requests the partner has had. */
  partnerAsked(): Promise<number>
  /** Kills the gateway without a word and starts it again where it was. */
  killAndStart(): Promise<void>
  close(): Promise<void>
}

export async function openSetup(homes: number): Promise<Setup> {
  const [simulatorPort, port] = [await freePort(), await freePort()]
  const simulator = await startProgram('apps/simulator/src/main.ts', 'Simulator is ready', [
    '--port',
    String(simulatorPort),
    '--homes',
    String(homes),
  ])
  const dataDir = mkdtempSync(join(tmpdir(), 'homewatt-bench-'))
  const host = `localhost:${port}`
  const children = new Set<ChildProcess>()

  const startGateway = () =>
    start('./measured-gateway.ts', [], 'ready', {
      PORT: String(port),
      DATA_DIR: dataDir,
      LOG_LEVEL: 'silent',
      PARTNER_API_URL: `http://localhost:${simulatorPort}/api/partners/v2.0`,
    })
  async function start(script: string, args: string[], word: string, env: Record<string, string> = {}) {
    const child = spawn(
      process.execPath,
      [
        '--expose-gc',
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL(script, import.meta.url)),
        ...args,
      ],
      { env: { ...process.env, NODE_OPTIONS: '', ...env }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
    )
    children.add(child)
    child.once('exit', () => children.delete(child))
    let said = ''
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (data) => (said += String(data)).includes(word) && resolve())
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}.`)))
    })
    return { child, said }
  }

  async function control(method: 'POST' | 'DELETE', path: string, body: unknown = {}) {
    const response = await fetch(`http://localhost:${simulatorPort}/_control/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    // What is measured without the fault that was meant says nothing.
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }

  let gateway = (await startGateway()).child
  const crowd = spawn(process.execPath, [fileURLToPath(new URL('./crowd.ts', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  children.add(crowd)
  const answered = async () => (await once(crowd, 'message'))[0] as { result: never }
  await answered()

  const cookies: string[] = []
  const names = await namesOf(simulatorPort)
  for (let n = 0; n < 2 * names.length; n++)
    cookies.push(await signIn(`http://${host}`, names[n % names.length] ?? ''))
  const read = await fetch(`http://${host}/api/home`, {
    headers: { cookie: await signIn(`http://${host}`, 'full') },
  })
  const body = await read.text()

  return {
    port,
    host,
    gateway: () => gateway,
    cookies,
    body,
    async crowd(job, ...args) {
      const answer = answered()
      crowd.send({ job, args })
      return (await answer).result
    },
    async floor() {
      const { child, said } = await start('./floor.ts', [body], 'floor')
      return { child, port: Number(said.replace(/\D/g, '')) }
    },
    advance: (seconds) => control('POST', 'advance', { seconds }),
    breakPartner: () => control('POST', 'faults', { kind: 'status', status: 503 }),
    mendPartner: () => control('DELETE', 'faults'),
    async partnerAsked() {
      const answer = await fetch(`http://localhost:${simulatorPort}/_control/requests`)
      return ((await answer.json()) as { total: number }).total
    },
    async killAndStart() {
      gateway.kill('SIGKILL')
      await once(gateway, 'exit')
      gateway = (await startGateway()).child
    },
    async close() {
      for (const child of children) child.kill('SIGKILL')
      await simulator.end()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function namesOf(simulatorPort: number): Promise<string[]> {
  const homes = await fetch(`http://localhost:${simulatorPort}/_control/homes`)
  return ((await homes.json()) as { name: string }[]).map(({ name }) => name)
}

async function signIn(url: string, home: string): Promise<string> {
  const answer = await fetch(`${url}/api/demo/sign-in`, {
    method: 'POST',
    headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ home }),
  })
  if (answer.status !== 204) throw new Error(`Sign-in to ${home} answered ${answer.status}.`)
  return (answer.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
}
