import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request as ask, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { realTime } from '@homewatt/client'
import { expect, test } from 'vitest'
import { createBusHub, type BusHub } from './bus-hub.test-support.ts'
import { fuzzedRequests, type Existing, type FuzzRequest } from './fuzzed-requests.test-support.ts'
import { openHouse, seeded } from './house.test-support.ts'
import { createLog } from './log.ts'
import { plant, type MarkedHome as Home } from './marked-homes.test-support.ts'
import { createScanner } from './scanner.test-support.ts'
import { readStream, type StreamReader } from './stream-reader.test-support.ts'
import { createValkeyBus } from './valkey-bus.ts'
import { openValkey, valkeyMissing } from './valkey.test-support.ts'

/** `LONG=1` for the long run. */
const { RESPONSES, EVENTS } = process.env['LONG']
  ? { RESPONSES: 200_000, EVENTS: 50_000 }
  : { RESPONSES: 20_000, EVENTS: 5_000 }
const PEOPLE = 50
const PER_ROUND = 220
const ROUND_MS = 6_000
const RESTART_EVERY_ROUNDS = 20

/** Somebody at a screen, or at two, who taps about. */
type Resident = { home: Home; owner: number; cookie: string; streams: StreamReader[] }

test(
  `${PEOPLE} people at two gateways, faults, breaks and restarts of all parts: nobody gets a byte that is somebody else's, and nobody a secret`,
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'homewatt-storm-'))
    const storeFile = join(directory, 'homewatt.sqlite')
    const between = await openBetween()
    const house = await openHouse({
      hub: between,
      storeFile,
      homes: PEOPLE + 10,
      history: { keptMonths: 25, roundMs: 5 * 60_000 },
      policy: { ratePerS: 500, burst: 1_000 },
    })
    const other = await house.second(storeFile)
    const witness = between.join()
    let told = 0
    witness.hear('answer', () => told++)
    const dice = seeded(7)
    const eitherUrl = () => (dice() < 0.5 ? house.url : other.url)
    const scanner = createScanner()
    const homes = (await house.control('GET', '/homes')) as Home[]
    const own = await plant(house, homes, scanner)
    const residents: Resident[] = homes
      .slice(0, PEOPLE)
      .map((home, owner) => ({ home, owner, cookie: '', streams: [] }))
    const agent = new Agent({ keepAlive: true, maxSockets: 24 })
    const storm = {
      responses: 0,
      events: 0,
      aborted: 0,
      statuses: new Map<number, number>(),
      found: [] as string[],
    }
    /** Whose own things were seen at all: a scanner that finds nothing might be blind. */
    const sawOwn = new Set<number>()

    function scan(owner: number, what: string, text: string) {
      const { wrong, isOwnSeen } = scanner.scan(text, owner)
      if (isOwnSeen) sawOwn.add(owner)
      storm.found.push(...wrong.map((name) => `${what}: ${name}`))
    }

    async function signIn(resident: Resident) {
      const answer = await send(eitherUrl(), agent, {
        method: 'POST',
        target: '/api/demo/sign-in',
        headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
        body: JSON.stringify({ home: resident.home.name }),
      })
      if (answer?.status !== 204) return
      resident.cookie = String(answer.headers['set-cookie']?.[0]).split(';', 1)[0] ?? ''
      scanner.secret('a session', resident.cookie.split('=')[1] ?? '')
    }

    async function tap(resident: Resident, wish: FuzzRequest, breaksOff: boolean) {
      const { method, target, headers, body } = wish
      // A stream is opened by those who read it.
      if (target.startsWith('/api/stream')) return
      const answer = await send(
        eitherUrl(),
        agent,
        { method, target, headers: { ...headers, cookie: resident.cookie }, body },
        breaksOff ? Math.floor(dice() * 6) : null,
      )
      if (!answer) return void storm.aborted++
      storm.responses++
      storm.statuses.set(answer.status, (storm.statuses.get(answer.status) ?? 0) + 1)
      const told = Object.entries(answer.headers).filter(([name]) => name !== 'set-cookie')
      scan(resident.owner, `${method} ${target} of ${resident.home.name}`, JSON.stringify(told) + answer.text)
      const [cookie = ''] = answer.headers['set-cookie'] ?? []
      // Whoever signed out, ended the own session or entered another home comes back to the own one.
      if (cookie !== '' || answer.status === 401) await signIn(resident)
    }

    async function openStream(resident: Resident) {
      const reader = await readStream(eitherUrl(), resident.cookie, ({ event, data, id }) => {
        storm.events++
        scan(resident.owner, `${event} of ${resident.home.name}`, `${id} ${data}`)
      }).catch(() => null)
      if (!reader) return
      if (reader.status !== 200) return reader.close()
      resident.streams.push(reader)
      void reader.ended.then(() => {
        resident.streams = resident.streams.filter((one) => one !== reader)
      })
    }

    /** Time has to pass for what waits for it. */
    async function letPass<T>(work: Promise<T>): Promise<T> {
      let isDone = false
      const done = () => (isDone = true)
      work.then(done, done)
      for (let waited = 0; !isDone; waited += 250) {
        if (waited > 60_000) throw new Error('Something hangs.')
        await house.time.advance(250)
      }
      return work
    }

    const makers = residents.map(({ home, owner }) => fuzzedRequests(owner + 1, idsFor(home, homes, dice)))
    await letPass(Promise.all(residents.map(signIn)))
    for (let round = 0; storm.responses < RESPONSES || storm.events < EVENTS; round++) {
      if (dice() < 0.4) await house.fault(pick(faults, dice))
      if (dice() < 0.2) await house.control('DELETE', '/faults')
      if (dice() < 0.15) await between.reset()
      const work: Promise<unknown>[] = []
      for (const resident of residents) {
        if (resident.streams.length < 1 + Math.floor(dice() * 2)) work.push(openStream(resident))
        else if (dice() < 0.1) resident.streams[0]?.close()
      }
      for (let n = 0; n < PER_ROUND; n++) {
        const resident = residents[Math.floor(dice() * PEOPLE)]
        const maker = resident && makers[resident.owner]
        if (!resident || !maker) continue
        const wish = withDevice(maker(round * PER_ROUND + n), resident.home, homes, dice)
        work.push(tap(resident, wish, dice() < 0.08))
      }
      await letPass(Promise.all(work))
      await house.time.advance(ROUND_MS)
      if (round % RESTART_EVERY_ROUNDS === RESTART_EVERY_ROUNDS - 1) await house.restart()
    }

    for (const { streams } of residents) for (const reader of streams) reader.close()
    agent.destroy()
    await other.close()
    await house.close()
    await witness.close()
    await between.close()
    console.info(
      `${storm.responses} responses, ${storm.events} events, ${told} lists told, ${storm.aborted} broken off, by status`,
      Object.fromEntries(storm.statuses),
    )
    expect(storm.found.slice(0, 20)).toEqual([])
    expect(storm.statuses.get(500)).toBeUndefined()
    // It would prove little if nothing ever got through, to people or between the gateways, or the scanner were blind.
    expect(told).toBeGreaterThan(RESPONSES / 50)
    expect(storm.statuses.get(200)).toBeGreaterThan(RESPONSES / 3)
    expect(sawOwn.size).toBeGreaterThan(PEOPLE * 0.8)
    expect(storm.aborted).toBeGreaterThan(RESPONSES / 50)
    for (const [owner, text] of own) expect(scanner.scan(text, owner + 1).wrong).not.toEqual([])

    const log = house.logged()
    for (const line of log.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('event')
    expect(scanner.scanFile(Buffer.from(log), false)).toEqual([])
    const files = readdirSync(directory)
    expect(files.length).toBeGreaterThan(0)
    for (const file of files)
      expect(scanner.scanFile(readFileSync(join(directory, file)), true), file).toEqual([])
    rmSync(directory, { recursive: true })
  },
  process.env['LONG'] ? 3_600_000 : 300_000,
)

