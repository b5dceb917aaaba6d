import { createClock, type Clock } from './clock.ts'
import { conformanceTo, type Conformance } from './conformance.ts'
import { demo } from './oauth.ts'
import { createSimulator, type SimulatorOptions } from './simulator.ts'
import type { World } from './world.ts'

/** A summer noon, when much is going on. */
export const noon = new Date('2026-06-17T10:00:00Z')

/** A clock that only moves when it is pushed. */
export const stoppedClock = (start = noon): Clock => createClock({ start, speed: 0, elapsedMs: () => 0 })

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
export type Loose = any

/** The simulator behind its front door, with a token in hand. */
export type Door = {
  url: string
  clock: Clock
  world: World
  /** A request under the API's base; `body` is sent as JSON. */
  api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Loose; headers: Headers }>
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: Loose }>
  /** Path of a home's devices of a type. */
  devices(home: string, type: string): Promise<string>
  /** The first device of a type in a home, as its own page shows it. */
  device(home: string, type: string): Promise<Loose>
  /** Path of that device. */
  path(home: string, type: string): Promise<string>
  /** Ends it. Rejects when an answer was not what the OpenAPI document says. */
  close(): Promise<void>
}

/** Opens a simulator on a free port, its clock standing still. For tests. */
export async function openDoor(options: Partial<SimulatorOptions> = {}): Promise<Door> {
  const clock = options.clock ?? stoppedClock(options.start)
  const wrong: string[] = []
  const simulator = createSimulator({
    seed: 1,
    homes: 8,
    ...options,
    clock,
    witness(seen) {
      const home = seen.home === null ? null : simulator.world.homeNamed(seen.home, clock.nowMs())
      const pinned = home?.devices.some(({ pins }) => pins.set.size > 0 || pins.omit.size > 0)
      if (!seen.plain || pinned) return
      // Compiling takes a while, and every run has the same document.
      conformance ??= conformanceTo(simulator.openApi())
      const problem = conformance.check(seen)
      if (problem !== null) wrong.push(problem)
    },
  })
  const { url, close } = await simulator.listen(0)
  let token = await tokenFrom(url)
  let tokenAtMs = clock.nowMs()

  const send = async (method: string, target: string, body: unknown, headers: Record<string, string>) => {
    const response = await fetch(target, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }
  const api: Door['api'] = async (method, path, body) => {
    if (clock.nowMs() - tokenAtMs > TOKEN_LASTS_MS) {
      token = await tokenFrom(url)
      tokenAtMs = clock.nowMs()
    }
    return send(method, `${url}/api/partners/v2.0${path}`, body, { authorization: `Bearer ${token}` })
  }
  const devices = async (home: string, type: string) => {
    const user = simulator.world.homeNamed(home, clock.nowMs())
    if (!user) throw new Error(`No home ${home}`)
    return `/org/${demo.orgId}/users/${user.userId}/${type}`
  }
  const path = async (home: string, type: string) => {
    const list = await devices(home, type)
    const { body } = await api('GET', list)
    return `${list}/${body[0].id}`
  }
  return {
    url,
    clock,
    world: simulator.world,
    api,
    control: (method, target, body) => send(method, `${url}/_control${target}`, body, {}),
    devices,
    path,
    device: async (home, type) => (await api('GET', await path(home, type))).body,
    async close() {
      await close()
      if (wrong.length > 0)
        throw new Error(`Answers the OpenAPI document does not know:\n${wrong.join('\n')}`)
    },
  }
}

let conformance: Conformance | null = null

/** A little less than ten hours. */
const TOKEN_LASTS_MS = 35_000_000

/** A token of a demo client; of the administrator when none is named. */
export async function tokenFrom(url: string, client: string = demo.clientId): Promise<string> {
  const response = await fetch(`${url}/oauth2/token/`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${client}:${client}-secret`)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ grant_type: 'client_credentials' }),
  })
  const { access_token } = (await response.json()) as { access_token: string }
  return access_token
}
