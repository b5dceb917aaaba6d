import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { createFuzz, type Existing, type FuzzRequest } from './fuzz.ts'
import { demo } from './oauth.ts'
import type { OpenApi } from './openapi.ts'
import { openDoor, tokenFrom, type Door, type Loose } from './testing.ts'

/** How many requests a run of CI sends; `LONG=1` sends ten times as many, of ten seeds. */
const ROUND = 10_000
const seeds = process.env['LONG'] ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1]

test.each(seeds)(
  'ten thousand requests made of the OpenAPI document, seed %d: no 5xx, no stack trace, all as described',
  async (seed) => {
    const door = await openDoor({ homes: HOMES })
    const document = (await (await fetch(`${door.url}/api/partners/v2.0/openapi.json`)).json()) as OpenApi
    const token = await tokenFrom(door.url)
    const make = createFuzz(document, { seed, token, existing: await existingIn(door, seed) })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const statuses = new Map<number, number>()
    const wrong: string[] = []
    for (let n = 0; n < ROUND; n++) {
      const sent = make(n)
      const { status, body } = await send(door.url, agent, sent)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status >= 500 || /\bat .+:\d+:\d+|node:internal|apps\/simulator/.test(body))
        wrong.push(
          `${n}: ${sent.method} ${sent.target} ${sent.body?.slice(0, 300)} → ${status} ${body.slice(0, 300)}`,
        )
    }
    agent.destroy()
    expect(wrong).toEqual([])
    // It would prove little if nothing ever got through.
    expect(statuses.get(200)).toBeGreaterThan(ROUND / 5)
    for (const status of [204, 400, 401, 404, 409, 422]) expect(statuses.get(status) ?? 0).toBeGreaterThan(5)
    await door.close()
  },
  600_000,
)

test('the control door stands nonsense', async () => {
  const door = await openDoor()
  const paths = ['/clock', '/advance', '/variants', '/faults', '/homes/full', '/homes/x', '/homes/full/devices/inverters', '/homes/full/devices/x'] // prettier-ignore
  const bodies = [null, [], 1, 'text', { speed: 'fast' }, { seconds: -1 }, { kind: 7 }, { level: 1e9 }, { set: 3 }, { plugged_in: 'yes' }, { match: {} }] // prettier-ignore
  for (const path of paths)
    for (const body of bodies) {
      const { status } = await door.control('POST', path, body)
      expect([200, 404, 422], `${path} ${JSON.stringify(body)}`).toContain(status)
    }
  await door.close()
})

const HOMES = 14

function send(
  url: string,
  agent: Agent,
  { method, target, headers, body }: FuzzRequest,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const outgoing = request(
      { hostname, port, method, path: printable(target), headers, agent },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        )
      },
    )
    // A body that is too large may be refused before it is sent whole.
    outgoing.on('error', (error) => {
      if ((body?.length ?? 0) > 1_000_000) resolve({ status: 413, body: '' })
      // The server had closed the idle connection in the meantime.
      else if (outgoing.reusedSocket) resolve(send(url, agent, { method, target, headers, body }))
      else reject(error)
    })
    outgoing.end(body ?? undefined)
  })
}

/** Node itself refuses to send anything else in a path. */
const printable = (target: string) => target.replace(/[^!-~]/g, '_')

/** Ids of what is there, belonging together: the devices and buildings of the user that was chosen. */
async function existingIn(door: Door, seed: number): Promise<Existing> {
  const { body: homes } = await door.control('GET', '/homes')
  const buildings = new Map<string, string[]>()
  for (const { user_id } of homes as Loose[]) {
    const { body } = await door.api('GET', `/org/${demo.orgId}/users/${user_id}/buildings`)
    buildings.set(
      user_id,
      body.map(({ id }: Loose) => id),
    )
  }
  let turn = seed
  const some = <T>(from: readonly T[]): T | null => from[turn++ % Math.max(1, from.length)] ?? null
  return (path, name, chosen) => {
    if (name === 'org_id') return demo.orgId
    const home = homes.find((one: Loose) => one.user_id === chosen['user_id'])
    if (name === 'user_id') {
      const type = /\/(heat-pumps|electric-vehicles|inverters|wallboxes)/.exec(path)?.[1]
      const fitting = homes.filter((one: Loose) => !type || one.devices.some((d: Loose) => d.type === type))
      // Whole users are deleted now and then, and the named homes have to last.
      const lasting = path.endsWith('{user_id}') ? homes.slice(10) : fitting
      return some<Loose>(lasting)?.user_id ?? null
    }
    if (name === 'building_id') return some(buildings.get(chosen['user_id'] ?? '') ?? [])
    if (!home) return null
    return some<Loose>(home.devices.filter((d: Loose) => path.includes(`/${d.type}/`)))?.id ?? null
  }
}