/** What the two gateways hear each other through: a real server where this machine has one. */
async function openBetween(): Promise<
  Pick<BusHub, 'join'> & { reset(): Promise<void>; close(): Promise<void> }
> {
  if (valkeyMissing !== null) {
    const hub = createBusHub()
    const reset = async () => {
      hub.cut()
      await turn()
      hub.mend()
    }
    return { join: () => hub.join(), reset, close: async () => {} }
  }
  const valkey = await openValkey()
  const log = createLog('silent')
  return {
    join: () => createValkeyBus({ url: valkey.url, time: realTime, random: Math.random, log }),
    async reset() {
      await valkey.kill()
      await valkey.start()
    },
    close: () => valkey.close(),
  }
}

/** Mostly one's own, now and then somebody else's. */
function idsFor(home: Home, homes: Home[], dice: () => number): Existing {
  return (path, name, chosen) => {
    const { devices, records } = dice() < 0.85 ? home : pick(homes, dice)
    if (name === 'type') return devices.length > 0 ? pick(devices, dice).type : 'inverters'
    if (name === 'n') return '0'
    if (path.includes('/devices/')) return devices.find(({ type }) => type === chosen['type'])?.id ?? null
    const ids = records[path.includes('contracts') ? 'energy-contracts' : 'buildings']
    return ids.length > 0 && !path.includes('sessions') ? pick(ids, dice) : null
  }
}

