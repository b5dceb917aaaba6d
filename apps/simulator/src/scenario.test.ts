import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadScenario, ScenarioUnusable } from './scenario.ts'
import { openDoor } from './testing.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(content: unknown): Promise<string> {
  const path = join(folder, 'scenario.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

test('moves the world at the start and as time goes on', async () => {
  const scenario = await loadScenario(
    await file({
      title: 'a bad afternoon',
      homes: {
        full: {
          variants: { owner: 'id' },
          devices: { inverters: { set: { current_solar_production_w: 1 } } },
        },
      },
      steps: [
        { after_s: 7200, clear_faults: true },
        { after_s: 3600, faults: [{ kind: 'status', status: 503, match: { type: 'inverters' } }] },
        { after_s: 5400, homes: { heat: { devices: { 'heat-pumps': { authenticated: false } } } } },
      ],
    }),
  )
  const door = await openDoor({ scenario })
  const list = await door.devices('full', 'inverters')
  const { body } = await door.api('GET', list)
  expect(body[0]).toMatchObject({ owner: expect.any(String), current_solar_production_w: 1 })
  door.clock.advance(3600)
  expect((await door.api('GET', list)).status).toBe(503)
  expect((await door.device('heat', 'heat-pumps')).is_authenticated).toBe(true)
  door.clock.advance(1800)
  expect((await door.device('heat', 'heat-pumps')).is_authenticated).toBe(false)
  door.clock.advance(1800)
  expect((await door.api('GET', list)).status).toBe(200)
  await door.close()
})

test('a step happens at its own time, whenever somebody looks', async () => {
  const scenario = await loadScenario(
    await file({
      steps: [{ after_s: 3600, homes: { solar: { devices: { inverters: { freeze: true } } } } }],
    }),
  )
  const door = await openDoor({ scenario })
  door.clock.advance(5 * 3600)
  const { current_state_last_updated_at } = await door.device('solar', 'inverters')
  expect(Date.parse(current_state_last_updated_at)).toBe(door.clock.nowMs() - 4 * 3_600_000)
  await door.close()
})

test.each([
  ['no JSON', '{"faults":', 'is not JSON'],
  ['an unknown word', { fault: [] }, 'fault'],
  ['an unknown kind of fault', { faults: [{ kind: 'earthquake' }] }, 'faults.0'],
  ['a side that does not exist', { variants: { owner: 'nobody' } }, 'variants.owner'],
  ['a step without time', { steps: [{ faults: [] }] }, 'steps.0.after_s'],
])('%s is said in one sentence', async (_, content, words) => {
  const refused = loadScenario(await file(content))
  await expect(refused).rejects.toThrow(ScenarioUnusable)
  await expect(refused).rejects.toThrow(words)
})

test.each([
  ['a home', { homes: { atlantis: {} } }, 'There is no home "atlantis"'],
  [
    'a device',
    { homes: { solar: { devices: { wallboxes: { online: false } } } } },
    'has no device "wallboxes"',
  ],
])('%s that does not exist is said before anything begins', async (_, content, words) => {
  const scenario = await loadScenario(await file(content))
  await expect(openDoor({ scenario })).rejects.toThrow(words)
})
