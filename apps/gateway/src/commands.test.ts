import { afterEach, beforeEach, expect, test } from 'vitest'
import { deafen } from './deaf-port.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'

let house: House
let person: Person
let id: string
let path: string
beforeEach(async () => {
  house = await openHouse()
  person = await house.signIn('car')
  id = await person.deviceId('electric-vehicles')
  path = `/api/devices/electric-vehicles/${id}/boost`
  await control({ plugged_in: true, level: 40, charge_plan: 'wait' })
  await refresh()
})
afterEach(() => house.close())

const control = (change: unknown) => house.control('POST', `/homes/car/devices/${id}`, change)

async function refresh() {
  await house.time.advance(3_000)
  await person.send('POST', '/api/refresh')
}

async function posts(): Promise<number> {
  const counts = await house.counts()
  return (
    counts['POST /api/partners/v2.0/org/{org_id}/users/{user_id}/electric-vehicles/{device_id}/boost'] ?? 0
  )
}

const boostState = async () => (await person.home()).groups['electric-vehicles'].devices[0]?.boost_state

/** Lets time pass until the answer is there. */
async function answered(asking: Promise<Response>): Promise<unknown> {
  let isDone = false
  void asking.finally(() => {
    isDone = true
  })
  for (let seconds = 0; seconds < 12 && !isDone; seconds++) await house.time.advance(1_000)
  return (await asking).json()
}

test('a boost that is taken is requested, and everybody sees it at once', async () => {
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'requested' })
  expect(await boostState()).toBe('requested')
})

test('two taps in the same moment, or one soon after the other, are one boost', async () => {
  const taps = await Promise.all([
    person.send('POST', path),
    person.send('POST', path),
    person.send('POST', path),
  ])
  for (const tap of taps) expect(await tap.json()).toEqual({ outcome: 'requested' })
  await house.time.advance(5_000)
  expect(await (await person.send('POST', path)).json()).toEqual({ outcome: 'requested' })
  expect(await posts()).toBe(1)
})

test('a boost of a car whose settings are on their way goes up after them', async () => {
  await house.fault({ kind: 'hang', match: { method: 'PUT', path: id }, count: 1 })
  house.sent.length = 0
  const saving = person.send('PUT', `/api/devices/electric-vehicles/${id}`, { minimum_charge_limit: 30 })
  await house.time.advance(1)
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'requested' })
  expect(await answered(saving)).toEqual({ outcome: 'saved' })
  const methods = house.sent.map(({ route }) => route.split(' ', 1)[0])
  // Sent, looked for, and sent once more.
  expect(methods.filter((method) => method !== 'GET')).toEqual(['PUT', 'PUT', 'POST'])
})

test.each(['already_charging', 'fully_charged', 'no_active_session', 'internal_error'])(
  'a refusal for %s says why and is not tried again',
  async (reason) => {
    await house.fault({ kind: 'boost_refuse', reason })
    const answer = await person.send('POST', path)
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({ error: { code: 'boost_refused', reason } })
    expect(await posts()).toBe(1)
  },
)

test('after a refusal the next try has to wait a moment, and is told how long', async () => {
  await house.fault({ kind: 'boost_refuse', reason: 'internal_error', count: 1 })
  await person.send('POST', path)
  await house.time.advance(4_000)
  const answer = await person.send('POST', path)
  expect(answer.status).toBe(429)
  expect(answer.headers.get('retry-after')).toBe('6')
  await house.time.advance(7_000)
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'requested' })
})

test('a boost whose answer is lost is found out by reading, and never sent twice', async () => {
  await house.fault({ kind: 'boost_lost' })
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'requested' })
  expect(await posts()).toBe(1)
})

test('a boost that got lost on its way is not called started', async () => {
  await house.fault({ kind: 'reset', match: { method: 'POST', path: '/boost' } })
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'unconfirmed' })
  expect(await posts()).toBe(1)
  expect(await boostState()).toBe('available')
})

test('"already charging" after a lost answer is the proof that it worked', async () => {
  await house.fault({ kind: 'boost_lost', count: 1 })
  // The reads in between fail too, so nothing is known of the first try.
  await house.fault({ kind: 'status', status: 500, match: { method: 'GET', path: id } })
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'unconfirmed' })
  await house.control('DELETE', '/faults')
  await house.time.advance(5_000)
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'requested' })
})

