import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ClaimTicket, ConnectState, HomeSnapshot } from '@homewatt/contract'
import { openHouse, type House, type Person } from './house.test-support.ts'

let house: House
let person: Person
beforeEach(async () => {
  house = await openHouse()
  person = await house.signIn('empty')
})
afterEach(() => house.close())

const begin = (body: object) => person.send('POST', '/api/onboarding', body)
const pending = async () => ((await (await person.get('/api/onboarding')).json()) as ConnectState).pending
const typesOf = ({ groups }: HomeSnapshot) =>
  Object.entries(groups)
    .filter(([, { devices }]) => devices.length > 0)
    .map(([type]) => type)

/** Goes through the Connect page as a person does; resolves to where it sends the browser in the end. */
async function throughConnect(page: string, maker: string, password = 'any') {
  const fields = { onboarding_session_id: new URL(page).searchParams.get('onboarding_session_id') ?? '' }
  const post = (more: object) =>
    fetch(`${new URL(page).origin}/connect`, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, maker, ...more }),
      redirect: 'manual',
    })
  const signedIn = await post({ decision: 'sign-in', username: 'me', password })
  const { headers } = password === 'fail' ? signedIn : await post({ decision: 'allow' })
  return new URL(headers.get('location') ?? '', page)
}

async function connectPage(type: string) {
  const answer = await begin({ type })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { redirect_url: string }).redirect_url
}

test.each([
  ['heat-pumps', 'Nibe'],
  ['electric-vehicles', 'Tesla'],
  ['inverters', 'Fronius'],
])('a home without devices connects one of %s and sees it seconds later', async (type, maker) => {
  const stream = await person.stream()
  const back = await throughConnect(await connectPage(type), maker)
  expect(back.href).toBe('http://localhost:3000/connect/return?result=success')
  expect(await pending()).toMatchObject({ type, known: [] })
  await house.time.advance(8_000)
  const change = stream.events.findLast(({ event }) => event === 'change')
  expect(change?.data).toContain(`"${type}"`)
  const snapshot = await person.home()
  expect(typesOf(snapshot)).toEqual([type])
})

test('whoever gives up at the manufacturer comes back to a home as it was', async () => {
  const back = await throughConnect(await connectPage('inverters'), 'Fronius', 'fail')
  expect(back.href).toBe('http://localhost:3000/connect/return?result=cancel')
  expect(typesOf(await person.home())).toEqual([])
})

test('a wallbox is told whom to call, calls, and is there', async () => {
  await person.stream()
  const ticket = (await (await person.send('POST', '/api/onboarding/claim')).json()) as ClaimTicket
  expect(ticket.wss_url).toContain(ticket.token)
  await house.control('POST', '/claims', { token: ticket.token })
  await house.time.advance(8_000)
  expect(typesOf(await person.home())).toEqual(['wallboxes'])
  // It opens the door to this home, so it is nowhere but in that one answer.
  expect(house.logged()).not.toContain(ticket.token)
})

test('while a device is waited for it is asked for every five seconds, and no longer than that', async () => {
  await person.stream()
  await throughConnect(await connectPage('inverters'), 'Fronius')
  await house.time.advance(10_000)
  await house.control('DELETE', '/requests')
  await house.time.advance(60_000)
  // It has reported: the usual rhythm again.
  expect((await lists()).inverters).toBeLessThanOrEqual(3)
  await person.send('POST', '/api/onboarding', { type: 'heat-pumps' })
  await house.control('DELETE', '/requests')
  await house.time.advance(60_000)
  const { heatPumps } = await lists()
  expect(heatPumps).toBeGreaterThanOrEqual(8)
  expect(heatPumps).toBeLessThanOrEqual(12)
  await house.time.advance(15 * 60_000)
  await house.control('DELETE', '/requests')
  await house.time.advance(60_000)
  expect((await lists()).heatPumps).toBeLessThanOrEqual(2)
})

async function lists() {
  const counts = Object.entries(await house.counts())
  const of = (type: string) => counts.find(([route]) => route.endsWith(`/${type}`))?.[1] ?? 0
  return { inverters: of('inverters'), heatPumps: of('heat-pumps') }
}

test('what was begun is forgotten when its session is over', async () => {
  await connectPage('inverters')
  await house.time.advance(47 * 3_600_000)
  person = await house.signIn('empty')
  expect(await pending()).not.toBeNull()
  await house.time.advance(2 * 3_600_000)
  expect(await pending()).toBeNull()
})

test.each([
  ['no type', {}],
  ['a type that nobody makes', { type: 'toasters' }],
  ['more than is offered', { type: 'inverters', user_id: 'b5a3cf4c-9a1d-4b7b-a0e5-2f3f4a5b6c7d' }],
  ['a building that is none', { type: 'inverters', building_id: 'home' }],
])('%s is refused, and nothing is sent upward', async (_, body) => {
  await house.control('DELETE', '/requests')
  expect((await begin(body)).status).toBe(422)
  expect(Object.keys(await house.counts()).filter((route) => route.startsWith('POST'))).toEqual([])
})

test('the building of another home is refused', async () => {
  const other = await house.signIn('full')
  const { buildings } = (await (await other.get('/api/buildings')).json()) as { buildings: { id: string }[] }
  const answer = await begin({ type: 'inverters', building_id: buildings[0]?.id })
  expect(answer.status).toBe(422)
  expect(await answer.json()).toMatchObject({
    error: { fields: { building_id: expect.any(String) as string } },
  })
})

test('a partner that is away is told, and nothing waits for a device', async () => {
  await person.home()
  await house.killPartner()
  expect((await begin({ type: 'inverters' })).status).toBe(503)
  expect(await pending()).toBeNull()
})
