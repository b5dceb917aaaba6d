import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DeviceType } from '@homewatt/contract'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** A program under test: what it printed, and its end. */
export type Program = {
  process: ChildProcess
  output: () => string
  /** Sends SIGTERM (or the signal named) and resolves with the exit code. */
  end: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** A home as the simulator's control door names it. */
export type ControlHome = {
  name: string
  user_id: string
  devices: { type: DeviceType; id: string; name: string }[]
}

export type StackOptions = {
  simulatorArgs?: string[]
  /** The name of this machine by which gateway and people know the simulator; by `127.0.0.1` it is another site than the dashboard. */
  simulatorHost?: 'localhost' | '127.0.0.1'
  /** For the gateway, on top of its defaults. */
  env?: Record<string, string>
  /** The gateway's port, where it has to be known before. */
  port?: number
}

/** Simulator and gateway as separate processes, as a partner would run them, on free ports and a folder of their own. */
export type Stack = {
  /** Where the dashboard is. */
  url: string
  simulatorUrl: string
  /** Everything the two have printed. */
  output: () => string
  simulator: Program
  gateway: Program
  /** Starts the simulator again on its port, after `simulator.end()`. */
  restartSimulator: () => Promise<void>
  /** Likewise the gateway, on its port and its folder; `env` goes on top of what it had. */
  restartGateway: (env?: Record<string, string>) => Promise<void>
  /** `POST /_control/{path}`; answers the parsed body. */
  control: (method: string, path: string, body?: unknown) => Promise<unknown>
  homes: () => Promise<ControlHome[]>
  /** The demo home with this name; throws where there is none. */
  home: (name: string) => Promise<ControlHome>
  /** A session's cookie header for a demo home. */
  signIn: (home: string) => Promise<string>
  dataDir: string
  close: () => Promise<void>
}

/** Starts the stack. Throws with what the programs printed when one of them does not start. */
export async function startStack({
  simulatorArgs = [],
  simulatorHost = 'localhost',
  env = {},
  port: knownPort,
}: StackOptions = {}): Promise<Stack> {
  const simulatorPort = await freePort()
  const dataDir = mkdtempSync(join(tmpdir(), 'homewatt-e2e-'))
  const simulatorUrl = `http://${simulatorHost}:${simulatorPort}`
  const startSimulator = () =>
    startProgram('apps/simulator/src/main.ts', 'Simulator is ready', [
      '--port',
      String(simulatorPort),
      ...simulatorArgs,
    ])

  let simulator = await startSimulator()
  // Asked for late: what is free may be taken again while the simulator starts.
  const port = knownPort ?? (await freePort())
  const url = `http://localhost:${port}`
  let earlierOutput = ''
  const startGateway = (more: Record<string, string> = {}) =>
    startProgram('apps/gateway/src/main.ts', 'Homewatt is ready', [], {
      PORT: String(port),
      DATA_DIR: dataDir,
      PARTNER_API_URL: `${simulatorUrl}/api/partners/v2.0`,
      ...env,
      ...more,
    })
  let gateway = await startGateway().catch(async (error: unknown) => {
    await simulator.end()
    rmSync(dataDir, { recursive: true, force: true })
    throw error
  })

  const control: Stack['control'] = async (method, path, body) => {
    const response = await fetch(`${simulatorUrl}/_control/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} /_control/${path}: ${response.status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }
  const homes = async () => (await control('GET', 'homes')) as ControlHome[]

  return {
    url,
    simulatorUrl,
    dataDir,
    get gateway() {
      return gateway
    },
    get simulator() {
      return simulator
    },
    output: () => earlierOutput + simulator.output() + gateway.output(),
    restartSimulator: async () => {
      earlierOutput += simulator.output()
      simulator = await startSimulator()
    },
    restartGateway: async (more) => {
      earlierOutput += gateway.output()
      gateway = await startGateway(more)
    },
    control,
    homes,
    home: async (name) => {
      const home = (await homes()).find((one) => one.name === name)
      if (!home) throw new Error(`There is no home "${name}".`)
      return home
    },
    signIn: async (home) => {
      const response = await fetch(`${url}/api/demo/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-homewatt': '1' },
        body: JSON.stringify({ home }),
      })
      if (!response.ok)
        throw new Error(`Demo sign-in to ${home}: ${response.status} ${await response.text()}`)
      return response.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; ')
    },
    close: async () => {
      await gateway.end()
      await simulator.end()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Runs a script with the project's Node; resolves when it prints `ready`, rejects with its output when it ends before. */
export async function startProgram(
  script: string,
  ready: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<Program> {
  const program = runProgram(script, args, env)
  await new Promise<void>((resolve, reject) => {
    program.process.stdout?.on('data', () => program.output().includes(ready) && resolve())
    program.process.once('exit', (code) =>
      reject(new Error(`${script} ended with ${code}: ${program.output()}`)),
    )
  })
  return program
}

/** Runs a script with the project's Node, without waiting for anything. */
export function runProgram(script: string, args: string[] = [], env: Record<string, string> = {}): Program {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, script), ...args],
    {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  child.stdout.on('data', (data) => (output += data))
  child.stderr.on('data', (data) => (output += data))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    process: child,
    output: () => output,
    end: (signal = 'SIGTERM') => {
      if (child.exitCode === null) child.kill(signal)
      return ended
    },
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return address.port
}
