import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { samples } from '@homewatt/contract'
import { afterEach, expect, test } from 'vitest'
import { requestOf } from '../../../bench/src/raw-client.ts'
import type { FaultProxy } from './fault-proxy.test-support.ts'
import { openHouse, type House } from './house.test-support.ts'

/** A phone that went out of reach without a word: its connection stays, and takes nothing any more. */

let house: House
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await house.close()
})

/** Opens a stream and falls silent with its first byte. */
async function fallSilent(cookie: string): Promise<Socket> {
  const socket = connect(Number(new URL(house.url).port), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  socket.write(requestOf('GET', '/api/stream', { host: 'localhost:3000', cookie }))
  await once(socket, 'readable')
  return socket
}

test('readers that fell silent are let go when their time is up, and leave nothing behind', async () => {
  house = await openHouse()
  const people = [await house.signIn('full'), await house.signIn('solar'), await house.signIn('many')]
  for (const person of people) await person.home()
  await house.time.advance(60_000)
  const timers = house.time.pending()
  const silent = []
  for (let n = 0; n < 18; n++) silent.push(await fallSilent(people[n % 3]?.cookie ?? ''))
  expect(house.streams()).toBe(18)
  // Ten minutes, a fifth more at most, and the beat that finds out.
  await house.time.advance(12.5 * 60_000)
  expect(house.streams()).toBe(0)
  await house.time.advance(60_000)
  expect(house.time.pending()).toBe(timers)
  for (const socket of silent) {
    const closed = once(socket, 'close')
    socket.resume()
    await closed
  }
})

test('a reader that falls silent while much is told is cut off with the backlog it has, and others hear all of it', async () => {
  house = await openHouse({ proxied: true })
  const person = await house.signIn('solar')
  const { user_id } = ((await house.control('GET', '/homes')) as { name: string; user_id: string }[]).find(
    ({ name }) => name === 'solar',
  ) ?? { user_id: '' }
  const proxy = house.proxy as FaultProxy
  const fleet = (round: number) =>
    Array.from({ length: 300 }, (_, n) => ({
      ...samples.inverters,
      id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      owner: { ...samples.inverters.owner, id: user_id },
      current_solar_production_w: round,
      current_state_last_updated_at: new Date(house.time.wallMs()).toISOString(),
    }))
  const stream = await person.stream()
  await fallSilent(person.cookie)
  expect(house.streams()).toBe(2)
  let round = 0
  for (; house.streams() === 2 && round < 60; round++) {
    const body = JSON.stringify(fleet(round))
    proxy.clear()
    proxy.fault({ kind: 'answer', match: { method: 'GET', path: /\/inverters$/ }, body })
    await house.time.advance(3_000)
    await person.send('POST', '/api/refresh')
  }
  console.log(`cut off after ${round} changes of 300 devices`)
  // Long before its time is up.
  expect(house.streams()).toBe(1)
  expect(house.counted.cut).toBe(1)
  expect(stream.events.filter(({ event }) => event === 'change').length).toBeGreaterThanOrEqual(round - 1)
})
