import { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse, type House } from './house.test-support.ts'
import { createLog } from './log.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

type Line = Record<string, unknown>
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)

test('the line about a request and its answer carry the same id, never one from outside, and no two the same', async () => {
  const person = await house.signIn('car')
  const id = await person.deviceId('electric-vehicles')
  await house.control('POST', `/homes/car/devices/${id}`, {
    plugged_in: true,
    level: 40,
    charge_plan: 'wait',
  })
  const answer = await house.request(`/api/devices/electric-vehicles/${id}/boost`, {
    method: 'POST',
    headers: { cookie: person.cookie, 'x-homewatt': '1', 'x-request-id': 'from-outside' },
  })
  expect(answer.status).toBe(200)
  const told = answer.headers.get('x-request-id')
  expect(told).toMatch(/^[0-9a-f]{12}$/)
  const [boost] = linesOf(house.logged()).filter(({ event }) => event === 'boost')
  expect(boost?.['request']).toBe(told)
  const ids = new Set<string | null>()
  for (let n = 0; n < 50; n++) ids.add((await house.request('/api/health')).headers.get('x-request-id'))
  expect(ids.size).toBe(50)
})

test('what happens in the background belongs to no request, however it began', async () => {
  const person = await house.signIn('full')
  await person.stream()
  await house.fault({ kind: 'status', status: 503 })
  await house.time.advance(60_000)
  const failed = linesOf(house.logged()).filter(({ event }) => event === 'group_failed')
  expect(failed.length).toBeGreaterThan(0)
  for (const line of failed) expect(line['request']).toBeUndefined()
})

test('one event that happens without end is told 200 times a minute, and then how often more', () => {
  let text = ''
  let nowMs = 0
  const destination = new Writable({ write: (chunk, _encoding, done) => done(void (text += String(chunk))) })
  const log = createLog('info', destination, () => nowMs)
  for (let n = 0; n < 1_000; n++) log.warn({ event: 'noise' })
  log.error({ event: 'important' })
  nowMs = 61_000
  log.info({ event: 'noise' })
  const lines = linesOf(text)
  expect(lines.filter(({ event }) => event === 'noise')).toHaveLength(201)
  expect(lines.filter(({ event }) => event === 'important')).toHaveLength(1)
  expect(lines.filter(({ event }) => event === 'lines_left_out')).toMatchObject([
    { kind: 'noise', count: 800 },
  ])
})
