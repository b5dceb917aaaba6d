import type { DeadlineVerdict } from '@homewatt/display'
import type { Surroundings } from './context.ts'

/** Whether a vehicle will be ready, as a sentence; `null` where there is nothing to be ready for. */
export function verdictText(
  said: DeadlineVerdict | null,
  { words, format, now }: Surroundings,
): string | null {
  if (!said) return null
  const say = words.display.deadline.verdict
  const { verdict, cause, plugInByMs } = said
  if (plugInByMs !== null) return say.plugInBy(format.clock(new Date(plugInByMs).toISOString(), now))
  if (verdict === 'yes') return cause === 'reached' ? say.reached : say.yes
  if (verdict === 'tight') return cause === 'unplugged' ? say.unplugged : say.tight
  if (verdict === 'no') return cause === 'limit' || cause === 'paused' ? say[cause] : say.no
  return cause === 'off' ? say.off : say.unknown
}
