import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { plotWeeks, PlotUnusable } from './plot.ts'
import { loadPrices, PricesUnusable } from './price-file.ts'
import { loadReplay, ReplayUnusable } from './replay.ts'
import { loadScenario, ScenarioUnusable } from './scenario.ts'
import { createSimulator } from './simulator.ts'
import { VariantChange, Variants } from './variants.ts'

/** What was wrong with the command line, in one sentence that says what to do. */
class Misuse extends Error {
  override name = 'Misuse'
}

try {
  await run(process.argv.slice(2), process.env)
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}

async function run(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  if (args[0] === 'plot') return plot(args.slice(1))
  const flags = flagsOf(args)
  const port = wholeNumber('--port', flags.port ?? env['SIMULATOR_PORT'] ?? '4010', 0, 65_535)
  const start = flags.start === undefined ? new Date() : new Date(flags.start)
  if (Number.isNaN(start.getTime()))
    throw new Misuse(`--start ${flags.start} is no time; use for example 2026-06-21T12:00:00Z.`)
  const recorded = await Promise.all(
    flags.replay.map((file) => loadReplay(file, { warn: (line) => console.error(line) })),
  )
  const host = flags.host ?? env['SIMULATOR_HOST']
  const publicUrl = flags['public-url'] ?? env['SIMULATOR_PUBLIC_URL']
  const simulator = createSimulator({
    seed: wholeNumber('--seed', flags.seed, 0, 2 ** 31),
    homes: wholeNumber('--homes', flags.homes, 0, 100_000),
    speed: wholeNumber('--speed', flags.speed, 0, 100_000),
    start,
    recorded,
    ...(flags.prices === undefined ? {} : { prices: await loadPrices(flags.prices) }),
    variants: variantsOf(flags.variant),
    ...(flags.scenario === undefined ? {} : { scenario: await loadScenario(flags.scenario) }),
    ...(publicUrl === undefined ? {} : { publicUrl: publicUrl.replace(/\/$/, '') }),
  })
  const server = await simulator.listen(port, host).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new Misuse(`Port ${port} is in use; stop what runs there or choose another with --port.`)
    throw error
  })
  console.log(`Simulator is ready: ${server.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close())
}

/** `plot`: pictures instead of a server. */
async function plot(args: string[]): Promise<void> {
  const { values } = misusing('--home, --seed and --out', () =>
    parseArgs({
      args,
      options: {
        home: { type: 'string', default: 'full' },
        seed: { type: 'string', default: '1' },
        out: { type: 'string', default: 'apps/simulator/plots' },
      },
    }),
  )
  const seed = wholeNumber('--seed', values.seed, 0, 2 ** 31)
  for (const file of await plotWeeks({ seed, home: values.home, folder: values.out })) console.log(file)
}

function flagsOf(args: string[]) {
  const known =
    '--port, --host, --public-url, --seed, --homes, --speed, --start, --replay, --prices, --scenario and --variant'
  return misusing(known, () =>
    parseArgs({
      args,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'public-url': { type: 'string' },
        seed: { type: 'string', default: '1' },
        homes: { type: 'string', default: '12' },
        speed: { type: 'string', default: '1' },
        start: { type: 'string' },
        replay: { type: 'string', multiple: true, default: [] },
        prices: { type: 'string' },
        scenario: { type: 'string' },
        variant: { type: 'string', multiple: true, default: [] },
      },
    }),
  ).values
}

/** Parses, and turns what the parser says into a sentence that names what is known. */
function misusing<T>(known: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new Misuse(
      `${error instanceof Error ? firstSentence(error.message) : 'The command line is wrong.'} Known are ${known}.`,
    )
  }
}

/** Switches given as `name=side`. */
function variantsOf(flags: string[]): VariantChange {
  const change = Object.fromEntries(
    flags.map((flag) => {
      const [name = '', side = ''] = flag.split('=')
      return [name, side]
    }),
  )
  const result = v.safeParse(v.strictObject(VariantChange.entries), change)
  if (result.success) return result.output
  const name = String(result.issues[0].path?.[0]?.key ?? '')
  const entry = Object.hasOwn(Variants.entries, name) ? Variants.entries[name as keyof Variants] : null
  throw new Misuse(
    entry
      ? `--variant ${name} is one of ${entry.options.join(', ')}.`
      : `--variant ${flags.find((flag) => flag.startsWith(name)) ?? name} names no switch; known are ${Object.keys(Variants.entries).join(', ')}.`,
  )
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new Misuse(`${flag} ${text} is no whole number from ${least} to ${most}.`)
  return value
}

function firstSentence(text: string): string {
  return `${text.split(/[.\n]/)[0] ?? text}.`
}

function sentenceOf(error: unknown): string {
  if (
    error instanceof Misuse ||
    error instanceof ReplayUnusable ||
    error instanceof PricesUnusable ||
    error instanceof PlotUnusable ||
    error instanceof ScenarioUnusable
  )
    return error.message
  return `The simulator could not start: ${error instanceof Error ? error.message : String(error)}`
}
