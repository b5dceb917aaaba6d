import type { DeviceType } from '@homewatt/contract'
import type { SettingsComplaint } from '@homewatt/display'

/** What the script of a settings page is told by the page. */
export type SettingsPage = { type: DeviceType; id: string; words: SavingWords }

/** The words that a form says of itself. */
export type SavingWords = {
  saving: string
  checking: string
  saved: string
  notTaken: string
  unconfirmed: string
  check: string
  refused: string
  failed: string
  tooSoon: string
  /** Before the value that holds, at a field that has another one. */
  now: string
  complaint: Record<SettingsComplaint, string> & { invalid: string }
}
