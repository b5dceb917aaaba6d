import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deviceTypes, type DeviceType, type HomeSnapshot, type OpenAction } from '@homewatt/contract'
import { openHouse, type House, type Person } from './house.test-support.ts'

let house: House
let person: Person
let path: string
let lapsed: { type: DeviceType; id: string; actions: OpenAction[] | null }
beforeEach(async () => {
  house = await openHouse()
  person = await house.signIn('reconnect')
  lapsed = lapsedIn(await person.home())
  path = `/api/devices/${lapsed.type}/${lapsed.id}`
})
afterEach(() => house.close())

function lapsedIn({ groups }: HomeSnapshot) {
  for (const type of deviceTypes)
    for (const { id, is_authenticated, actions } of groups[type].devices)
      if (is_authenticated === false) return { type, id, actions }
  throw new Error('No device of this home has lost its link.')
}

test('a lapsed device comes with what can be done about it, and without the link to do it', () => {
  expect(lapsed.actions).toEqual([{ n: 0, code: 'reauthenticate', can_start: true }])
})

test.each(['object', 'string'])('a link given as %s leads to the page of the partner', async (shape) => {
  await house.control('POST', '/homes/reconnect', { resolution_link: shape })
  const answer = await person.send('POST', `${path}/actions/0/start`)
  const { redirect_url } = (await answer.json()) as { redirect_url: string }
  expect(new URL(redirect_url).origin).toBe(new URL(house.partnerUrl).origin)
  const page = await fetch(redirect_url)
  expect(page.status).toBe(200)
})

test('when the person has reconnected, the home shows it within seconds', async () => {
  const stream = await person.stream()
  await person.send('POST', `${path}/actions/0/start`)
  await house.control('POST', `/homes/reconnect/devices/${lapsed.id}`, { authenticated: true })
  await house.time.advance(6_000)
  expect(() => lapsedIn(JSON.parse(snapshotOf(stream.events)) as HomeSnapshot)).toThrow()
})

const snapshotOf = (events: readonly { event: string; data: string }[]) =>
  events.findLast(({ event }) => event === 'change')?.data.replace('"groups":{', emptyGroups) ?? ''

/** The groups that a change leaves out, so that it can be looked through like a snapshot. */
const emptyGroups = `"groups":{${deviceTypes.map((type) => `"${type}":{"devices":[]}`).join(',')},`

const reported = () => house.sent.filter(({ route }) => route === 'POST /cues/{}/state').length

test('that it is done is reported when the device says so, and not because a browser came back', async () => {
  await person.send('POST', `${path}/actions/0/start`)
  await house.time.advance(20_000)
  expect(reported()).toBe(0)
  // A partner whose own page leaves the action open.
  await house.control('POST', `/homes/reconnect/devices/${lapsed.id}`, { authenticated: true })
  await house.control('POST', `/homes/reconnect/devices/${lapsed.id}`, { actions: ['reauthenticate'] })
  await house.time.advance(60_000)
  expect(reported()).toBe(1)
  const there = house.world.homeNamed('reconnect', house.time.wallMs())
  expect(there?.devices.find(({ id }) => id === lapsed.id)?.cues).toEqual([])
})

test('giving up is reported as that, once, and it can be started again', async () => {
  await person.send('POST', `${path}/actions/0/start`)
  for (let n = 0; n < 2; n++) expect((await person.send('POST', '/api/actions/given-up')).status).toBe(204)
  expect(reported()).toBe(1)
  await house.time.advance(60_000)
  expect(lapsedIn(await person.home()).actions).toEqual(lapsed.actions)
  expect((await person.send('POST', `${path}/actions/0/start`)).status).toBe(200)
})

test.each([
  [50, 1],
  [54, 0],
])(
  'after %i min in which nobody looked there is what to report it with for %i actions',
  async (min, count) => {
    await person.send('POST', `${path}/actions/0/start`)
    await house.time.advance(min * 60_000)
    expect((await person.send('POST', '/api/actions/given-up')).status).toBe(204)
    expect(reported()).toBe(count)
  },
)

test('giving up one device leaves what was begun for another under way', async () => {
  const other = (await person.home()).groups
  const { type, id } = otherThan(lapsed.id, other)
  await house.control('POST', `/homes/reconnect/devices/${id}`, { authenticated: false })
  await house.time.advance(35_000)
  await person.send('POST', '/api/refresh')
  await person.send('POST', `${path}/actions/0/start`)
  expect((await person.send('POST', `/api/devices/${type}/${id}/actions/0/start`)).status).toBe(200)
  expect((await person.send('POST', '/api/actions/given-up', { device_id: id })).status).toBe(204)
  expect(reported()).toBe(1)
  expect((await person.send('POST', '/api/actions/given-up', { device_id: lapsed.id })).status).toBe(204)
  expect(reported()).toBe(2)
})

