import { expect, test } from 'vitest'
import { listenFailure } from './listen-failure.ts'

const door = { port: 80, host: '192.0.2.1', names: { port: 'PORT', host: 'HOST' } }
const failure = (code: string) => listenFailure(Object.assign(new Error(`listen ${code}`), { code }), door)

test.each([
  ['EADDRINUSE', /^Port 80 is in use: .* set PORT to another one\.$/],
  ['EACCES', /^Port 80 is not open to this user: set PORT to one above 1023, .*\.$/],
  ['EADDRNOTAVAIL', /^192\.0\.2\.1 is no address of this machine: set HOST .*\.$/],
  ['ENOTFOUND', /^192\.0\.2\.1 is no address of this machine: set HOST .*\.$/],
])('that it cannot listen for %s is told in one sentence', (code, sentence) => {
  expect(failure(code)).toMatch(sentence)
})

test('what nobody expected is not made up', () => {
  expect(failure('EIO')).toBeNull()
  expect(listenFailure(new TypeError('?'), door)).toBeNull()
})
