import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceTypes, type HomeSnapshot } from '@homewatt/contract'
import { hostileLinks } from './hostile-links.test-support.ts'
import type { House, Person } from './house.test-support.ts'
import { createLinkCheck } from './links.ts'
import { openWholeHouse, sendAsWritten } from './whole-house.test-support.ts'

let house: House
let person: Person
let device: { type: string; id: string }
beforeAll(async () => {
  house = await openWholeHouse()
  person = await house.signIn('reconnect')
  const { groups } = (await person.home()) as HomeSnapshot
  const [lapsed] = deviceTypes.flatMap((type) =>
    groups[type].devices.filter((one) => one.is_authenticated === false).map(({ id }) => ({ type, id })),
  )
  device = lapsed ?? expect.fail('No device of this home has lost its link.')
})
afterAll(() => house.close())

test('there are enough of them', () => {
  expect(new Set(hostileLinks).size).toBeGreaterThanOrEqual(60)
})

test('none is an address that anybody may be sent to', () => {
  const check = createLinkCheck([
    'https://app.podero.com',
    'https://connect.podero.com',
    'http://localhost:4010',
  ])
  expect(hostileLinks.filter((link) => check(link) !== null)).toEqual([])
})

const start = () => person.send('POST', `/api/devices/${device.type}/${device.id}/actions/0/start`)
const pin = (set: Record<string, unknown>) =>
  house.control('POST', `/homes/reconnect/devices/${device.id}`, { set })
const answered = async (endpoint: string, body: unknown) => {
  await house.control('DELETE', '/faults')
  await house.fault({ kind: 'status', status: 200, body, match: { endpoint } })
}

/** The ways by which an address of the Partner API becomes one that a browser is sent to. */
const ways: [string, (link: string) => Promise<unknown>, () => Promise<Response>][] = [
  [
    'the link of an action',
    (link) => pin({ actions: [{ code: 'reauthenticate', resolution_link: link }] }),
    start,
  ],
  [
    'the link of an action that is to be posted to',
    (link) =>
      pin({ actions: [{ code: 'reauthenticate', resolution_link: { url: link, required_parameters: [] } }] }),
    start,
  ],
  [
    'where an action that was started leads to',
    async (link) => {
      await house.control('POST', `/homes/reconnect/devices/${device.id}`, { unset: ['actions'] })
      await answered('/cues/', { redirect_url: link })
    },
    start,
  ],
  [
    'the page to connect a device at',
    (link) => answered('onboarding', { authenticationUrl: link }),
    () => person.send('POST', '/api/onboarding', { type: 'inverters' }),
  ],
]

test.each(ways)('%s leads to none of them', async (_, say, follow) => {
  for (const link of hostileLinks) {
    await say(link)
    // Nobody may try all that often.
    await house.time.advance(20_000)
    const answer = await follow()
    const text = await answer.text()
    expect([409, 503], `${link}: ${text}`).toContain(answer.status)
    expect(text, link).not.toContain('redirect_url')
  }
  await house.control('DELETE', '/faults')
})

test('a page to return to is one of a list, and never an address', async () => {
  const before = house.logged().length
  for (const return_to of [...hostileLinks, '/history', 'overview/', 'OVERVIEW', '__proto__']) {
    const answer = await person.send('POST', '/api/sign-in', { return_to })
    expect(answer.status, return_to).toBe(422)
  }
  expect(house.logged().length).toBe(before)
})

test('what the Partner API says of a maker’s own pages reaches nobody', async () => {
  for (const link of hostileLinks.filter((one) => one.length > 12)) {
    await pin({
      authorization_url: link,
      device_model: {
        manufacturer: 'Maker',
        model: 'One',
        cloud_service_signup_link: link,
        cloud_service: link,
      },
    })
    await house.time.advance(35_000)
    const text =
      (await (await person.get('/api/home')).text()) +
      (await (await person.get(`/api/devices/${device.type}/${device.id}`)).text())
    expect(text).toContain('Maker')
    expect(text).not.toContain(JSON.stringify(link).slice(1, -1))
  }
})

test('another name of this machine leads to the announced one, wherever the path pretends to lead', async () => {
  for (const path of [
    '//evil.example/',
    '//evil.example/%2e%2e',
    '/\\evil.example',
    '/%5cevil.example',
    '/@evil.example',
    '/.evil.example',
  ]) {
    const { status, headers } = await sendAsWritten(house.url, 'GET', path, { host: '127.0.0.1:3000' })
    expect(status, path).toBe(307)
    expect(new URL(String(headers.location)).host, path).toBe('localhost:3000')
  }
})
