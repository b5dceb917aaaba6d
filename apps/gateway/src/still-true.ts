import type { NoticeKind } from '@homewatt/contract'
import type { Notice } from './notice-rows.ts'

/**
 * What of some notices is worth telling together: what is over is not told any more, and that it is over only to those
 * who were told that it was.
 *
 * @param notices of one person and channel, none of them told, oldest first
 */
export function stillTrue<T extends Pick<Notice, 'kind' | 'cause'>>(notices: readonly T[]): T[] {
  return notices.filter((notice, n) => {
    const sameCause = (other: T) => other.cause === notice.cause
    const isOver = notices
      .slice(n + 1)
      .some((later) => sameCause(later) && endedBy(notice).includes(later.kind))
    const endsUntold = notices
      .slice(0, n)
      .some((earlier) => sameCause(earlier) && allWellAfter(earlier).includes(notice.kind))
    return !isOver && !endsUntold
  })
}

type Kinds = readonly NoticeKind[]

const endedBy = ({ kind }: { kind: NoticeKind }): Kinds => ends[kind]?.by ?? []
const allWellAfter = ({ kind }: { kind: NoticeKind }): Kinds => ends[kind]?.well ?? []

/** `by`: what makes it past. `well`: that among them which is no news to those who never heard of the trouble. */
const ends: Partial<Record<NoticeKind, { by: Kinds; well: Kinds }>> = {
  deadline_at_risk: { by: ['deadline_safe', 'deadline_missed'], well: ['deadline_safe'] },
  disconnected: { by: ['repaired'], well: ['repaired'] },
  action_needed: { by: ['repaired', 'disconnected'], well: ['repaired'] },
  data_old: { by: ['data_back'], well: ['data_back'] },
  boost_started: { by: ['boost_finished'], well: [] },
  away_not_paused: { by: ['away_begun', 'away_ended'], well: [] },
  away_begun: { by: ['away_ended'], well: [] },
  away_reminder: { by: ['away_ended'], well: [] },
  away_not_resumed: { by: ['away_ended'], well: [] },
}
