import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse, type House } from './house.test-support.ts'

type Requests = { total: number; log: { at: string; method: string; path: string }[] }

let house: House
beforeEach(async () => {
  house = await openHouse({ policy: { ratePerS: 0.5, burst: 8, maxInFlight: 4 } })
})
afterEach(() => house.close())

test('when the budget is short homes are asked less often, and nothing fails', async () => {
  const names = ['full', 'solar', 'solar-only', 'heat', 'car', 'empty', 'many']
  const people = []
  for (const name of names) {
    const signingIn = house.signIn(name)
    await house.time.advance(4_000)
    people.push(await signingIn)
  }
  const streams = []
  for (const person of people) {
    const opening = person.stream()
    await house.time.advance(10_000)
    streams.push(await opening)
  }
  await house.time.advance(2 * 60_000)
  await house.control('DELETE', '/requests')
  await house.time.advance(4 * 60_000)
  const { total } = (await house.control('GET', '/requests')) as Requests
  // 28 questions want to be asked every 30 s; the budget has room for 15.
  expect(total).toBeGreaterThanOrEqual(110)
  expect(total).toBeLessThanOrEqual(128)
  for (const person of people) {
    const { groups } = await person.home()
    for (const group of Object.values(groups)) expect(group).toMatchObject({ state: 'known', problem: null })
  }
})

test('a command goes before all that waits', async () => {
  const signingIn = house.signIn('car')
  await house.time.advance(4_000)
  const person = await signingIn
  const loading = person.deviceId('electric-vehicles')
  await house.time.advance(20_000)
  const id = await loading
  for (const name of ['full', 'many', 'solar', 'heat']) {
    const others = house.signIn(name)
    await house.time.advance(3_000)
    void (await others).get('/api/home')
  }
  await house.time.advance(0)
  await house.control('DELETE', '/requests')
  const boosting = person.send('POST', `/api/devices/electric-vehicles/${id}/boost`)
  await house.time.advance(5_000)
  await boosting
  const { log } = (await house.control('GET', '/requests')) as Requests
  expect(log[0]).toMatchObject({ method: 'POST' })
})
