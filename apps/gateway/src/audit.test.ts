import { AuditTrail } from '@homewatt/contract'
import * as v from 'valibot'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

async function trailOf(person: Person, query = ''): Promise<AuditTrail> {
  const answer = await person.get(`/api/audit${query}`)
  expect(answer.status).toBe(200)
  return v.parse(AuditTrail, await answer.json())
}

const boost = async (person: Person, id: string) =>
  person.send('POST', `/api/devices/electric-vehicles/${id}/boost`)

test('a command is in the trail: what, to which device, when, and how it ended', async () => {
  await house.control('POST', '/homes/car/devices/electric-vehicles', {
    plugged_in: true,
    level: 40,
    charge_plan: 'wait',
  })
  const person = await house.signIn('car')
  const id = await person.deviceId('electric-vehicles')
  await boost(person, id)
  const { entries, next } = await trailOf(person)
  expect(entries).toEqual([
    {
      at: new Date(house.time.wallMs()).toISOString(),
      command: 'boost',
      type: 'electric-vehicles',
      device_id: id,
      asked: null,
      outcome: 'requested',
      reason: null,
      is_own: true,
    },
  ])
  expect(next).toBeNull()
})

test('a refusal is in the trail with its reason', async () => {
  await house.control('POST', '/homes/car/devices/electric-vehicles', {
    plugged_in: true,
    level: 40,
    charge_plan: 'now',
  })
  const person = await house.signIn('car')
  await boost(person, await person.deviceId('electric-vehicles'))
  const { entries } = await trailOf(person)
  expect(entries).toMatchObject([{ outcome: 'boost_refused', reason: 'already_charging' }])
})

test('another browser of the same user sees it as another’s, another user sees nothing', async () => {
  const [here, there, neighbour] = [
    await house.signIn('car'),
    await house.signIn('car'),
    await house.signIn('full'),
  ]
  await boost(here, await here.deviceId('electric-vehicles'))
  expect((await trailOf(here)).entries).toMatchObject([{ is_own: true }])
  expect((await trailOf(there)).entries).toMatchObject([{ is_own: false }])
  expect((await trailOf(neighbour)).entries).toEqual([])
})

test('tries that were too many are not in it', async () => {
  const person = await house.signIn('car')
  const id = await person.deviceId('electric-vehicles')
  await house.fault({ kind: 'status', status: 500, match: { method: 'POST' } })
  for (let n = 0; n < 15; n++) {
    await house.request(`/api/devices/electric-vehicles/${id}/boost`, {
      method: 'DELETE',
      headers: { cookie: person.cookie, 'x-homewatt': '1' },
    })
  }
  const { entries } = await trailOf(person)
  expect(entries).toHaveLength(10)
  expect(entries.map(({ outcome }) => outcome)).not.toContain('too_many_requests')
})

test('it is read newest first, page by page', async () => {
  const person = await house.signIn('car')
  for (let n = 0; n < 105; n++) {
    await person.send('DELETE', '/api/history')
    await house.time.advance(1_000)
  }
  const first = await trailOf(person)
  expect(first.entries).toHaveLength(100)
  expect(first.entries.map(({ at }) => at)).toEqual(
    first.entries
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  )
  const second = await trailOf(person, `?before=${first.next}`)
  expect(second.entries).toHaveLength(5)
  expect(second.next).toBeNull()
  const { at } = first.entries.at(-2) ?? {}
  const sinceAt = await trailOf(person, `?before=${at}`)
  expect(sinceAt.entries).toEqual([first.entries.at(-1), ...second.entries])
  for (const nonsense of ['yesterday', '', '_1', '2026-06-21T10:00:00+02'])
    expect((await person.get(`/api/audit?before=${encodeURIComponent(nonsense)}`)).status, nonsense).toBe(422)
})

test('what was done in the same millisecond is read page by page without losing any of it', async () => {
  const person = await house.signIn('car')
  const names = Array.from({ length: 205 }, (_, n) => n)
  for (const n of names) {
    // One in the middle of the second page is a moment older.
    if (n === 50) await house.time.advance(1)
    await person.send('DELETE', '/api/history')
  }
  const entries: AuditTrail['entries'] = []
  let next: string | null = null
  do {
    const page: AuditTrail = await trailOf(person, next === null ? '' : `?before=${encodeURIComponent(next)}`)
    entries.push(...page.entries)
    next = page.next
  } while (next !== null)
  expect(entries).toHaveLength(names.length)
  expect(entries.filter(({ at }) => at === entries[0]?.at)).toHaveLength(155)
})
