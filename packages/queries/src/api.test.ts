import { expect, test } from 'vitest'
import { createGatewayApi } from './api.ts'
import { GatewayFailure, GatewayUnreachable } from './call.ts'

const answering = (status: number, body: string) =>
  createGatewayApi({ fetch: async () => new Response(status === 204 ? null : body, { status }) })

test('a failure carries the code that has words on the screen', async () => {
  const body = { error: { code: 'boost_refused', message: 'No.', reason: 'fully_charged', retry_after_s: 3 } }
  const failed = await answering(409, JSON.stringify(body))
    .boost('wallboxes', 'x')
    .catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(GatewayFailure)
  expect(failed).toMatchObject({
    status: 409,
    code: 'boost_refused',
    reason: 'fully_charged',
    retryAfterS: 3,
  })
})

test.each([
  [502, '<h1>Bad gateway</h1>'],
  [200, '<h1>Sign in to the wifi</h1>'],
  [500, '{"message":"not ours"}'],
])('an answer that is not of the gateway (%i %s) counts as none', async (status, body) => {
  await expect(answering(status, body).home()).rejects.toBeInstanceOf(GatewayUnreachable)
})

test('no network is told apart from giving up oneself', async () => {
  const failing = createGatewayApi({
    fetch: async (_, init) => {
      init?.signal?.throwIfAborted()
      throw new TypeError('fetch failed')
    },
  })
  await expect(failing.home()).rejects.toBeInstanceOf(GatewayUnreachable)
  await expect(failing.home({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
})

test('what changes something carries our header, and a body its type', async () => {
  const seen: [string, RequestInit | undefined][] = []
  const api = createGatewayApi({
    base: 'http://gateway',
    fetch: async (input, init) => {
      seen.push([String(input), init])
      return new Response(null, { status: 204 })
    },
  })
  await api.demoSignIn('full')
  await api.signOut()
  expect(seen).toMatchObject([
    [
      'http://gateway/api/demo/sign-in',
      {
        method: 'POST',
        headers: { 'x-homewatt': '1', 'content-type': 'application/json' },
        body: '{"home":"full"}',
      },
    ],
    ['http://gateway/api/session/end', { method: 'POST', headers: { 'x-homewatt': '1' } }],
  ])
})
