import type { DeviceType, HomeSnapshot, Session } from '@homewatt/contract'
import type { Outcome } from '@homewatt/ui'
import type { Language } from '@homewatt/ui/words'
import type { ActionReturnWords } from '@homewatt/ui/words/action-return'

/** What the present hour costs, in words, and until when that is true (ISO 8601). */
export type PriceNote = { text: string; until: string }

/** Which of the live pages is shown. */
export type Screen =
  | { name: 'overview' }
  | { name: 'device'; type: DeviceType; id: string; hasSettings: boolean; price: PriceNote | null }
  | { name: 'return'; cancelled: boolean; device: ReturnedTo | null; words: ActionReturnWords }

/** What somebody comes back from reconnecting: a device, and when they set out, ms since 1970 by the Partner API's clock. */
export type ReturnedTo = { type: DeviceType; id: string; sinceMs: number }

/** All a live page is made of, on the server and again in the browser; plain JSON. */
export type LivePage = {
  screen: Screen
  /** The home as of rendering. */
  first: HomeSnapshot
  session: Session
  language: Language
  /** BCP 47. */
  locale: string
  /** Own path of the page. */
  path: string
  /** How a form ended that was posted without script. */
  outcome: Outcome | null
}
