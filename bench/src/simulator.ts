import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createDevice, initialSteering } from '../../apps/simulator/src/devices.ts'
import { homeOf } from '../../apps/simulator/src/homes/cast.ts'
import { createSite, stepSite } from '../../apps/simulator/src/homes/site.ts'
import { createWeather } from '../../apps/simulator/src/homes/weather.ts'
import { createMarket } from '../../apps/simulator/src/prices.ts'
import { settingsOf } from '../../apps/simulator/src/world.ts'
import { freePort } from '../../e2e/src/stack.ts'

const homes = Number(process.env['HOMES'] ?? 10_000)
const connections = 32
const measuredMs = 5_000
const org = '00000000-0000-4000-8000-00000000d0d0'
const base = `/api/partners/v2.0/org/${org}/users`

/**
 * Ten thousand homes in one process: memory when all have been looked at, device lists per second, beside a bare
 * server that sends the same bytes to the same client in the same run; and a year of one home.
 */
export async function simulatorBench(): Promise<unknown> {
  const homeYearMs = measureHomeYear()
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../apps/simulator/src/main.ts', import.meta.url)), '--homes', String(homes)],
    { env: { ...process.env, SIMULATOR_PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    await said(child, 'ready')
    const token = await tokenOf(port)
    const get = createClient(port, token)
    const users = (JSON.parse(await get(base)) as { id: string }[]).map(({ id }) => `${base}/${id}/inverters`)

    const openedAt = performance.now()
    const bodies = await inParallel(users, get)
    const openMsPerHome = (performance.now() - openedAt) / users.length
    // Homes without an inverter have nothing to say, which would be too easy.
    const asked = users.filter((path) => (bodies.get(path) ?? '[]') !== '[]')
    const lists = await rateOf(asked, get, child)
    const rssMb = memoryMbOf(child.pid ?? 0)
    const body = bodies.get(asked[0] ?? '') ?? '[]'

    const floor = await measureFloor(body, asked)
    const result = {
      homes: users.length,
      rssMb: Math.round(rssMb),
      openMsPerHome: round(openMsPerHome),
      listsPerSecond: Math.round(lists.perSecond),
      listsPerCoreSecond: Math.round(lists.perCoreSecond),
      floorPerSecond: Math.round(floor.perSecond),
      floorPerCoreSecond: Math.round(floor.perCoreSecond),
      bodyBytes: Buffer.byteLength(body),
      homeYearMs: Math.round(homeYearMs),
    }
    print(result)
    return result
  } finally {
    child.kill()
  }
}

/** A year of the `full` home and its unoptimised twin, minute by minute: the middle of three. */
function measureHomeYear(): number {
  const startMs = Date.parse('2025-06-01T00:00:00Z')
  const spec = homeOf(1, 'full')
  const [unit] = spec.units
  if (!unit?.site) throw new Error('The home full has no building.')
  const devices = unit.devices.map((device) => createDevice(1, unit, device, startMs))
  const settings = settingsOf(devices, initialSteering(spec))
  const times: number[] = []
  for (let round = 0; round < 3; round++) {
    const around = { weather: createWeather(1, spec.place), market: createMarket(1) }
    const site = createSite(unit.site, around, settings, startMs / 60_000)
    const began = performance.now()
    for (let minute = 0; minute < 365 * 1440; minute++) stepSite(site)
    times.push(performance.now() - began)
  }
  return times.sort((a, b) => a - b)[1] ?? Number.NaN
}

/** The same bytes from a server that does nothing else, in a process of its own as the simulator is. */
async function measureFloor(body: string, paths: string[]): Promise<Rate> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./floor.ts', import.meta.url)), body], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const port = Number((await said(child, 'floor')).replace(/\D/g, ''))
    return await rateOf(paths, createClient(port, 'none'), child)
  } finally {
    child.kill()
  }
}

type Get = (path: string) => Promise<string>

function createClient(port: number, token: string): Get {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return (path) =>
    new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path, agent, headers: { authorization: `Bearer ${token}` } },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'))
            else reject(new Error(`${path} answered ${response.statusCode}.`))
          })
        },
      )
      asked.on('error', reject)
      asked.end()
    })
}

async function inParallel(paths: readonly string[], get: Get): Promise<Map<string, string>> {
  const bodies = new Map<string, string>()
  let next = 0
  const worker = async () => {
    while (next < paths.length) {
      const path = paths[next++] ?? ''
      bodies.set(path, await get(path))
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  return bodies
}

/** `perCoreSecond` counts the processor time of the server alone: the client needs as much again. */
type Rate = { perSecond: number; perCoreSecond: number }

/** Asks for a while, homes in an order that no cache can guess. */
async function rateOf(paths: readonly string[], get: Get, { pid }: ChildProcess): Promise<Rate> {
  const began = performance.now()
  const usedS = coreSecondsOf(pid ?? 0)
  let count = 0
  const worker = async () => {
    while (performance.now() - began < measuredMs) await get(paths[(count++ * 7919) % paths.length] ?? '')
  }
  await Promise.all(Array.from({ length: connections }, worker))
  return {
    perSecond: (count / (performance.now() - began)) * 1000,
    perCoreSecond: count / (coreSecondsOf(pid ?? 0) - usedS),
  }
}

async function tokenOf(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/oauth2/token/`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa('homewatt-demo:homewatt-demo-secret')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ grant_type: 'client_credentials' }),
  })
  return ((await response.json()) as { access_token: string }).access_token
}

/** Waits for a line of output with a word in it. */
function said(child: ChildProcess, word: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
      if (text.includes(word)) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`A server ended with code ${code}.`)))
  })
}

/** Resident memory of a process, MB. Where the system does not tell, `NaN`. */
function memoryMbOf(pid: number): number {
  try {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(line?.[1] ?? Number.NaN) / 1024
  } catch {
    return Number.NaN
  }
}

/** Processor time a process has used, s. Where the system does not tell, `NaN`. */
function coreSecondsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    // In ticks of a hundredth of a second.
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return Number.NaN
  }
}

const round = (x: number) => Math.round(x * 100) / 100

function print(result: Record<string, number>): void {
  console.log(`Simulator with ${result['homes']} homes in one process, ${connections} connections`)
  console.table(result)
  const share = (result['listsPerCoreSecond'] ?? 0) / (result['floorPerCoreSecond'] ?? 1)
  console.log(`Device lists: ${(share * 100).toFixed(0)} % of what a bare server sends on one core`)
}
