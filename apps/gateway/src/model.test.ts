import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openHouse } from './house.test-support.ts'
import {
  boost,
  breakDown,
  createModel,
  homeNames,
  leave,
  look,
  sessionLife,
  setClock,
  settle,
  signIn,
  signOut,
  startAnew,
  watch,
  write,
  type Model,
  type Real,
} from './model.test-support.ts'

/**
 * Whoever hears every answer of the gateway knows what may be true, and here does the reckoning: a model of homes and
 * sessions goes along with the gateway through whatever fast-check makes up, and what is shown is compared with it.
 */

/** `LONG=1` for the long run, with other lives each time; `SEED=…` repeats those of a run. */
const [RUNS, COMMANDS] = process.env['LONG'] ? [1_000, 100] : [100, 50]
const SEED = Number(process.env['SEED'] ?? (process.env['LONG'] ? Date.now() % 2 ** 31 : 36))

const HOURS_MS = 3_600_000

type Command = fc.AsyncCommand<Model, Real>

/** @param does counts in `seen`, so that a run that never got to it shows */
function command(name: string, does: (model: Model, real: Real) => Promise<unknown>): Command {
  return {
    check: () => true,
    async run(model, real) {
      const what = name.split(':', 1)[0] ?? ''
      seen.set(what, (seen.get(what) ?? 0) + 1)
      await does(model, real)
    },
    toString: () => name,
  }
}
const seen = new Map<string, number>()

const browser = fc.nat({ max: 2 })
const homeName = fc.constantFrom(...homeNames)

const faults = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, probability: 0.5 },
  { kind: 'lost', match: { method: 'PUT' } },
  { kind: 'boost_lost' },
  { kind: 'reset', probability: 0.5 },
  { kind: 'hang', match: { method: 'PUT' } },
  { kind: 'token_expire', count: 1 },
  { kind: 'html' },
  { kind: 'truncate', probability: 0.5 },
  { kind: 'wrong_owner', probability: 0.5 },
  { kind: 'rate_limit', retry_after_s: 20, count: 3 },
]

const commands: { weight: number; arbitrary: fc.Arbitrary<Command> }[] = [
  {
    weight: 4,
    arbitrary: fc
      .tuple(browser, homeName)
      .map(([n, home]) => command('signs in', (model, real) => signIn(model, real, n, home))),
  },
  { weight: 6, arbitrary: browser.map((n) => command('looks', (model, real) => look(model, real, n))) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(browser, fc.integer({ min: 10, max: 60 }))
      .map(([n, limit]) => command('writes', (model, real) => write(model, real, n, limit))),
  },
  { weight: 4, arbitrary: browser.map((n) => command('boosts', (model, real) => boost(model, real, n))) },
  { weight: 2, arbitrary: browser.map((n) => command('watches', (model, real) => watch(model, real, n))) },
  {
    weight: 1,
    arbitrary: browser.map((n) => command('signs out', (model, real) => signOut(model, real, n))),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...faults)
      .map((fault) =>
        command(`breaks: ${JSON.stringify(fault)}`, (model, real) => breakDown(model, real, fault)),
      ),
  },
  {
    weight: 3,
    arbitrary: fc.constant(
      command('is mended', async (model, { house }) => {
        await house.control('DELETE', '/faults')
        if (model.faultyMs === Infinity) model.faultyMs = house.time.monotonicMs()
      }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(1_000, 3_500, 12_000, 35_000, 150_000)
      .map((ms) => command('time passes', (_, { house }) => house.time.advance(ms))),
  },
  {
    weight: 1,
    arbitrary: fc
      // Twice the first ends a session that nobody used, once the second; after the last, empty lists are asked for anew.
      .constantFrom(1.75, 1.75, 3.25, 3.25, 7)
      .map((hours) => command('hours pass', (_, { house }) => house.time.advance(hours * HOURS_MS))),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(-1, 1)
      .map((hours) =>
        command('the clock is set', async (model, real) => setClock(model, real, hours * HOURS_MS)),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(homeName, fc.boolean()).map(([name, deleted]) =>
      command(deleted ? 'a device goes' : 'a device comes', async (model, { house }) => {
        const home = model.homes[name]
        await house.control('POST', `/homes/${name}/devices/${home.vehicle}`, { deleted })
        home.isDeleted = deleted
        home.changedMs = house.time.monotonicMs()
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constant(command('is started anew', startAnew)) },
  { weight: 2, arbitrary: browser.map((n) => command('looks on', (model, real) => settle(model, real, n))) },
]

test(
  `${RUNS} lives of up to ${COMMANDS} events: the gateway shows and says nothing that its answers before forbid`,
  async () => {
    const life = fc.asyncProperty(
      fc.commands(
        commands.flatMap(({ weight, arbitrary }) => Array.from({ length: weight }, () => arbitrary)),
        { maxCommands: COMMANDS, size: 'max' },
      ),
      async (events) => {
        const directory = mkdtempSync(join(tmpdir(), 'homewatt-model-'))
        const house = await openHouse({
          storeFile: join(directory, 'store.sqlite'),
          homes: 8,
          sessionLife,
        })
        const model = await createModel(house)
        try {
          for (const [n, name] of homeNames.entries()) await signIn(model, { house }, n, name)
          await fc.asyncModelRun(() => ({ model, real: { house } }), events)
          await house.control('DELETE', '/faults')
          await house.time.advance(180_000)
          model.faultyMs = Math.min(model.faultyMs, house.time.monotonicMs() - 180_000)
          for (const [n, name] of homeNames.entries()) {
            await signIn(model, { house }, n, name)
            await settle(model, { house }, n)
          }
          expect(house.logged()).not.toContain('"level":"fatal"')
        } finally {
          for (const [n] of model.browsers.entries()) leave(model, n)
          await house.close()
          rmSync(directory, { recursive: true })
        }
      },
    )
    console.log(`SEED=${SEED}`)
    await fc.assert(life, { numRuns: RUNS, seed: SEED })
    console.log([...seen].map(([name, times]) => `${name} ${times}`).join(', '))
    expect(seen.size).toBe(commands.length + 1)
  },
  process.env['LONG'] ? 7_200_000 : 600_000,
)
