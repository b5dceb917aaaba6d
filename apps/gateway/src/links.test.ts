import { expect, test } from 'vitest'
import { createLinkCheck } from './links.ts'

const check = createLinkCheck([
  'https://app.podero.com',
  'https://connect.podero.com',
  'http://localhost:4010',
])

test.each([
  ['https://app.podero.com/x?y=z#w', 'https://app.podero.com/x?y=z#w'],
  ['HTTPS://APP.PODERO.COM/', 'https://app.podero.com/'],
  ['https://app.podero.com:443/', 'https://app.podero.com/'],
  ['https://app.podero.com/a/../b', 'https://app.podero.com/b'],
  ['http://localhost:4010/connect/1', 'http://localhost:4010/connect/1'],
])('%s is allowed, and written anew', (link, written) => {
  expect(check(link)).toBe(written)
})
