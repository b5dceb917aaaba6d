import type { Capability, DeviceType } from '@homewatt/contract'
import type { Formatter } from '@homewatt/display'
import { createContext } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import type { Words } from './words/words.ts'

/** What every component needs of its surroundings and no page wants to hand down by hand. */
export type Surroundings = {
  readonly words: Words
  readonly format: Formatter
  /** The Partner API's present time; moves on by itself in a browser. */
  readonly now: Date
  /** What people may not do here: its controls are left out. */
  readonly switchedOff: readonly Capability[]
  hrefOf(type: DeviceType, id: string): string
  /** Makes a form post without a reload once there is script; without, it posts as forms do. */
  enhance: Attachment<HTMLFormElement>
  /** Keys of forms that are on their way, see `formKey`. */
  isBusy(key: string): boolean
  /** What a form's last submission came to; `null` when there was none. */
  outcomeOf(key: string): Outcome | null
  /** Whom to ask for help. */
  readonly support: { name: string; email: string | null; url: string | null }
}

/** How a command ended, as a sentence. `redirectUrl`: where the user goes on by hand when no script takes them. */
export type Outcome = { key: string; good: boolean; text: string; redirectUrl?: string }

export const [useSurroundings, setSurroundings] = createContext<Surroundings>()

/** Names one form on a page: the action, and the device it is about. */
export const formKey = (action: string, id = '') => `${action}:${id}`
