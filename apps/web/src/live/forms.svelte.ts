import { formKey, type Outcome } from '@homewatt/ui'
import type { Attachment } from 'svelte/attachments'
import { commands, type Command } from '#lib/run-command.ts'

/** Good news goes by itself; what went wrong stays until the next try. */
const GOOD_NEWS_MS = 6_000

/** The forms of a page: which are on their way, and how the last of each ended. */
export class Forms {
  #busy: Readonly<Record<string, true>> = $state.raw({})
  #outcomes: Readonly<Record<string, Outcome>> = $state.raw({})
  readonly #run: (command: Command, fields: FormData) => Promise<Outcome>

  /** @param first the outcome of a form that was posted without script */
  constructor(run: (command: Command, fields: FormData) => Promise<Outcome>, first: Outcome | null) {
    this.#run = run
    if (first) this.#outcomes = { [first.key]: first }
  }

  isBusy = (key: string) => this.#busy[key] === true
  outcomeOf = (key: string) => this.#outcomes[key] ?? null

  /** Sends a form by script instead of loading a new page. */
  readonly enhance: Attachment<HTMLFormElement> = (form) => {
    const submit = (event: SubmitEvent) => {
      const command = commands.find((name) => new URL(form.action).search === `?/${name}`)
      if (!command) return
      event.preventDefault()
      void this.submit(command, new FormData(form))
    }
    form.addEventListener('submit', submit)
    return () => form.removeEventListener('submit', submit)
  }

  async submit(command: Command, fields = new FormData()): Promise<void> {
    const key = formKey(command, String(fields.get('id') ?? ''))
    // A second tap while the first is on its way asks for the same thing.
    if (this.#busy[key]) return
    this.#busy = { ...this.#busy, [key]: true }
    this.#forget(key)
    try {
      const outcome = await this.#run(command, fields)
      this.#outcomes = { ...this.#outcomes, [key]: outcome }
      if (outcome.good)
        setTimeout(() => {
          if (this.#outcomes[key] === outcome) this.#forget(key)
        }, GOOD_NEWS_MS)
    } finally {
      this.#busy = without(this.#busy, key)
    }
  }

  #forget(key: string) {
    this.#outcomes = without(this.#outcomes, key)
  }
}

const without = <T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
