import { afterEach, beforeEach, expect, test } from 'vitest'
import { deviceTypes, type Buildings } from '@homewatt/contract'
import { openHouse, type House, type Person } from './house.test-support.ts'

/** Whatever the partner does: whoever asks the gateway is answered within ten seconds (P16). */

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const MOST_MS = 10_000

/** How long each takes. What takes longer than the most is `Infinity`, and not under way any more. */
async function msOf(asking: Promise<Response>[]): Promise<number[]> {
  const startMs = house.time.monotonicMs()
  const took = asking.map(() => Infinity)
  for (const [n, one] of asking.entries()) void one.then(() => (took[n] = house.time.monotonicMs() - startMs))
  for (let passedMs = 0; passedMs < 4 * MOST_MS && took.includes(Infinity); passedMs += 500)
    await house.time.advance(500)
  return took
}

async function lapsedOf(person: Person): Promise<string> {
  const { groups } = await person.home()
  for (const type of deviceTypes)
    for (const { id, is_authenticated } of groups[type].devices)
      if (is_authenticated === false) return `${type}/${id}`
  throw new Error('No device of this home has lost its link.')
}

async function buildingOf(person: Person): Promise<string> {
  await person.send('POST', '/api/buildings', { name: 'Hut' })
  const { buildings } = (await (await person.get('/api/buildings')).json()) as Buildings
  return buildings.at(-1)?.id ?? ''
}

const day = { charge_percentage: 80, charge_deadline: '07:00' }
const days = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((name) => [name, day]))

/** What takes several calls one after the other: learns what it has to know, and then can be begun. */
const chains: Record<string, () => Promise<() => Promise<Response>[]>> = {
  async 'a building that is changed'() {
    const person = await house.signIn('full')
    const id = await buildingOf(person)
    return () => [person.send('PUT', `/api/buildings/${id}`, { name: 'House' })]
  },
  async 'a building that is added'() {
    const person = await house.signIn('full')
    return () => [person.send('POST', '/api/buildings', { name: 'House' })]
  },
  async 'an action that is started'() {
    const person = await house.signIn('reconnect')
    const path = `/api/devices/${await lapsedOf(person)}`
    return () => [person.send('POST', `${path}/actions/0/start`)]
  },
  async 'a device that is to be connected'() {
    const person = await house.signIn('full')
    const building_id = await buildingOf(person)
    return () => [person.send('POST', '/api/onboarding', { type: 'inverters', building_id })]
  },
  async 'settings, a plan and a boost of one car at once'() {
    const person = await house.signIn('car')
    const path = `/api/devices/electric-vehicles/${await person.deviceId('electric-vehicles')}`
    return () => [
      person.send('PUT', path, { minimum_charge_limit: 30 }),
      person.send('PUT', `${path}/charge-policy`, { ...days, timezone: 'Europe/Berlin' }),
      person.send('POST', `${path}/boost`),
    ]
  },
}

test.each(
  Object.keys(chains).flatMap((name) =>
    [{ kind: 'drip', ms: 5 }, { kind: 'hang' }].flatMap((fault) => [
      { name, what: `every call and ${fault.kind}s`, faults: [fault] },
      {
        name,
        what: `what only looks through, and ${fault.kind}s otherwise`,
        faults: ['PUT', 'POST'].map((method) => ({ ...fault, match: { method, path: '/api/' } })),
      },
      {
        name,
        what: `every call, ${fault.kind}s, and refuses the token`,
        faults: [{ kind: 'token_expire', count: 1 }, { ...fault, match: { path: '/oauth2/' } }, fault],
      },
    ]),
  ),
)('$name, while the partner takes $what', async ({ name, faults }) => {
  const begin = await chains[name]?.()
  for (const fault of faults) await house.fault(fault)
  for (const ms of await msOf(begin?.() ?? [])) expect(ms).toBeLessThanOrEqual(MOST_MS)
})
