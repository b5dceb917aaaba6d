import { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import type { Exchange, Policy } from '@homewatt/client'
import { virtualTime, type VirtualTime } from '@homewatt/client/virtual-time'
import type { DeviceType, HomeSnapshot } from '@homewatt/contract'
import { createClock } from '../../simulator/src/clock.ts'
import { createSimulator } from '../../simulator/src/simulator.ts'
import type { World } from '../../simulator/src/world.ts'
import type { BusHub } from './bus-hub.test-support.ts'
import { demoClient } from './demo-client.test-support.ts'
import { openFaultProxy, type FaultProxy } from './fault-proxy.test-support.ts'
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts'
import type { Disbelief } from './disbelief.ts'
import { createLog } from './log.ts'
import { noMeters, type Meters } from './meters.ts'
import { alone, createNodes } from './nodes.ts'
import { queries } from './queries.test-support.ts'
import type { TenantOptions } from './served-tenant.ts'
import { openStore } from './store.ts'
import { sessionLifeOf } from './tenants.ts'
import { readStream, type StreamReader } from './stream-reader.test-support.ts'

/** A gateway over a real simulator, both on sockets of their own, on one clock that a test pushes. */
export type House = {
  time: VirtualTime
  url: string
  partnerUrl: string
  /** Everything logged so far. */
  logged(): string
  signIn(home: string): Promise<Person>
  request(path: string, init?: RequestInit): Promise<Response>
  /** What the simulator plays. */
  world: World
  /** The simulator's control door. */
  control(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>
  fault(fault: Record<string, unknown>): Promise<unknown>
  /** How often the simulator was asked, by method and route. */
  counts(): Promise<Record<string, number>>
  /** Another gateway over the same partner, on a store of its own or the same; its clock may be ahead of this one's. */
  second(storeFile: string, options?: { aheadMs?: number }): Promise<{ url: string; close(): Promise<void> }>
  /** Sets the clocks on the wall of this machine forward or back; what only grows goes on. */
  jump(ms: number): void
  /** Takes the simulator off the net, and brings it back on the same port. */
  killPartner(): Promise<void>
  revivePartner(): Promise<void>
  /** Ends the gateway and starts another one in its place; `storeFile` is what it remembers by. */
  restart(): Promise<void>
  /** Stands before the simulator where a test asked for it. */
  proxy: FaultProxy | null
  /** Every request to the partner, by when it was sent; on the clock of `time.monotonicMs`. */
  sent: { route: string; atMs: number }[]
  /** See `Gateway.endpoints`. */
  endpoints(): string[]
  /** How many streams there are, as the gateway counts them. */
  streams(): number
  /** What the gateway counted: answers and parts of answers that were not believed, and streams that were cut. */
  counted: Partial<Record<Disbelief | 'cut', number>>
  connectionsRefused(): number
  close(): Promise<void>
}

/** Somebody with a session. */
export type Person = {
  cookie: string
  get(path: string): Promise<Response>
  home(): Promise<HomeSnapshot>
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Response>
  /** Opens a stream; resolves with its first event read. */
  stream(): Promise<StreamReader>
  /** The id of this home's first device of a type. */
  deviceId(type: DeviceType): Promise<string>
}

/** What holds where nothing is said. */
export const defaultSessionLife = sessionLifeOf({ idleHours: null, absoluteDays: null })

/** Houses that are open just now, and who hears of each that opens. */
export const houses: { open: Set<House>; heard: ((house: House) => Promise<void>) | null } = {
  open: new Set(),
  heard: null,
}

const START = new Date('2026-06-21T10:00:00Z')
/** A database that says nothing for so long hangs. */
const DATABASE_MS = 50

/** @param options what the test wants different of the gateway */
export async function openHouse(
  options: Partial<Omit<GatewayOptions & TenantOptions, 'tenants'>> & {
    clientSecret?: string
    storeFile?: string
    /** How many homes there are; eight unless the test needs a crowd. */
    homes?: number
    policy?: Partial<Policy>
    /** Puts a proxy between gateway and simulator. */
    proxied?: boolean
    /** Connects this gateway and each second one. */
    hub?: Pick<BusHub, 'join'>
    /** When it is; a midsummer noon unless something else in the test has a clock of its own. */
    start?: Date
  } = {},
): Promise<House> {
  let inFlight = 0
  let moved = 0
  /** How often something had moved when all was last at rest. */
  let restedAt = -1
  const start = options.start ?? START
  const clock = createClock({ start, speed: 0, elapsedMs: () => 0 })
  let owedMs = 0
  const virtual = virtualTime({
    start,
    settle: quiet,
    onPass(ms) {
      // The simulator's clock has whole milliseconds, and goes on with this one however small the steps are.
      owedMs += ms
      const whole = Math.round(owedMs)
      clock.advance(Math.max(0, whole) / 1000)
      owedMs -= Math.max(0, whole)
    },
  })
  let aheadMs = 0
  const time = { ...virtual, wallMs: () => virtual.wallMs() + aheadMs }

  /**
   * Until nothing is under way for a few turns of the event loop, fewer while nothing has moved at all. What is under way
   * and does not move for many turns waits for time to pass. A database on the other side of a socket is waited for in
   * real time, for a while.
   */
  async function quiet() {
    const moves = () => moved + queries.moved()
    let calm = 0
    let movedMs = performance.now()
    const enough = () => (inFlight > 0 ? 400 : moves() === restedAt ? 5 : 12)
    while (calm < enough()) {
      const before = moves()
      await turn()
      if (before !== moves()) movedMs = performance.now()
      const isAsking = queries.underWay() > 0 && performance.now() - movedMs < DATABASE_MS
      calm = before === moves() && !isAsking ? calm + 1 : 0
    }
    restedAt = moves()
  }

  const counted: House['counted'] = {}
  let connectionsRefused = 0
  const count = (what: Disbelief | 'cut', by = 1) => void (counted[what] = (counted[what] ?? 0) + by)
  const meters: Meters = {
    ...noMeters,
    disbelieved: (_tenant, what, by) => count(what, by),
    streamCut: () => count('cut'),
    connectionRefused: () => connectionsRefused++,
  }
  const sent: House['sent'] = []
  const observe = ({ phase, method, route }: Exchange) => {
    if (phase === 'start') sent.push({ route: `${method} ${route}`, atMs: time.monotonicMs() })
    moved++
    inFlight += phase === 'start' ? 1 : -1
  }

  const simulator = createSimulator({ seed: 1, homes: options.homes ?? 8, clock })
  let partner = await simulator.listen(0)
  const port = Number(new URL(partner.url).port)
  const proxy = options.proxied ? await openFaultProxy(port) : null
  const partnerUrl = new URL(`http://127.0.0.1:${proxy?.port ?? port}/api/partners/v2.0`)
  let lines = ''
  const random = seeded(1)
  async function openGateway(
    storeFile = options.storeFile ?? ':memory:',
    ownTime: VirtualTime = time,
  ): Promise<Gateway> {
    const nodes = options.hub ? createNodes({ bus: options.hub.join(), time: ownTime }) : alone
    const client = demoClient(partnerUrl.href, {
      ...(options.clientSecret === undefined ? {} : { clientSecret: options.clientSecret }),
      time: ownTime,
      random,
      observe,
      policy: options.policy ?? {},
      shares: () => nodes.count(),
    })
    return createGateway({
      tenants: [
        {
          id: 'default',
          client,
          publicUrl: new URL('http://localhost:3000'),
          partnerUrl,
          actionOrigins: [],
          frameAncestors: [],
          timeZone: 'Europe/Berlin',
          priceZone: 'DE_LU',
          brand: { brand: { name: 'Homewatt' }, support: { name: 'Homewatt', email: null, url: null } },
          demo: true,
          signIn: null,
          embed: null,
          switchedOff: [],
          sessionLife: defaultSessionLife,
          history: { keptMonths: 25, roundMs: null },
          ...options,
        },
      ],
      store: await openStore(storeFile),
      log: createLog(
        'trace',
        new Writable({ write: (chunk, _encoding, done) => done(void (lines += String(chunk))) }),
      ),
      time: ownTime,
      random,
      webBuild: null,
      nodes,
      meters,
      ...options,
    })
  }

  let gateway = await openGateway()
  const { url } = await gateway.listen(0, '127.0.0.1')
  const open = new Set<StreamReader>()

  const request = (path: string, init?: RequestInit) =>
    fetch(`${url}${path}`, { redirect: 'manual', ...init })

  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}/_control${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  async function closeGateway() {
    const closing = gateway.close()
    // Streams end over a moment, and what hangs is given up after a while.
    await time.advance(10_000)
    await closing
  }

  async function signIn(home: string): Promise<Person> {
    const response = await request('/api/demo/sign-in', {
      method: 'POST',
      headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ home }),
    })
    if (response.status !== 204) throw new Error(`Sign-in to ${home}: ${response.status}`)
    const cookie = (response.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
    const get = (path: string) => request(path, { headers: { cookie } })
    const home_ = async () => (await (await get('/api/home')).json()) as HomeSnapshot
    return {
      cookie,
      get,
      home: home_,
      send: (method, path, body) =>
        request(path, {
          method,
          headers: {
            cookie,
            'x-homewatt': '1',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      async stream() {
        const reader = await readStream(url, cookie)
        open.add(reader)
        await reader.next('snapshot')
        return reader
      },
      async deviceId(type) {
        const [device] = (await home_()).groups[type].devices
        if (!device) throw new Error(`${home} has no device of type ${type}.`)
        return device.id
      },
    }
  }

  const house: House = {
    time,
    url,
    partnerUrl: partnerUrl.href,
    logged: () => lines,
    signIn,
    request,
    control,
    fault: (fault) => control('POST', '/faults', fault),
    counts: async () => ((await control('GET', '/requests')) as { counts: Record<string, number> }).counts,
    jump(ms) {
      aheadMs += ms
    },
    async second(storeFile, { aheadMs = 0 } = {}) {
      const other = await openGateway(storeFile, { ...time, wallMs: () => time.wallMs() + aheadMs })
      const { url } = await other.listen(0, '127.0.0.1')
      return {
        url,
        async close() {
          const closing = other.close()
          await time.advance(10_000)
          await closing
        },
      }
    },
    world: simulator.world,
    killPartner: () => partner.close(),
    async revivePartner() {
      partner = await simulator.listen(port)
    },
    async restart() {
      await closeGateway()
      gateway = await openGateway()
      await gateway.listen(Number(new URL(url).port), '127.0.0.1')
    },
    proxy,
    sent,
    endpoints: () => gateway.endpoints(),
    counted,
    connectionsRefused: () => connectionsRefused,
    streams: () => gateway.status().reduce((sum, { streams }) => sum + streams, 0),
    async close() {
      houses.open.delete(house)
      for (const reader of open) reader.close()
      await closeGateway()
      await proxy?.close()
      await partner.close()
    },
  }
  houses.open.add(house)
  await houses.heard?.(house)
  return house
}

/** Numbers from 0 up to 1 that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
