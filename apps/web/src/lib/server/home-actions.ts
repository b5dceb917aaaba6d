import { fail, redirect, type Actions, type RequestEvent } from '@sveltejs/kit'
import { GatewayFailure } from '@homewatt/queries'
import { commands, runCommand, type Command } from '#lib/run-command.ts'
import { wordsOf } from '#lib/words.ts'
import { formOf } from './form-of.ts'

/** What the forms of every page of a home can ask for when there is no script to ask with. */
export const actions: Actions = Object.fromEntries(
  commands.map((command) => [command, (event: RequestEvent) => run(event, command)]),
)

async function run({ request, locals }: RequestEvent, command: Command) {
  try {
    const outcome = await runCommand(
      locals.api,
      command,
      await formOf(request),
      await wordsOf(locals.language),
    )
    return outcome.good ? { outcome } : fail(409, { outcome })
  } catch (error) {
    if (error instanceof GatewayFailure) redirect(303, '/')
    throw error
  }
}
