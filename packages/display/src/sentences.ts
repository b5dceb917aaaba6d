import type { Formatter } from './format.ts'
import type { Freshness } from './freshness.ts'
import type { DisplayWords } from './words/words.ts'

/**
 * The one line under a group of values: how old they are while that is all there is to say, and whose silence
 * it is once they are old.
 */
export function freshnessSentence(
  freshness: Freshness,
  now: Date,
  words: DisplayWords,
  format: Formatter,
): string {
  const { level, ageMs, updatedAt, cause, clockDiffers } = freshness
  if (ageMs === null || updatedAt === null) return words.freshness.cause.never_reported
  if (clockDiffers) return words.freshness.clockDiffers
  const clock = format.clock(updatedAt, now)
  if (level === 'old' && cause !== null && cause !== 'never_reported')
    return words.freshness.cause[cause](clock)
  return ageMs < 3_600_000 ? words.freshness.updated(format.age(ageMs)) : words.freshness.updatedAt(clock)
}
