import {
  isTopicThere,
  NoticeSettings,
  topicOf,
  usualNoticeSettings,
  type Capability,
  type NoticeSettings as Chosen,
} from '@homewatt/contract'
import type { Time } from '@homewatt/client'
import * as v from 'valibot'
import type { ContactRows } from './contact-rows.ts'
import type { HomeOwner } from './home-key.ts'
import type { Notice, NoticeRows, Outgoing } from './notice-rows.ts'
import { quietUntilMs } from './quiet-hours.ts'
import type { SettingRows } from './setting-rows.ts'

/** Keeps what is to be told, once, and where it is to be sent. */
export type Notices = {
  settingsOf(owner: HomeOwner): Promise<Chosen>
  choose(owner: HomeOwner, settings: Chosen): Promise<void>
  /** What was found by comparing, with the memory it was found by. `false`: another process was first. */
  found(owner: HomeOwner, revision: number, memory: string, notices: readonly Notice[]): Promise<boolean>
  add(owner: HomeOwner, notice: Notice): Promise<void>
}

/** @param onOutgoing something is to be sent now */
export function createNotices({
  rows,
  settings,
  contacts,
  timeZone,
  switchedOff,
  time,
  onOutgoing,
}: {
  rows: NoticeRows
  settings: SettingRows
  contacts: ContactRows
  timeZone: string
  /** What its people may not do: of that nothing is told that was found. */
  switchedOff: readonly Capability[]
  time: Time
  onOutgoing: () => void
}): Notices {
  async function settingsOf(owner: HomeOwner): Promise<Chosen> {
    const kept = await settings.find(owner, 'notices')
    const read = kept === null ? null : v.safeParse(NoticeSettings, JSON.parse(kept))
    return read?.success ? read.output : usualNoticeSettings
  }

  /** Where a notice of this person goes. */
  async function outgoingOf(owner: HomeOwner): Promise<(notice: Notice) => Outgoing[]> {
    const [{ topics, quiet }, email, subscriptions] = await Promise.all([
      settingsOf(owner),
      contacts.email(owner),
      contacts.subscriptions(owner),
    ])
    const channels = [
      ...(email && email.confirmedMs !== null ? ['email'] : []),
      ...subscriptions.map(({ id }) => `push/${id}`),
    ]
    const nowMs = time.wallMs()
    const dueMs = quietUntilMs(quiet, nowMs, timeZone) ?? nowMs
    return ({ kind }) => (topics[topicOf[kind]] ? channels.map((channel) => ({ channel, dueMs })) : [])
  }

  return {
    settingsOf,
    choose: (owner, chosen) => settings.put(owner, 'notices', JSON.stringify(chosen)),
    async found(owner, revision, memory, all) {
      const notices = all.filter(({ kind }) => isTopicThere(topicOf[kind], switchedOff))
      const outgoing = notices.length === 0 ? () => [] : await outgoingOf(owner)
      const isKept = await rows.remember(owner, revision, memory, notices, outgoing, time.wallMs())
      if (isKept && notices.length > 0) onOutgoing()
      return isKept
    },
    async add(owner, notice) {
      const outgoing = await outgoingOf(owner)
      if (await rows.add(owner, notice, outgoing(notice), time.wallMs())) onOutgoing()
    },
  }
}
