import { get, type IncomingMessage } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { subscriberOf, trustedProxies } from './client-address.ts'
import { openHouse, type House } from './house.test-support.ts'
import { createStreamGate } from './stream-gate.ts'

/** More than one user may have, so several people are behind each address. */
const MOST = 60

let house: House
const open: IncomingMessage[] = []
afterEach(async () => {
  for (const answer of open.splice(0)) answer.destroy()
  await house.close()
})

async function cookies(count: number): Promise<string[]> {
  const all: string[] = []
  const homes = ['full', 'many', 'solar', 'heat', 'car', 'empty', 'winter', 'reconnect']
  const known = ((await house.control('GET', '/homes')) as { name: string }[]).map(({ name }) => name)
  for (let n = 0; n < count; n++) {
    const home = homes.filter((name) => known.includes(name))[n % 6] ?? 'full'
    all.push((await house.signIn(home)).cookie)
  }
  return all
}

function ask(cookie: string, forwarded?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }) }
    get(`${house.url}/api/stream`, { headers, agent: false }, (answer) => {
      open.push(answer)
      answer.resume()
      resolve(answer)
    }).on('error', reject)
  })
}

describe('behind a proxy that is believed', () => {
  test('one subscriber has 60 streams, the next one none until another ends, and the neighbour is not touched', async () => {
    house = await openHouse({ proxies: trustedProxies(['127.0.0.0/8']) })
    // Six homes, twelve streams each at most.
    const people = await cookies(18)
    const at = (n: number) => people[n % people.length] ?? ''
    const answers = []
    for (let n = 0; n < MOST; n++) answers.push(await ask(at(n), '203.0.113.7'))
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true)
    const refused = await ask(at(0), '203.0.113.7')
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['retry-after']).toBe('30')
    // Without a session it is the same answer: nothing was looked up.
    expect((await ask('', '203.0.113.7')).statusCode).toBe(429)
    // What the browser itself wrote stands further left.
    expect((await ask(at(1), '198.51.100.1, 203.0.113.7')).statusCode).toBe(429)
    expect((await ask(at(2), '203.0.113.8')).statusCode).toBe(200)
    answers[0]?.destroy()
    await expect.poll(async () => (await ask(at(3), '203.0.113.7')).statusCode).toBe(200)
  })
})

describe('without a proxy that is believed', () => {
  test('addresses that a browser makes up count for nothing, and a private one shares no limit', async () => {
    house = await openHouse()
    const people = await cookies(18)
    for (let n = 0; n < MOST + 6; n++)
      expect((await ask(people[n % people.length] ?? '', '203.0.113.7')).statusCode).toBe(200)
  })
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:ffff::2', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s belongs to %s', (address, subscriber) => {
  expect(subscriberOf(address)).toBe(subscriber)
})

test.each(['proxy.internal', '10.0.0.0/33', '10.0.0.0/x', '', '::/129'])('"%s" is no proxy', (range) => {
  expect(() => trustedProxies([range])).toThrow(TypeError)
})

test('what is more than a process can carry is sent elsewhere, before anything is looked up, until somebody leaves', () => {
  const gate = createStreamGate({ proxies: trustedProxies([]), most: { subscriber: 60, node: 2 } })
  const enter = () => gate.enter({ headers: {}, socket: { remoteAddress: '127.0.0.1' } } as IncomingMessage)
  const first = enter()
  enter()
  expect(enter()).toBe(503)
  if (typeof first === 'number') throw new Error('There was a place for the first.')
  first.leave()
  first.leave()
  expect(enter()).toMatchObject({})
  expect(enter()).toBe(503)
})
