import { reasonSentence, type Reason, type ReasonNext } from '@homewatt/display'
import type { Surroundings } from './context.ts'

/**
 * What a device does, why, and what comes next; how old that is, `Age` says beside it.
 *
 * @param leftOut what comes next and stands elsewhere on the same card or page
 */
export function reasonText(
  reason: Reason,
  { words, format, now }: Surroundings,
  leftOut: readonly ReasonNext['kind'][] = [],
): string {
  return reasonSentence(reason, { words: words.display, format, now }, leftOut)
}
