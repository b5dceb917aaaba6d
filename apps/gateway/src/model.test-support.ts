import { isNewer, type BoostAnswer, type HomeSnapshot } from '@homewatt/contract'
import { expect } from 'vitest'
import type { House } from './house.test-support.ts'
import { readStream, type StreamReader } from './stream-reader.test-support.ts'

/** Homes of the model; each has a vehicle that is written to, and nothing that the other may see. */
export const homeNames = ['full', 'car'] as const
export type HomeName = (typeof homeNames)[number]

/** What may be claimed of a home by somebody who heard every answer, and nothing else. */
export type HomeModel = {
  name: HomeName
  vehicle: string
  /** Of every device that was ever in it. */
  ids: Set<string>
  /** What the setting may be: one value, or several after a write that stayed in doubt. */
  limits: Set<number>
  isDeleted: boolean
  /** When the vehicle was last taken away or put back, monotonic ms. */
  changedMs: number
  version: string | null
  commandsAtMs: number[]
}

export type SessionModel = {
  home: HomeModel
  cookie: string
  bornMs: number
  usedMs: number
  /** By how much a gateway that was started anew may be wrong about its age: the clock on the wall was set. */
  vagueMs: number
  streams: StreamReader[]
}

export type Model = {
  homes: Record<HomeName, HomeModel>
  /** Three browsers. One without a session has a cookie that is worth nothing any more. */
  browsers: (SessionModel | null)[]
  /** When something last went wrong on purpose, monotonic ms; `Infinity` while it does. */
  faultyMs: number
  /** How long that may be felt. */
  aftermathMs: number
  wallOffMs: number
  /** When the gateway was last started anew, monotonic ms. */
  startedMs: number
}

/** The real thing, with what the model needs to look behind it. */
export type Real = { house: House }

export type VehicleWire = {
  boost_state: string
  boost_for_next_session: boolean | null
  minimum_charge_limit: number
  is_plugged_in: boolean
  battery_level: number
}

/** A quarter of the usual: the hours that a session may last are what takes a life so long. */
export const sessionLife = { idleMs: 3 * 3_600_000, absoluteMs: 42 * 3_600_000 }

const UNKNOWN = `homewatt=${'x'.repeat(43)}`
/** How exactly a session's last use is kept over a restart. */
const TOUCH_MS = 5 * 60_000
/**
 * What breaks may be felt this long after it is mended: breakers rest, budgets pause, and where an answer was about
 * somebody else, nothing of that kind is asked for five minutes.
 */
const AFTERMATH_MS = { usual: 120_000, foreign: 330_000 }
/** An empty list is believed after five minutes of looking. */
const BELIEVED_MS = 360_000

export async function createModel(house: House): Promise<Model> {
  const listed = (await house.control('GET', '/homes')) as {
    name: string
    devices: { type: string; id: string }[]
  }[]
  const homes = await Promise.all(
    homeNames.map(async (name): Promise<HomeModel> => {
      const devices = listed.find((home) => home.name === name)?.devices ?? []
      const vehicle = devices.find(({ type }) => type === 'electric-vehicles')?.id ?? ''
      const { minimum_charge_limit } = await truthOf(house, name, vehicle)
      return {
        name,
        vehicle,
        ids: new Set(devices.map(({ id }) => id)),
        limits: new Set([minimum_charge_limit]),
        isDeleted: false,
        changedMs: -1,
        version: null,
        commandsAtMs: [],
      }
    }),
  )
  return {
    homes: Object.fromEntries(homes.map((home) => [home.name, home])) as Model['homes'],
    browsers: [null, null, null],
    faultyMs: -Infinity,
    aftermathMs: AFTERMATH_MS.usual,
    wallOffMs: 0,
    startedMs: -Infinity,
  }
}

export const truthOf = async (house: House, home: HomeName, vehicle: string) =>
  (await house.control('GET', `/homes/${home}/devices/${vehicle}`)) as VehicleWire