test.each<[string, Record<string, unknown>]>([
  ['503', { kind: 'status', status: 503 }],
  ['nothing at all', { kind: 'hang' }],
])(
  'a boost whose token was refused was not done, also when the next token is answered by %s',
  async (_, trouble) => {
    await house.fault({ kind: 'token_expire', count: 1 })
    await house.fault({ ...trouble, match: { path: '/oauth2/token/' } })
    expect(await answered(person.send('POST', path))).toMatchObject({
      error: { code: 'partner_unavailable' },
    })
    await house.control('DELETE', '/faults')
    await house.time.advance(10_000)
    // Nothing was in doubt, so this is a refusal and no proof that the first one worked.
    await house.fault({ kind: 'boost_refuse', reason: 'already_charging' })
    expect(await answered(person.send('POST', path))).toMatchObject({ error: { code: 'boost_refused' } })
  },
)

test('a partner that hangs keeps nobody waiting for more than ten seconds', async () => {
  await house.fault({ kind: 'hang', match: { method: 'POST', path: '/boost' } })
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'unconfirmed' })
})

test('a partner that is away is not asked for a boost twice either', async () => {
  await house.killPartner()
  const answer = await person.send('POST', path)
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ error: { code: 'partner_unavailable' } })
  await house.revivePartner()
})

test('a connection that is never taken is given up by itself: the boost never left, and is told so', async () => {
  await house.killPartner()
  const deaf = await deafen(Number(new URL(house.partnerUrl).port))
  // The clock of the house stands still, so none of the limits for answers ends this.
  const answer = await person.send('POST', path)
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ error: { code: 'partner_unavailable' } })
  await deaf.close()
  await house.revivePartner()
  await house.time.advance(10_000)
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'requested' })
  expect(await posts()).toBe(1)
})

test('an unplugged vehicle is armed for the next time, and disarmed again', async () => {
  await control({ plugged_in: false })
  await refresh()
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'armed' })
  const armed = (await person.home()).groups['electric-vehicles'].devices[0]
  expect(armed).toMatchObject({ boost_for_next_session: true, boost_state: 'unavailable' })
  expect(await answered(person.send('DELETE', path))).toEqual({ outcome: 'disarmed' })
  expect((await person.home()).groups['electric-vehicles'].devices[0]?.boost_for_next_session).toBe(false)
  // Armed again at once: taking it back was not a boost.
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'armed' })
})

test('the running boost of a wallbox can be cancelled', async () => {
  const full = await house.signIn('full')
  const wallbox = await full.deviceId('wallboxes')
  await house.control('POST', `/homes/full/devices/${wallbox}`, {
    plugged_in: true,
    level: 30,
    charge_plan: 'wait',
  })
  await house.time.advance(3_000)
  await full.send('POST', '/api/refresh')
  const path = `/api/devices/wallboxes/${wallbox}/boost`
  expect(await answered(full.send('POST', path))).toEqual({ outcome: 'requested' })
  expect(await answered(full.send('DELETE', path))).toEqual({
    outcome: 'cancelled',
  })
  const [device] = (await full.home()).groups.wallboxes.devices
  expect(device?.boost_state).toBe('available')
})

test('a list that was asked for before the boost does not take it back', async () => {
  await house.fault({
    kind: 'latency',
    ms: 150,
    match: { method: 'GET', type: 'electric-vehicles', path: 'electric-vehicles' },
    count: 1,
  })
  await house.time.advance(3_000)
  const refreshing = person.send('POST', '/api/refresh')
  expect(await answered(person.send('POST', path))).toEqual({ outcome: 'requested' })
  await refreshing
  expect(await boostState()).toBe('requested')
})

test('nobody can wear a device out with commands', async () => {
  const statuses: number[] = []
  for (let n = 0; n < 15; n++) statuses.push((await person.send('DELETE', path)).status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(10)
  expect(statuses.filter((status) => status === 429)).toHaveLength(5)
})

test('nor all devices of a home together', async () => {
  const many = await house.signIn('many')
  const { groups } = await many.home()
  const paths = (['electric-vehicles', 'wallboxes'] as const).flatMap((type) =>
    groups[type].devices.map(({ id }) => `/api/devices/${type}/${id}/boost`),
  )
  const statuses: number[] = []
  for (let n = 0; n < 36; n++)
    statuses.push((await many.send('DELETE', paths[n % paths.length] ?? '')).status)
  expect(paths).toHaveLength(6)
  expect(statuses.filter((status) => status === 200)).toHaveLength(30)
  expect(statuses.filter((status) => status === 429)).toHaveLength(6)
  // Another home has commands of its own.
  expect((await person.send('DELETE', path)).status).toBe(200)
})
