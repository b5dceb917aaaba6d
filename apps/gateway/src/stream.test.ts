import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyChange, isNewer, type HomeChange, type HomeSnapshot } from '@homewatt/contract'
import { openHouse, type House } from './house.test-support.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

test('a stream begins with the whole home and is passed on at once by every proxy', async () => {
  const person = await house.signIn('full')
  // Plans come a little after the devices; a second stream begins with all of it.
  await person.stream()
  await house.time.advance(1_000)
  const stream = await person.stream()
  expect(stream.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'private, no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  const [first] = stream.events
  const snapshot = JSON.parse(first?.data ?? '') as HomeSnapshot
  expect(first).toMatchObject({ event: 'snapshot', id: snapshot.version })
  expect(snapshot.groups).toEqual((await person.home()).groups)
})

test('it beats every fifteen seconds', async () => {
  const stream = await (await house.signIn('empty')).stream()
  await house.time.advance(60_000)
  expect(stream.events.filter(({ event }) => event === 'beat')).toHaveLength(4)
})

test('the snapshot with all changes applied is the home, and versions only grow', async () => {
  const person = await house.signIn('full')
  const stream = await person.stream()
  await house.time.advance(5 * 60_000)
  const home = await person.home()
  const [first, ...rest] = stream.events
  let snapshot = JSON.parse(first?.data ?? '') as HomeSnapshot
  for (const { event, data } of rest) {
    if (event !== 'change') continue
    const change = JSON.parse(data) as HomeChange
    expect(isNewer(change.version, snapshot.version)).toBe(true)
    snapshot = applyChange(snapshot, change)
  }
  expect(snapshot.version).toBe(home.version)
  const devices = (one: HomeSnapshot) => Object.values(one.groups).map((group) => group.devices)
  expect(devices(snapshot)).toEqual(devices(home))
})

test('versions grow over a restart too', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  const storeFile = join(directory, 'store.sqlite')
  const first = await openHouse({ storeFile })
  const before = (await (await first.signIn('full')).home()).version
  await first.close()
  const second = await openHouse({ storeFile })
  const after = (await (await second.signIn('full')).home()).version
  await second.close()
  rmSync(directory, { recursive: true })
  expect(isNewer(after, before)).toBe(true)
})

test('signing out ends every stream of the session, and none of others', async () => {
  const person = await house.signIn('full')
  const other = await house.signIn('full')
  const [mine, theirs] = [await person.stream(), await other.stream()]
  await person.send('POST', '/api/session/end')
  await mine.ended
  await house.time.advance(15_000)
  expect((await theirs.next('beat')).event).toBe('beat')
  expect((await person.get('/api/home')).status).toBe(401)
})

test('a stream does not outlive a session that has run out', async () => {
  const person = await house.signIn('empty')
  await house.time.advance(12 * 3_600_000 - 60_000)
  const stream = await person.stream()
  // Opening it was a use of the session, so it runs out twelve hours later; the stream is begun anew long before.
  await house.time.advance(13 * 60_000)
  await stream.ended
})

test('the seventh stream of a session makes the first one end', async () => {
  const person = await house.signIn('full')
  const streams = []
  for (let n = 0; n < 7; n++) streams.push(await person.stream())
  await streams[0]?.ended
  await house.time.advance(15_000)
  for (const stream of streams.slice(1)) expect((await stream.next('beat')).event).toBe('beat')
})

test('the thirteenth stream of a person makes the first one end, in whatever browsers they are', async () => {
  const browsers = [await house.signIn('full'), await house.signIn('full'), await house.signIn('full')]
  const neighbour = await (await house.signIn('car')).stream()
  const streams = []
  for (let n = 0; n < 13; n++) streams.push(await browsers[n % 3]?.stream())
  await streams[0]?.ended
  expect(house.streams()).toBe(13)
  await house.time.advance(15_000)
  for (const stream of [...streams.slice(1), neighbour])
    expect((await stream?.next('beat'))?.event).toBe('beat')
})

test('closing the gateway ends the streams', async () => {
  const closing = await openHouse()
  const stream = await (await closing.signIn('full')).stream()
  await Promise.all([closing.close(), stream.ended])
})
