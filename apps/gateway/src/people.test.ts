import { ForeignDevice, PartnerUnavailable, realTime, type PartnerClient } from '@homewatt/client'
import type { User, UserCreate } from '@homewatt/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPeople } from './people.ts'
import { openStore, type Store } from './store.ts'

const ids = [1, 2, 3].map((n) => `${n}1111111-1111-4111-8111-111111111111`)
const user = (n: number, over: Partial<User> = {}) =>
  ({ id: ids[n], external_user_id: `customer-${n}`, deleted_at: null, ...over }) as User

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

/** An organisation that counts how it is asked. The simulator's never grows, so it cannot stand in for this one. */
function organisation(users: User[], create: (body: UserCreate) => User = fail) {
  const asked = { lists: 0, creations: 0 }
  const client: Pick<PartnerClient, 'users' | 'createUser'> = {
    async users() {
      asked.lists++
      await Promise.resolve()
      return { value: [...users], dateMs: null }
    },
    async createUser(body) {
      asked.creations++
      await Promise.resolve()
      return { value: create(body), dateMs: null }
    },
  }
  return { client, asked }
}

function fail(): never {
  throw new Error('Nobody asked for this.')
}

const peopleOf = (client: Pick<PartnerClient, 'users' | 'createUser'>, createUsers = false) =>
  createPeople({
    tenant: 'default',
    client,
    links: store.links,
    createUsers,
    answerWithinMs: 9_000,
    time: realTime,
  })

test('a person is found by the name the partner gave them, and then remembered', async () => {
  const { client, asked } = organisation([user(0), user(1)])
  const people = peopleOf(client)
  const answers = await Promise.all(
    [1, 2, 3].map(() => people.userIdOf('external_user_id', 'customer-1', null)),
  )
  expect(answers).toEqual([ids[1], ids[1], ids[1]])
  expect(await peopleOf(client).userIdOf('external_user_id', 'customer-1', null)).toBe(ids[1])
  expect(asked.lists).toBe(1)
})

test.each<[string, User[], string]>([
  ['nobody has', [user(0)], 'customer-9'],
  ['two have', [user(0), user(1, { external_user_id: 'customer-0' })], 'customer-0'],
  ['only somebody who left has', [user(0, { deleted_at: '2026-01-01T00:00:00Z' })], 'customer-0'],
  ['differs in case', [user(0)], 'Customer-0'],
  ['is empty', [user(0, { external_user_id: '' })], ''],
])('a name that %s means no user', async (_, users, name) => {
  const { client } = organisation(users)
  expect(await peopleOf(client).userIdOf('external_user_id', name, null)).toBeNull()
})

test('the id of a user is no name of one, nor the other way round', async () => {
  const { client } = organisation([user(0), user(1, { external_user_id: ids[0] ?? null })])
  expect(await peopleOf(client).userIdOf('user_id', ids[0] ?? '', null)).toBe(ids[0])
  expect(await peopleOf(client).userIdOf('external_user_id', ids[0] ?? '', null)).toBe(ids[1])
  expect(await peopleOf(client).userIdOf('user_id', 'customer-0', null)).toBeNull()
})

test('where the tenant allows it, a new person is made known once, with a verified address', async () => {
  const users: User[] = []
  const made: UserCreate[] = []
  const { client, asked } = organisation(users, (body) => {
    made.push(body)
    users.push(user(2, { external_user_id: body.external_user_id ?? null }))
    return users.at(-1) ?? fail()
  })
  const people = peopleOf(client, true)
  const answers = await Promise.all(
    [1, 2].map(() => people.userIdOf('external_user_id', 'new', 'new@example.com')),
  )
  expect(answers).toEqual([ids[2], ids[2]])
  expect(asked.creations).toBe(1)
  expect(made).toEqual([{ role: 'user', email: 'new@example.com', external_user_id: 'new' }])
  expect(await people.userIdOf('external_user_id', 'unverified', null)).toBeNull()
  expect(await people.userIdOf('user_id', ids[0] ?? '', 'a@example.com')).toBeNull()
  expect(asked.creations).toBe(1)
})

test('a lost answer is read back instead of making the person a second time', async () => {
  const users: User[] = []
  const { client, asked } = organisation(users, () => {
    users.push(user(2, { external_user_id: 'new' }))
    throw new PartnerUnavailable('timeout')
  })
  expect(await peopleOf(client, true).userIdOf('external_user_id', 'new', 'new@example.com')).toBe(ids[2])
  expect(asked.creations).toBe(1)
})

test.each([
  ['could not be made known', new PartnerUnavailable('failing')],
  ['was answered with somebody else', new ForeignDevice()],
])('a person who %s is not remembered as anybody', async (_, failure) => {
  const { client } = organisation([], () => {
    throw failure
  })
  await expect(peopleOf(client, true).userIdOf('external_user_id', 'new', 'n@example.com')).rejects.toBe(
    failure,
  )
  expect(await store.links.find('default', 'external_user_id:new')).toBeNull()
})
