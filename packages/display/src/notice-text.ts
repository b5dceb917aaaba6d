import type { Capability, NoticeEntry } from '@homewatt/contract'
import type { Formatter } from './format.ts'
import type { NoticeWords } from './words/notices.ts'
import type { DisplayWords } from './words/words.ts'

export type NoticeText = { title: string; body: string }

/**
 * A notice in words: for the list, for push and for mail alike.
 *
 * @param switchedOff what the household may not do, which nothing advises
 */
export function noticeText(
  { kind, type, facts }: Pick<NoticeEntry, 'kind' | 'type' | 'facts'>,
  words: NoticeWords,
  deviceWords: DisplayWords['device'],
  format: Formatter,
  now: Date,
  switchedOff: readonly Capability[],
): NoticeText {
  const percent = (value: number | null | undefined) => (value == null ? null : format.percent(value).text)
  const clock = (at: string | null | undefined) => (at == null ? null : format.clock(at, now))
  const parts = {
    device: facts.name ?? (type ? deviceWords[type] : ''),
    level: percent(facts.level),
    target: percent(facts.target),
    at: clock(facts.at),
    count: facts.count ?? 0,
    unplugged: facts.unplugged === true,
    plugInBy: clock(facts.plug_in_by),
    canBoost: !switchedOff.includes('boost'),
  }
  return { title: words.title[kind](parts), body: words.body[kind](parts) }
}
