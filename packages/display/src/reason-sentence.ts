import type { Formatter } from './format.ts'
import type { Reason, ReasonNext, ReasonWhy } from './reasons.ts'
import type { DisplayWords } from './words/words.ts'

/**
 * A reason in words, without the age of its facts: that is `freshnessSentence`, and stands in its own line.
 *
 * @param leftOut what comes next is not said when it is one of these, because it stands elsewhere on the screen
 */
export function reasonSentence(
  { doing, why, next, isPast }: Reason,
  { words, format, now }: { words: DisplayWords; format: Formatter; now: Date },
  leftOut: readonly ReasonNext['kind'][] = [],
): string {
  const say = words.reason
  const percent = (p: number) => format.percent(p).text
  const what = `${doingText()}${why ? whyText(why) : ''}`
  const text = next && !leftOut.includes(next.kind) ? `${what}. ${nextText(next)}.` : what
  return isPast ? say.lastKnown(text) : text

  function doingText(): string {
    if (doing.kind === 'paused')
      return doing.pause.until === null
        ? words.paused.now
        : words.paused.until(format.clock(doing.pause.until, now))
    if (doing.kind === 'waiting' || doing.kind === 'full') return words.chargeExplained[doing.kind]
    return say.doing[doing.kind]
  }

  function whyText(cause: ReasonWhy): string {
    return 'percent' in cause ? say.why[cause.kind](percent(cause.percent)) : say.why[cause.kind]
  }

  function nextText(then: ReasonNext): string {
    if (then.kind === 'armed') return words.arming.armed
    if (then.kind === 'deadline') {
      const { at, percent: level } = then.deadline
      return words.deadline.by(level === null ? null : percent(level), format.clock(at, now))
    }
    return 'percent' in then ? say.next[then.kind](percent(then.percent)) : say.next[then.kind]
  }
}
