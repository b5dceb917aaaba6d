import type { ReasonDoing, ReasonNext, ReasonWhy } from '../reasons.ts'

/** The parts of the sentence that says what a device does: `doing` + `why` + ". " + `next`. */
export type ReasonWords = {
  doing: Record<Exclude<ReasonDoing, 'waiting' | 'full'>, string>
  /** Follow what is done without a space, so they begin with their own comma or semicolon. */
  why: Record<Exclude<ReasonWhy['kind'], 'limit' | 'reserve'>, string> & {
    limit(percent: string): string
    reserve(percent: string): string
  }
  next: Record<Exclude<ReasonNext['kind'], 'armed' | 'deadline' | 'limit' | 'up_to' | 'down_to'>, string> & {
    limit(percent: string): string
    up_to(percent: string): string
    down_to(percent: string): string
  }
  /** Around what is too old to be called present. */
  lastKnown(text: string): string
}
