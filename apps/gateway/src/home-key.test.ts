import { expect, test } from 'vitest'
import { homeKey, type HomeOwner } from './home-key.ts'

test.each([
  { tenant: '', userId: 'user-1' },
  { tenant: 'default', userId: '' },
  { tenant: 'default' },
  { userId: 'user-1' },
  { tenant: 'default', userId: null },
  { tenant: 'default/user-1', userId: 'x' },
  { tenant: 'default', userId: '../user-2' },
])('%j names no home', (owner) => {
  expect(() => homeKey(owner as HomeOwner)).toThrow(TypeError)
})

test('whose keys are equal is one and the same', () => {
  const owners = ['a', 'b', 'ab', 'a-b'].flatMap((tenant) =>
    ['a', 'b', 'ba', 'b-a'].map((userId) => ({ tenant, userId })),
  )
  expect(new Set(owners.map(homeKey)).size).toBe(owners.length)
})
