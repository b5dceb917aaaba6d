import { parseArgs } from 'node:util'
import { loadReplay, ReplayUnusable } from './replay.ts'
import { createSimulator } from './simulator.ts'

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

function flagsOf(args: string[]) {
  try {
    return parseArgs({
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
      },
    }).values
  } catch (error) {
    const known = '--port, --host, --public-url, --seed, --homes, --speed, --start and --replay'
    throw new Misuse(
      `${error instanceof Error ? firstSentence(error.message) : 'The command line is wrong.'} Known are ${known}.`,
    )
  }
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
  if (error instanceof Misuse || error instanceof ReplayUnusable) return error.message
  return `The simulator could not start: ${error instanceof Error ? error.message : String(error)}`
}
