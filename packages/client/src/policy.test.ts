import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createPartnerClient } from './client.ts'
import { PartnerUnavailable } from './errors.ts'
import { policyOf, policyRules, type Policy } from './policy.ts'

const ORG = '11111111-1111-4111-8111-111111111111'
const USER = '22222222-2222-4222-8222-222222222222'

/** A partner that gives tokens, and otherwise does as it is told; answers count by when they were asked for. */
async function openClient(policy: Partial<Policy>, answer: 'fails' | 'hangs' | 'drips') {
  const asked: string[] = []
  const server = createServer((request, response) => {
    if (request.url === '/oauth2/token/') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 3600 }))
      return
    }
    asked.push(request.url ?? '')
    if (answer === 'fails') response.writeHead(503).end()
    if (answer === 'drips') response.writeHead(200, { 'content-type': 'application/json' }).write('{')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createPartnerClient({
    baseUrl: `http://127.0.0.1:${port}/v2.0`,
    clientId: 'id',
    clientSecret: 'secret',
    orgId: ORG,
    random: () => 0.5,
    policy,
  })
  onTestFinished(async () => {
    await client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const ask = () =>
    client.devices('inverters', USER).then(
      () => null,
      (error: unknown) => error,
    )
  return { client, ask, asked }
}

test('without a word all is as usual', () => {
  expect(policyOf()).toEqual({
    ratePerS: 50,
    burst: 100,
    maxInFlight: 32,
    connectMs: 2_000,
    headersMs: 5_000,
    exchangeMs: 8_000,
    answerMs: 10_000,
    readAttempts: 3,
    backoffFirstMs: 200,
    backoffMostMs: 2_000,
    retryShare: 0.1,
    retriesPerS: 1,
    breakerWindowS: 30,
    breakerLeastCalls: 20,
    breakerShare: 0.5,
    probeLeastMs: 5_000,
    probeMostMs: 60_000,
    tokenProbeLeastMs: 30_000,
    tokenProbeMostMs: 300_000,
    retryAfterLeastMs: 1_000,
    retryAfterMostMs: 900_000,
  })
})

test.each(Object.keys(policyRules) as (keyof Policy)[])(
  '%s outside of what makes sense is refused',
  (name) => {
    const { least, most, isWhole } = policyRules[name]
    expect(policyOf({ [name]: least })[name]).toBe(least)
    expect(policyOf({ [name]: most })[name]).toBe(most)
    for (const value of [least - 1, most + 1, Number.NaN, ...(isWhole ? [least + 0.5] : [])])
      expect(() => policyOf({ [name]: value })).toThrow(`${name} must be a `)
  },
)

describe('what is said holds', () => {
  test.each([1, 2, 5])('%i tries', async (readAttempts) => {
    const { ask, asked } = await openClient({ readAttempts, backoffFirstMs: 1, retriesPerS: 10 }, 'fails')
    expect(await ask()).toBeInstanceOf(PartnerUnavailable)
    expect(asked).toHaveLength(readAttempts)
  })

  test('no retries at all', async () => {
    const { ask, asked } = await openClient({ retryShare: 0, retriesPerS: 0 }, 'fails')
    await ask()
    expect(asked).toHaveLength(1)
  })

  test('an operation rests after two calls that failed', async () => {
    const { client, ask, asked } = await openClient({ readAttempts: 1, breakerLeastCalls: 2 }, 'fails')
    for (let n = 0; n < 5; n++) await ask()
    expect(asked).toHaveLength(2)
    expect(client.resting()).toHaveLength(1)
  })

  test.each([
    ['the head of an answer', { headersMs: 150 }, 'hangs'],
    ['a whole call', { exchangeMs: 150 }, 'drips'],
  ] as const)('%s is waited for no longer', async (_, policy, answer) => {
    const { ask } = await openClient({ readAttempts: 1, ...policy }, answer)
    expect(await ask()).toMatchObject({ why: 'timeout' })
  })

  test('one request at a time', async () => {
    const { ask, asked } = await openClient({ readAttempts: 1, maxInFlight: 1, exchangeMs: 150 }, 'hangs')
    const both = Promise.all([ask(), ask()])
    await expect.poll(() => asked.length).toBe(1)
    await both
    expect(asked).toHaveLength(2)
  })
})
