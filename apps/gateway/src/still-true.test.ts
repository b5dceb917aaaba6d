import type { NoticeKind } from '@homewatt/contract'
import { expect, test } from 'vitest'
import { stillTrue } from './still-true.ts'

const notices = (...all: [NoticeKind, string?][]) => all.map(([kind, cause = 'one']) => ({ kind, cause }))

test.each<[string, [NoticeKind, string?][], NoticeKind[]]>([
  ['a trouble that is over', [['disconnected'], ['repaired']], []],
  ['the end of a trouble that was told before', [['repaired']], ['repaired']],
  ['a trouble that came back', [['disconnected'], ['repaired'], ['disconnected']], ['disconnected']],
  [
    'troubles of two devices, one over',
    [['disconnected'], ['disconnected', 'two'], ['repaired']],
    ['disconnected'],
  ],
  ['a boost from its start to its end', [['boost_started'], ['boost_finished']], ['boost_finished']],
  ['a deadline that was missed', [['deadline_at_risk'], ['deadline_missed']], ['deadline_missed']],
  ['a time away that is over', [['away_begun'], ['away_reminder'], ['away_ended']], ['away_ended']],
])('of %s is told', (_, all, kinds) => {
  expect(stillTrue(notices(...all)).map(({ kind }) => kind)).toEqual(kinds)
})
