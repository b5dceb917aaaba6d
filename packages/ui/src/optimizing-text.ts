import type { Words } from './words/words.ts'

/** Whether smart optimization runs; `null` is not reported, which is not "off". */
export function optimizingText(optimizing: boolean | null, { display: { heatPump: say } }: Words): string {
  if (optimizing === null) return say.unknown
  return optimizing ? say.optimizing : say.not_optimizing
}