function otherThan(lapsedId: string, groups: HomeSnapshot['groups']) {
  for (const type of deviceTypes)
    for (const { id } of groups[type].devices) if (id !== lapsedId) return { type, id }
  throw new Error('This home has one device only.')
}

describe('a device that is asked for a new sign-in while its link is still there', () => {
  beforeEach(async () => {
    await house.control('POST', `/homes/reconnect/devices/${lapsed.id}`, { authenticated: true })
    await house.control('POST', `/homes/reconnect/devices/${lapsed.id}`, { actions: ['reauthenticate'] })
    await house.time.advance(35_000)
    await person.send('POST', '/api/refresh')
    expect((await person.send('POST', `${path}/actions/0/start`)).status).toBe(200)
  })

  test('is done when it is asked no more, which is seen within seconds', async () => {
    await person.stream()
    await house.time.advance(20_000)
    expect(reported()).toBe(0)
    await house.control('POST', `/homes/reconnect/devices/${lapsed.id}`, { actions: [] })
    await house.time.advance(6_000)
    expect(reported()).toBe(1)
  })

  test('is given up by whoever comes back without it', async () => {
    expect((await person.send('POST', '/api/actions/given-up', { device_id: lapsed.id })).status).toBe(204)
    expect(reported()).toBe(1)
  })
})

test('what could not be reported is tried again, and nobody waits for it', async () => {
  await person.send('POST', `${path}/actions/0/start`)
  await house.fault({ kind: 'status', status: 503, match: { path: '/state' } })
  expect((await person.send('POST', '/api/actions/given-up')).status).toBe(204)
  await house.time.advance(4_000)
  expect(reported()).toBe(1)
  await house.control('DELETE', '/faults')
  await house.time.advance(5_000)
  expect(reported()).toBe(2)
  await house.time.advance(120_000)
  expect(reported()).toBe(2)
})

test.each([
  ['nothing to start', { actions: [] }, 'action_unavailable'],
  ['a code that nobody documented', { actions: ['update_firmware'] }, 'action_unavailable'],
])('%s is not started', async (_, change, code) => {
  await house.control('POST', `/homes/reconnect/devices/${lapsed.id}`, change)
  const answer = await person.send('POST', `${path}/actions/0/start`)
  expect(answer.status).toBe(409)
  expect(await answer.json()).toMatchObject({ error: { code } })
})

test.each([
  ['javascript:alert(1)'],
  ['http://evil.example/connect'],
  ['https://evil.example/connect'],
  ['https://connect.podero.com.evil.example/'],
  ['https://user@connect.podero.com/'],
  ['https://connect.podero.com:444/'],
  ['//connect.podero.com/'],
])('a link to %s is never passed on', async (link) => {
  await house.control('POST', `/homes/reconnect/devices/${lapsed.id}`, {
    set: { actions: [{ code: 'reauthenticate', resolution_link: link }] },
  })
  const answer = await person.send('POST', `${path}/actions/0/start`)
  expect(answer.status).toBe(409)
  await house.time.advance(3_000)
  const { device } = (await (await person.get(path)).json()) as { device: { actions: OpenAction[] } }
  expect(device.actions).toEqual([{ n: 0, code: 'reauthenticate', can_start: false }])
})

test('looking at a lapsed device again and again does not ask the partner each time', async () => {
  const counted = async () => {
    const route = `GET /api/partners/v2.0/org/{org_id}/users/{user_id}/${lapsed.type}/{device_id}`
    return (await house.counts())[route] ?? 0
  }
  expect(await counted()).toBe(1)
  for (let n = 0; n < 20; n++) await person.get(path)
  expect(await counted()).toBe(1)
  await house.time.advance(3_000)
  await person.get(path)
  expect(await counted()).toBe(2)
})

test('an action is not started more than ten times a minute', async () => {
  const statuses: number[] = []
  for (let n = 0; n < 12; n++) statuses.push((await person.send('POST', `${path}/actions/0/start`)).status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(10)
  expect(statuses.slice(10)).toEqual([429, 429])
})

test('the gateway calls no address that an answer names, only its own partner', async () => {
  const cue = '11111111-1111-4111-8111-111111111111'
  await house.control('POST', `/homes/reconnect/devices/${lapsed.id}`, {
    set: {
      actions: [
        {
          code: 'reauthenticate',
          resolution_link: {
            url: `http://169.254.169.254/cues/${cue}/resolve?secret=x`,
            required_parameters: [],
          },
        },
      ],
    },
  })
  const answer = await person.send('POST', `${path}/actions/0/start`)
  expect(await answer.json()).toMatchObject({ error: { code: 'action_unavailable' } })
  const counts = await house.counts()
  expect(counts['POST /api/partners/v2.0/cues/{cue_id}/resolve']).toBe(1)
})
