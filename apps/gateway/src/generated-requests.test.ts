import type { DeviceType } from '@homewatt/contract'
import { expect, test } from 'vitest'
import { createSchemaCheck } from '../../simulator/src/conformance.ts'
import type { JsonSchema } from '../../simulator/src/openapi.ts'
import { fuzzedRequests, type Existing, type FuzzRequest } from './fuzzed-requests.test-support.ts'
import { seeded, type House, type Person } from './house.test-support.ts'
import { openApi } from './openapi.ts'
import { openWholeHouse, sendAsWritten, type RawAnswer } from './whole-house.test-support.ts'

/** `LONG=1` for the long run. */
const REQUESTS = process.env['LONG'] ? 100_000 : 4_000
const AT_ONCE = 40

type Home = { name: string; devices: { type: DeviceType; id: string }[] }

test(
  `${REQUESTS} requests made of the description of the API, right, a little wrong and nonsense: no 5xx, no hang, all answers as described`,
  async () => {
    const house = await openWholeHouse({ policy: { ratePerS: 1_000, burst: 2_000 } })
    const homes = (await house.control('GET', '/homes')) as Home[]
    const people = await Promise.all(['full', 'many', 'reconnect', 'empty'].map((name) => house.signIn(name)))
    const records = await Promise.all(people.map(recordsOf))
    const dice = seeded(3)
    const makers = ['full', 'many', 'reconnect', 'empty'].map((name, n) =>
      fuzzedRequests(
        n + 1,
        idsOf(
          homes.find((home) => home.name === name),
          records[n] ?? [],
          dice,
        ),
      ),
    )
    const check = createCheck()
    const statuses = new Map<number, number>()
    const wrong: string[] = []

    async function ask(n: number) {
      const who = n % people.length
      const wish = makers[who]?.(n)
      if (!wish || wish.target.startsWith('/api/stream')) return
      const { method, target, headers, body } = wish
      // Nobody is signed out for good: now and then a request comes without a session.
      const cookie = n % 17 === 0 ? {} : { cookie: people[who]?.cookie ?? '' }
      const path = target.replace(/[^!-~]/g, '_')
      const answer = await sendAsWritten(
        house.url,
        method,
        path,
        { ...headers, ...cookie },
        body ?? undefined,
      )
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      const why = answer.status >= 500 ? 'failed' : check(wish, answer)
      if (why)
        wrong.push(
          `${n}: ${method} ${target} ${body?.slice(0, 200)} → ${answer.status} ${why} ${answer.body.slice(0, 300)}`,
        )
      if (answer.status === 401 && 'cookie' in cookie) {
        const home = ['full', 'many', 'reconnect', 'empty'][who] ?? ''
        people[who] = await house.signIn(home)
      }
    }

    for (let n = 0; n < REQUESTS; n += AT_ONCE)
      await inTime(house, Promise.all(Array.from({ length: AT_ONCE }, (_, k) => ask(n + k))))
    console.info('by status', Object.fromEntries(statuses))
    expect(wrong).toEqual([])
    // It would prove little if nothing ever got through.
    expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 4)
    for (const status of [204, 401, 403, 404, 409, 415, 422])
      expect(statuses.get(status) ?? 0, String(status)).toBeGreaterThan(5)
    await house.close()
  },
  process.env['LONG'] ? 3_600_000 : 120_000,
)

/** Time passes while it is waited; what takes more than ten seconds of it hangs. */
async function inTime(house: House, work: Promise<unknown>) {
  let isDone = false
  const done = () => (isDone = true)
  work.then(done, done)
  for (let waitedMs = 0; !isDone; waitedMs += 500) {
    if (waitedMs > 10_000) throw new Error('Something hangs.')
    await house.time.advance(500)
  }
  await work
}

/** Says what an answer has that the description does not know, or lacks; `null` when it is as described. */
function createCheck() {
  const holds = createSchemaCheck()
  const paths = openApi().paths as unknown as Record<string, Record<string, Operation>>
  const templates = Object.keys(paths).map(
    (path) => [new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`), path] as const,
  )
  const failures =
    paths['/api/home']?.['get']?.responses['default'] ?? expect.fail('Failures are not described.')

  return ({ method, target }: FuzzRequest, { status, body, headers }: RawAnswer): string | null => {
    if (method === 'HEAD') return body === '' ? null : 'has a body'
    // What is no plain HTTP gets no further than the door.
    if (status === 400 && body === '' && headers.connection === 'close') return null
    const path = target.split('?', 1)[0] ?? ''
    const template = templates.find(([pattern]) => pattern.test(path))?.[1] ?? ''
    const responses = paths[template]?.[method.toLowerCase()]?.responses ?? {}
    const response = responses[status] ?? responses['default'] ?? failures
    const schema = response.content?.['application/json']?.schema
    if (!schema) return null
    return holds(`${method} ${template} ${status}`, schema, JSON.parse(body))
  }
}

type Operation = { responses: Record<string, { content?: Record<string, { schema: JsonSchema }> }> }

async function recordsOf(person: Person): Promise<string[]> {
  const { buildings } = (await (await person.get('/api/buildings')).json()) as { buildings: { id: string }[] }
  const { contracts } = (await (await person.get('/api/energy-contracts')).json()) as {
    contracts: { id: string }[]
  }
  return [...buildings, ...contracts].map(({ id }) => id)
}

function idsOf(home: Home | undefined, records: string[], dice: () => number): Existing {
  const some = <T>(from: readonly T[]): T | undefined => from[Math.floor(dice() * from.length)]
  return (path, name, chosen) => {
    if (name === 'type') return some(home?.devices ?? [])?.type ?? 'inverters'
    if (name === 'n') return '0'
    if (!path.includes('/devices/')) return some(records) ?? null
    return some(home?.devices.filter(({ type }) => type === chosen['type']) ?? [])?.id ?? null
  }
}