/** Someone who asks for history asks for a device, and mostly for an own one. */
function withDevice(wish: FuzzRequest, home: Home, homes: Home[], dice: () => number): FuzzRequest {
  if (!wish.target.startsWith('/api/history?')) return wish
  const { devices } = dice() < 0.85 ? home : pick(homes, dice)
  if (devices.length === 0) return wish
  const { type, id } = pick(devices, dice)
  return {
    ...wish,
    target: `/api/history?from=2026-06-21T00:00:00Z&to=2026-06-23T00:00:00Z&type=${type}&id=${id}`,
  }
}

const faults = [
  { kind: 'wrong_owner', probability: 0.3, count: 20 },
  { kind: 'truncate', probability: 0.3, count: 10 },
  { kind: 'reset', probability: 0.3, count: 10 },
  { kind: 'html', count: 5 },
  { kind: 'invalid_json', count: 5 },
  { kind: 'wrong_types', count: 10 },
  { kind: 'null_fields', count: 10 },
  { kind: 'extra_fields', count: 20 },
  { kind: 'reordered_list', count: 10 },
  { kind: 'repeated_list', count: 10 },
  { kind: 'shrinking_list', count: 4 },
  { kind: 'empty_list', count: 3 },
  { kind: 'token_expire', count: 1 },
  { kind: 'status', status: 500, probability: 0.5, count: 20 },
  { kind: 'status', status: 403, count: 2 },
  { kind: 'status', status: 404, count: 2 },
  { kind: 'redirect', count: 3 },
  { kind: 'hang', count: 1 },
  { kind: 'rate_limit', retry_after_s: 1, count: 1 },
  { kind: 'boost_lost', count: 2 },
]

type Told = { status: number; headers: IncomingMessage['headers']; text: string }

/** `null` when it was broken off, or the other side ended it. */
function send(
  url: string,
  agent: Agent,
  { method, target, headers, body }: FuzzRequest,
  breakOffAfterTurns: number | null = null,
): Promise<Told | null> {
  const { hostname, port } = new URL(url)
  const path = target.replace(/[^!-~]/g, '_')
  return new Promise((resolve) => {
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = ask(
      { hostname, port, method, path, headers: { ...length, ...headers }, agent },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', () => resolve(null))
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    sent.on('error', () => resolve(null))
    sent.end(body ?? undefined)
    if (breakOffAfterTurns !== null) void breakOff(sent, breakOffAfterTurns)
  })
}

async function breakOff(sent: { destroy(): void }, turns: number) {
  for (let n = 0; n < turns; n++) await turn()
  sent.destroy()
}

const pick = <T>(from: readonly T[], dice: () => number): T => from[Math.floor(dice() * from.length)] as T
