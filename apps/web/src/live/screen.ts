import type { DeviceType, HomeSnapshot, Session } from '@homewatt/contract'
import type { Outcome } from '@homewatt/ui'
import type { Language } from '@homewatt/ui/words'

/** Which of the live pages is shown. */
export type Screen =
  | { name: 'overview' }
  | { name: 'device'; type: DeviceType; id: string; hasSettings: boolean }
  | { name: 'return'; cancelled: boolean }

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