export const isCalm = (model: Model, { house }: Real) =>
  house.time.monotonicMs() - model.faultyMs > model.aftermathMs

export async function breakDown(model: Model, real: Real, fault: { kind: string }) {
  if (isCalm(model, real)) model.aftermathMs = AFTERMATH_MS.usual
  if (fault.kind === 'wrong_owner') model.aftermathMs = AFTERMATH_MS.foreign
  model.faultyMs = Infinity
  await real.house.fault(fault)
}

/** Lets time pass until the answer is there, which takes ten seconds at most. */
export async function answered<T>(house: House, asking: Promise<T>): Promise<T> {
  const startMs = house.time.monotonicMs()
  let isDone = false
  const done = () => void (isDone = true)
  asking.then(done, done)
  for (;;) {
    await house.time.advance(0)
    if (isDone) return asking
    expect(house.time.monotonicMs() - startMs, 'ms until an answer').toBeLessThan(10_000)
    await house.time.advance(500)
  }
}

/**
 * Asks as this browser. `null` where the model says that its session is over, and the gateway agreed.
 * A session that may be over or not is, or is not, from here on.
 */
export async function ask(
  model: Model,
  { house }: Real,
  browser: number,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ session: SessionModel; answer: Response } | null> {
  const session = model.browsers[browser] ?? null
  const startMs = house.time.monotonicMs()
  const answer = await answered(
    house,
    house.request(path, {
      method,
      headers: {
        cookie: session?.cookie ?? UNKNOWN,
        'x-homewatt': '1',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
  if (!session) {
    expect(answer.status, `${method} ${path} without a session`).toBe(401)
    return null
  }
  const over = (slackMs: number) =>
    startMs - session.usedMs > sessionLife.idleMs + slackMs ||
    startMs - session.bornMs > sessionLife.absoluteMs + slackMs
  if (answer.status === 401) {
    expect(over(-session.vagueMs), 'a session is over before its time').toBe(true)
    model.browsers[browser] = null
    return null
  }
  expect(over(session.vagueMs), 'a session is over its time').toBe(false)
  session.usedMs = startMs
  return { session, answer }
}

/** Reads the home as this browser, and compares all that can be claimed of it. */
export async function look(model: Model, real: Real, browser: number): Promise<HomeSnapshot | null> {
  const asked = await ask(model, real, browser, 'GET', '/api/home')
  if (!asked) return null
  const { session, answer } = asked
  const { home } = session
  expect(answer.status).toBe(200)
  const snapshot = (await answer.json()) as HomeSnapshot
  for (const { devices } of Object.values(snapshot.groups))
    for (const { id } of devices) expect(home.ids, 'a device of somebody else').toContain(id)
  if (home.version !== null && home.version !== snapshot.version)
    expect(isNewer(snapshot.version, home.version), `${snapshot.version} after ${home.version}`).toBe(true)
  home.version = snapshot.version
  const vehicle = snapshot.groups['electric-vehicles'].devices.find(({ id }) => id === home.vehicle)
  if (vehicle) expect([...home.limits]).toContain(vehicle.minimum_charge_limit)
  return snapshot
}

/** Everybody looks long enough for all to be known; then what is shown is what is. */
export async function settle(model: Model, real: Real, browser: number) {
  const { house } = real
  // What was not asked for in the meantime is believed to be gone only after another while.
  const isRested = isCalm(model, real) || model.aftermathMs === AFTERMATH_MS.usual
  const looksAtMs = 35_000
  for (let waitedMs = 0; waitedMs <= BELIEVED_MS; waitedMs += looksAtMs) {
    await house.time.advance(looksAtMs)
    if ((await look(model, real, browser)) === null) return
  }
  await ask(model, real, browser, 'POST', '/api/refresh')
  const snapshot = await look(model, real, browser)
  const session = model.browsers[browser]
  if (!snapshot || !session || !isRested || !isCalm(model, real)) return
  const { home } = session
  const truth = await truthOf(house, home.name, home.vehicle)
  const vehicle = snapshot.groups['electric-vehicles'].devices.find(({ id }) => id === home.vehicle)
  expect(vehicle !== undefined, 'whether the vehicle is there').toBe(!home.isDeleted)
  home.limits = new Set([truth.minimum_charge_limit])
  if (!vehicle) return
  const { boost_state, boost_for_next_session, minimum_charge_limit, is_plugged_in, battery_level } = truth
  expect(vehicle).toMatchObject({
    boost_state,
    boost_for_next_session,
    minimum_charge_limit,
    is_plugged_in,
    battery_level,
  })
}

/** Whether the gateway may call a command of this device one too many. */
function mayBeTooMany({ commandsAtMs }: HomeModel, nowMs: number): boolean {
  return commandsAtMs.filter((atMs) => nowMs - atMs <= 60_000).length > 10
}

/** What every command may be answered besides its own success, given what is wrong. */
function expectRefusal(model: Model, real: Real, home: HomeModel, status: number) {
  const nowMs = real.house.time.monotonicMs()
  if (status === 404) {
    // Gone, or not seen again yet; nothing was ever said of a device that nobody took away.
    if (isCalm(model, real))
      expect(home.changedMs, '404 for a device that is there').toBeGreaterThanOrEqual(0)
  } else if (status === 429) {
    if (isCalm(model, real)) expect(mayBeTooMany(home, nowMs), '429').toBe(true)
  } else {
    expect([403, 502, 503, 504]).toContain(status)
    expect(isCalm(model, real), `${status} though nothing is wrong`).toBe(false)
  }
}

export async function write(model: Model, real: Real, browser: number, limit: number) {
  const session = model.browsers[browser]
  const home = session?.home ?? model.homes.full
  const before = await truthOf(real.house, home.name, home.vehicle)
  home.commandsAtMs.push(real.house.time.monotonicMs())
  const path = `/api/devices/electric-vehicles/${home.vehicle}`
  const asked = await ask(model, real, browser, 'PUT', path, { minimum_charge_limit: limit })
  const truth = await truthOf(real.house, home.name, home.vehicle)
  if (asked?.answer.status === 200) {
    const { outcome } = (await asked.answer.json()) as { outcome: string }
    if (outcome === 'saved') {
      expect(truth.minimum_charge_limit, 'what was said to be saved').toBe(limit)
      home.limits = new Set([limit])
    } else {
      expect(outcome).toBe('unconfirmed')
      expect(isCalm(model, real), 'a doubt though nothing is wrong').toBe(false)
      home.limits.add(limit)
    }
    return
  }
  if (asked) expectRefusal(model, real, home, asked.answer.status)
  expect(truth.minimum_charge_limit, 'what was said not to be saved').toBe(before.minimum_charge_limit)
}

const BOOST = 'POST /api/partners/v2.0/org/{org_id}/users/{user_id}/electric-vehicles/{device_id}/boost'

export async function boost(model: Model, real: Real, browser: number) {
  const { house } = real
  const home = model.browsers[browser]?.home ?? model.homes.full
  const [before, postsBefore] = [
    await truthOf(house, home.name, home.vehicle),
    (await house.counts())[BOOST] ?? 0,
  ]
  const tries = home.commandsAtMs.length
  home.commandsAtMs.push(house.time.monotonicMs())
  const path = `/api/devices/electric-vehicles/${home.vehicle}/boost`
  const asked = await ask(model, real, browser, 'POST', path)
  const truth = await truthOf(house, home.name, home.vehicle)
  const posts = ((await house.counts())[BOOST] ?? 0) - postsBefore
  // One that met a token that had ended was not carried out, and is sent again.
  expect(posts, 'boosts of one tap').toBeLessThanOrEqual(isCalm(model, real) ? 1 : 2)
  const isLive = ({ boost_state }: VehicleWire) => ['requested', 'ongoing'].includes(boost_state)
  if (!asked) {
    expect(posts).toBe(0)
  } else if (asked.answer.status === 200) {
    const { outcome } = (await asked.answer.json()) as BoostAnswer
    // A tap soon after another is told what that one was told.
    if (posts === 0) expect(tries, 'boosts before').toBeGreaterThan(0)
    else if (outcome === 'requested') expect(isLive(truth), 'what was said to be requested').toBe(true)
    else if (outcome === 'armed') expect(truth.boost_for_next_session).toBe(true)
    else expect(isCalm(model, real), 'a doubt though nothing is wrong').toBe(false)
  } else if (asked.answer.status !== 409) {
    if (asked.answer.status !== 429 || tries === 0) expectRefusal(model, real, home, asked.answer.status)
    expect([isLive(truth) && !isLive(before), truth.boost_for_next_session], 'what was not done').toEqual([
      false,
      before.boost_for_next_session,
    ])
  }
}

export async function signIn(model: Model, real: Real, browser: number, name: HomeName) {
  const { house } = real
  leave(model, browser)
  const answer = await answered(
    house,
    house.request('/api/demo/sign-in', {
      method: 'POST',
      headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ home: name }),
    }),
  )
  if (answer.status !== 204) {
    // Who lives where is asked of the partner.
    expect(answer.status).toBe(503)
    expect(isCalm(model, real), '503 though nothing is wrong').toBe(false)
    return
  }
  const nowMs = house.time.monotonicMs()
  model.browsers[browser] = {
    home: model.homes[name],
    cookie: (answer.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? '',
    bornMs: nowMs,
    usedMs: nowMs,
    vagueMs: 0,
    streams: [],
  }
}

/** Always ends well: whoever has no session is signed out already. */
export async function signOut(model: Model, { house }: Real, browser: number) {
  const session = model.browsers[browser]
  const cookie = session?.cookie ?? UNKNOWN
  const headers = { cookie, 'x-homewatt': '1' }
  const answer = await answered(house, house.request('/api/session/end', { method: 'POST', headers }))
  expect(answer.status).toBe(200)
  await allEnd(house, session?.streams ?? [])
  // The cookie as a thief would have kept it.
  const again = await house.request('/api/home', { headers: { cookie } })
  expect(again.status, 'a session that was ended').toBe(401)
  model.browsers[browser] = null
}

export async function watch(model: Model, { house }: Real, browser: number) {
  const session = model.browsers[browser]
  if (!session || session.streams.length >= 3) return
  const stream = await answered(house, readStream(house.url, session.cookie))
  if (stream.status !== 200) return stream.close()
  session.streams.push(stream)
  session.usedMs = house.time.monotonicMs()
}

/** Within two seconds. */
async function allEnd(house: House, streams: StreamReader[]) {
  let open = streams.length
  for (const { ended } of streams) void ended.then(() => open--)
  for (let ms = 0; ms <= 2_000 && open > 0; ms += 200) await house.time.advance(200)
  expect(open, 'streams that go on').toBe(0)
}

export async function startAnew(model: Model, { house }: Real) {
  const beforeMs = house.time.monotonicMs()
  await house.restart()
  for (const session of model.browsers) {
    if (!session) continue
    await allEnd(house, session.streams)
    session.streams = []
    session.vagueMs += TOUCH_MS + Math.abs(model.wallOffMs) + house.time.monotonicMs() - beforeMs
  }
  for (const home of Object.values(model.homes)) home.commandsAtMs = []
  model.startedMs = house.time.monotonicMs()
}

/** Sets the clock on the wall. How old a session is that was not used since the start, no other clock tells. */
export function setClock(model: Model, { house }: Real, byMs: number) {
  house.jump(byMs)
  model.wallOffMs += byMs
  for (const session of model.browsers)
    if (session && session.usedMs < model.startedMs) session.vagueMs += Math.abs(byMs)
}

/** This browser's cookie and streams are thrown away; its session goes on until nobody uses it. */
export function leave(model: Model, browser: number) {
  for (const stream of model.browsers[browser]?.streams ?? []) stream.close()
  model.browsers[browser] = null
}
