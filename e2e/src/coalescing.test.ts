import { setTimeout as delay } from 'node:timers/promises'
import { deviceTypes } from '@homewatt/contract'
import { expect, test } from 'vitest'
import { useStack } from './use-stack.ts'

const stack = useStack()

// Three tabs for five minutes: apps/gateway/src/poller.test.ts, in virtual time.
test('1,000 cold reads of one home in the same moment make one upstream request per device type', async () => {
  const cookie = await stack.signIn('many')
  await stack.control('DELETE', 'requests')
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, async () => {
      const answer = await readHome(cookie)
      const home = (await answer.json()) as { groups: Record<string, { devices: unknown[] }> }
      return { status: answer.status, count: Object.values(home.groups).flatMap((g) => g.devices).length }
    }),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(({ count }) => count))).toEqual(new Set([12]))

  const { counts } = (await stack.control('GET', 'requests')) as { counts: Record<string, number> }
  for (const type of deviceTypes)
    expect(
      Object.entries(counts).filter(([route]) => route.endsWith(`/${type}`)),
      type,
    ).toEqual([[expect.any(String), 1]])
})

/** On a machine that is slow just now the gateway turns some away for a moment, and they come again when it says. */
async function readHome(cookie: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(`${stack.url}/api/home`, { headers: { cookie } })
    if (answer.status !== 503) return answer
    await delay(Number(answer.headers.get('retry-after')) * 1_000)
  }
}
