import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import type { Context } from './context.ts'
import { Fault } from './faults.ts'
import { HttpError } from './http.ts'
import { deviceNamed, homeNamed, intervene, Intervention } from './interventions.ts'
import { VariantChange } from './variants.ts'

/** A scenario that cannot be played, in one sentence that says what to do. */
export class ScenarioUnusable extends Error {
  override name = 'ScenarioUnusable'
}

const moves = {
  /** Sides of the documents' contradictions, for all homes. */
  variants: v.optional(VariantChange),
  /** By name of the home: sides of its own, and what is done to its devices, by type or id. */
  homes: v.optional(
    v.record(
      v.string(),
      v.strictObject({
        variants: v.optional(VariantChange),
        devices: v.optional(v.record(v.string(), Intervention)),
      }),
    ),
  ),
  /** Takes off all earlier faults. */
  clear_faults: v.optional(v.boolean()),
  faults: v.optional(v.array(Fault)),
}

/** A file of everything the control door can do, at the start and at times after it. */
export const ScenarioFile = v.strictObject({
  title: v.optional(v.string()),
  ...moves,
  steps: v.optional(
    v.array(
      v.strictObject({
        /** Simulated seconds after the start. */
        after_s: v.pipe(v.number(), v.minValue(0)),
        ...moves,
      }),
    ),
    [],
  ),
})
export type ScenarioFile = v.InferOutput<typeof ScenarioFile>

type Moves = Omit<ScenarioFile, 'title' | 'steps'>

export type Scenario = {
  /** Lets everything happen that is due by a moment, each at its own. */
  until(nowMs: number): void
}

/** Reads a scenario file. Throws `ScenarioUnusable`. */
export async function loadScenario(file: string): Promise<ScenarioFile> {
  let json: unknown
  try {
    json = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new ScenarioUnusable(
        `${file} is not JSON; write it like the scenario in apps/simulator/README.md.`,
        {
          cause: error,
        },
      )
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new ScenarioUnusable(`Cannot read the scenario, ${file} (${code}); check the path.`, {
      cause: error,
    })
  }
  const result = v.safeParse(ScenarioFile, json)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new ScenarioUnusable(`${file} is no scenario: ${v.getDotPath(issue) ?? 'file'}: ${issue.message}`)
}

/**
 * Begins to play a scenario: what has no time happens at once. Throws `ScenarioUnusable` when it speaks of homes or
 * devices that do not exist.
 */
export function playScenario(context: Context, file: ScenarioFile, startMs: number): Scenario {
  const steps = [...file.steps].sort((a, b) => a.after_s - b.after_s)
  try {
    for (const { homes } of [file, ...steps])
      for (const [name, { devices = {} }] of Object.entries(homes ?? {})) {
        const home = homeNamed(context, name, startMs)
        for (const device of Object.keys(devices)) deviceNamed(home, device)
      }
    move(context, file, startMs)
  } catch (error) {
    throw error instanceof HttpError
      ? new ScenarioUnusable(`The scenario cannot begin: ${wordsOf(error)}`)
      : error
  }
  return {
    until(nowMs) {
      for (let [next] = steps; next; [next] = steps) {
        const atMs = startMs + next.after_s * 1000
        if (atMs > nowMs) return
        steps.shift()
        move(context, next, atMs)
      }
    },
  }
}

function move(context: Context, { variants, homes, clear_faults, faults }: Moves, atMs: number): void {
  if (variants) context.variants.change(null, variants)
  for (const [name, { variants: own, devices }] of Object.entries(homes ?? {})) {
    const home = homeNamed(context, name, atMs)
    if (own) context.variants.change(name, own)
    for (const [device, change] of Object.entries(devices ?? {}))
      intervene(context, home, deviceNamed(home, device), change, atMs)
  }
  if (clear_faults) context.faults.clear()
  for (const fault of faults ?? []) context.faults.add(fault)
}

/** What the control door would have said. */
function wordsOf({ answer: { json } }: HttpError): string {
  const said = json as { error?: string; detail?: { msg: string }[] }
  return said.error ?? said.detail?.map(({ msg }) => msg).join(' ') ?? 'something is wrong'
}
