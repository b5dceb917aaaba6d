import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse, type House } from './house.test-support.ts'
import { openStore } from './store.ts'

const hours = (n: number) => n * 3_600_000
let directory: string
let houses: House[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  houses = []
})
afterEach(async () => {
  for (const house of houses) await house.close()
  rmSync(directory, { recursive: true })
})

async function open(): Promise<House> {
  const house = await openHouse({ storeFile: join(directory, 'store.sqlite') })
  houses.push(house)
  return house
}

const isSignedIn = async (house: House, cookie: string) =>
  ((await (await house.request('/api/session', { headers: { cookie } })).json()) as { signed_in: boolean })
    .signed_in

test('a session ends after twelve hours without use', async () => {
  const house = await open()
  const { cookie } = await house.signIn('empty')
  await house.time.advance(hours(11))
  expect(await isSignedIn(house, cookie)).toBe(true)
  await house.time.advance(hours(11))
  expect(await isSignedIn(house, cookie)).toBe(true)
  await house.time.advance(hours(12) + 1)
  expect(await isSignedIn(house, cookie)).toBe(false)
})

test('a session ends after a week, however busy', async () => {
  const house = await open()
  const { cookie } = await house.signIn('empty')
  for (let day = 0; day < 13; day++) {
    await house.time.advance(hours(11))
    expect(await isSignedIn(house, cookie)).toBe(true)
  }
  await house.time.advance(hours(11))
  await house.time.advance(hours(11))
  await house.time.advance(hours(5))
  expect(await isSignedIn(house, cookie)).toBe(false)
})

test.each([-1, 1])('a session lasts no longer for a clock on the wall that is set by %i h', async (by) => {
  const house = await open()
  const { cookie } = await house.signIn('empty')
  house.jump(hours(by))
  expect(await isSignedIn(house, cookie)).toBe(true)
  await house.time.advance(hours(12) + 1)
  expect(await isSignedIn(house, cookie)).toBe(false)
})

test('the ids of sessions have 256 bits, and each of them is left to chance', async () => {
  const house = await open()
  const ids = await Promise.all(
    Array.from({ length: 200 }, async () => (await house.signIn('empty')).cookie.split('=')[1] ?? ''),
  )
  const bytes = ids.map((id) => Buffer.from(id, 'base64url'))
  expect(new Set(ids).size).toBe(200)
  for (let bit = 0; bit < 256; bit++) {
    const ones = bytes.filter((id) => ((id[bit >> 3] ?? 0) >> (bit & 7)) & 1).length
    // Further from half of them than chance gets in a thousand years.
    expect(Math.abs(ones - 100), `bit ${bit}`).toBeLessThan(60)
  }
  expect(bytes.every(({ length }) => length === 32)).toBe(true)
})

test('a session survives a restart, and its id is not in what is kept', async () => {
  const first = await open()
  const { cookie } = await first.signIn('full')
  await first.close()
  houses = []
  const id = cookie.split('=')[1] ?? ''
  for (const file of readdirSync(directory))
    expect(readFileSync(join(directory, file)).includes(id)).toBe(false)
  const second = await open()
  expect(await isSignedIn(second, cookie)).toBe(true)
})

test('a session that ends at one process is over at the others within a second', async () => {
  const [one, other] = [await open(), await open()]
  const { cookie } = await one.signIn('full')
  expect(await isSignedIn(other, cookie)).toBe(true)
  await one.request('/api/session/end', { method: 'POST', headers: { cookie, 'x-homewatt': '1' } })
  expect(await isSignedIn(one, cookie)).toBe(false)
  await other.time.advance(1_000)
  expect(await isSignedIn(other, cookie)).toBe(false)
})

test('a session that ended at one process changes nothing at the others, not even within that second', async () => {
  const [one, other] = [await open(), await open()]
  const { cookie } = await one.signIn('full')
  const put = () =>
    other.request('/api/history/settings', {
      method: 'PUT',
      headers: { cookie, 'x-homewatt': '1', 'content-type': 'application/json' },
      body: '{"is_kept":false}',
    })
  expect((await put()).status).toBe(200)
  await one.request('/api/session/end', { method: 'POST', headers: { cookie, 'x-homewatt': '1' } })
  expect((await put()).status).toBe(401)
})

test('entering another home begins another session and ends the one before', async () => {
  const house = await open()
  const { cookie } = await house.signIn('full')
  const answer = await house.request('/api/demo/sign-in', {
    method: 'POST',
    headers: { cookie, 'x-homewatt': '1', 'content-type': 'application/json' },
    body: '{"home":"car"}',
  })
  const next = (answer.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
  expect(next).not.toBe(cookie)
  expect(await isSignedIn(house, next)).toBe(true)
  expect(await isSignedIn(house, cookie)).toBe(false)
})

test('the cookie cannot be read by scripts, nor sent from other sites', async () => {
  const house = await open()
  const answer = await house.request('/api/demo/sign-in', {
    method: 'POST',
    headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
    body: '{"home":"full"}',
  })
  expect(answer.headers.getSetCookie()[0]).toMatch(/^homewatt=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
})

test('behind https the cookie is bound to this host and to https', async () => {
  const house = await openHouse({ publicUrl: new URL('https://energy.example') })
  houses.push(house)
  const answer = await house.request('/api/demo/sign-in', {
    method: 'POST',
    headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
    body: '{"home":"full"}',
  })
  expect(answer.headers.getSetCookie().at(-1)).toMatch(
    /^__Host-Http-homewatt=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  expect(answer.headers.get('strict-transport-security')).toContain('max-age')
})

test('a session that has run out is deleted within six hours, one in use stays, whatever the clock on the wall says', async () => {
  const store = await openStore(':memory:')
  const house = await openHouse({ store, sessionLife: { idleMs: hours(1), absoluteMs: hours(100) } })
  houses.push(house)
  const [gone, used] = [await house.signIn('empty'), await house.signIn('empty')]
  const homes = (await house.control('GET', '/homes')) as { name: string; user_id: string }[]
  const userId = homes.find(({ name }) => name === 'empty')?.user_id ?? ''
  const kept = async () => (await store.sessions.ofOwner({ tenant: 'default', userId })).length
  expect(await kept()).toBe(2)
  house.jump(hours(48))
  for (let half = 0; half < 12; half++) {
    await house.time.advance(hours(0.5))
    expect(await isSignedIn(house, used.cookie)).toBe(true)
  }
  await house.time.advance(hours(0.1))
  expect(await kept()).toBe(1)
  expect(await isSignedIn(house, gone.cookie)).toBe(false)
  expect(await isSignedIn(house, used.cookie)).toBe(true)
})
