import type { Deadline } from '@homewatt/display'
import type { Surroundings } from './context.ts'

/** What the charging deadline promises, as a sentence. `active` is `null` when the partner does not say. */
export function deadlineText(
  { deadline, active }: { deadline: Deadline | null; active: boolean | null },
  { words, format, now }: Surroundings,
): string {
  const say = words.display.deadline
  if (!deadline) return active === null ? say.unknown : say.none
  const percent = deadline.percent === null ? null : format.percent(deadline.percent).text
  return say.by(percent, format.clock(deadline.at, now))
}
