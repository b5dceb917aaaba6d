import type { Pause } from '@homewatt/display'
import type { Surroundings } from './context.ts'

/** That control is paused, and until when if that is known; `undefined` while it is not paused. */
export function pauseText(paused: Pause | null, { words, format, now }: Surroundings): string | undefined {
  if (!paused) return undefined
  const { paused: say } = words.display
  return paused.until === null ? say.now : say.until(format.clock(paused.until, now))
}
