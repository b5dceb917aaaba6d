import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Buildings, EnergyContracts } from '@homewatt/contract'
import { openHouse, type House, type Person } from './house.test-support.ts'

let house: House
let person: Person
beforeEach(async () => {
  house = await openHouse()
  person = await house.signIn('empty')
})
afterEach(() => house.close())

const buildings = async () => ((await (await person.get('/api/buildings')).json()) as Buildings).buildings
const contracts = async () =>
  ((await (await person.get('/api/energy-contracts')).json()) as EnergyContracts).contracts
const outcome = async (answer: Response) => ((await answer.json()) as { outcome: string }).outcome

test('a building is added, changed and removed', async () => {
  const before = (await buildings()).length
  expect(await outcome(await person.send('POST', '/api/buildings', { name: 'Hut', town: 'Graz' }))).toBe(
    'saved',
  )
  const hut = (await buildings()).find(({ name }) => name === 'Hut')
  expect(hut).toMatchObject({ town: 'Graz' })
  const path = `/api/buildings/${hut?.id}`
  expect(await outcome(await person.send('PUT', path, { name: 'Hut', num_occupants: 3 }))).toBe('saved')
  expect((await buildings()).find(({ id }) => id === hut?.id)).toMatchObject({
    num_occupants: 3,
    town: 'Graz',
  })
  expect(await outcome(await person.send('DELETE', path))).toBe('saved')
  expect(await buildings()).toHaveLength(before)
})

test('an energy contract is added and changed', async () => {
  const price = { price: 0.29, timestamp: '2026-01-01T00:00:00Z' }
  const contract = { energy_contract_type: 'yearly', energy_prices: [price], currency_energy_price: 'EUR' }
  expect(await outcome(await person.send('POST', '/api/energy-contracts', contract))).toBe('saved')
  const kept = (await contracts()).at(-1)
  expect(kept).toMatchObject({ energy_contract_type: 'yearly', currency_energy_price: 'EUR' })
  await person.send('PUT', `/api/energy-contracts/${kept?.id}`, { supplier: 'Stadtwerke' })
  expect((await contracts()).at(-1)).toMatchObject({ supplier: 'Stadtwerke', energy_contract_type: 'yearly' })
})

test.each([
  ['after it was done', 'lost'],
  ['before it was done', 'reset'],
])('an answer lost %s never makes two buildings, and is told as it is', async (_, kind) => {
  const before = (await buildings()).length
  await house.fault({ kind, match: { method: 'POST', path: '/buildings' }, count: 1 })
  const said = await outcome(await person.send('POST', '/api/buildings', { name: 'Hut' }))
  const huts = (await buildings()).filter(({ name }) => name === 'Hut').length
  expect(huts).toBe((await buildings()).length - before)
  expect({ said, huts }).toEqual(huts === 1 ? { said: 'saved', huts: 1 } : { said: 'unconfirmed', huts: 0 })
})

test('a change whose answer was lost is sent once more, and is there', async () => {
  await person.send('POST', '/api/buildings', { name: 'Hut' })
  const hut = (await buildings()).find(({ name }) => name === 'Hut')
  await house.fault({ kind: 'reset', match: { method: 'PUT' }, count: 1 })
  const said = await outcome(
    await person.send('PUT', `/api/buildings/${hut?.id}`, { name: 'Hut', town: 'Bonn' }),
  )
  expect(said).toBe('saved')
  expect((await buildings()).find(({ id }) => id === hut?.id)).toMatchObject({ town: 'Bonn' })
})

test.each([
  ['POST', '/api/buildings', {}, 'name'],
  ['POST', '/api/buildings', { name: '' }, 'name'],
  ['POST', '/api/buildings', { name: 'Hut', owner: 'me' }, 'owner'],
  ['POST', '/api/buildings', { name: 'Hut', num_occupants: 2.5 }, 'num_occupants'],
  ['POST', '/api/energy-contracts', {}, 'energy_contract_type'],
  ['POST', '/api/energy-contracts', { energy_contract_type: 'weekly' }, 'energy_contract_type'],
  [
    'POST',
    '/api/energy-contracts',
    { energy_prices: [{ price: 0.3, timestamp: '2026-01-01T00:00:00Z' }] },
    'currency_energy_price',
  ],
] as const)(
  '%s %s with %o is refused at its field, and nothing is sent upward',
  async (method, path, body, field) => {
    await house.control('DELETE', '/requests')
    const answer = await person.send(method, path, body)
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({
      error: { fields: { [field]: expect.any(String) as string } },
    })
    expect(await house.counts()).toEqual({})
  },
)

test('the building of another home is as good as none', async () => {
  const other = await house.signIn('full')
  const theirs = ((await (await other.get('/api/buildings')).json()) as Buildings).buildings[0]
  for (const [method, body] of [
    ['PUT', { name: 'Mine' }],
    ['DELETE', undefined],
  ] as const) {
    const answer = await person.send(method, `/api/buildings/${theirs?.id}`, body)
    expect(answer.status).toBe(404)
  }
  const after = ((await (await other.get('/api/buildings')).json()) as Buildings).buildings[0]
  expect(after).toEqual(theirs)
})
