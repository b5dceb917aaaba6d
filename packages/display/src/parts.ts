/** A formatted value in pieces, so that a screen can set number and unit differently. */
export type Parts = {
  value: string
  /** Empty where there is none, as with times. */
  unit: string
  /** What stands between the two in running text: a narrow no-break space, or nothing. */
  gap: string
  /** All of it, for running text and screen readers. */
  text: string
}

export const NARROW_NO_BREAK_SPACE = '\u202f'

/** What stands where there is no number or time. */
export const NOTHING = '–'

/** A text without a unit. */
export const textParts = (text: string): Parts => ({ value: text, unit: '', gap: '', text })
