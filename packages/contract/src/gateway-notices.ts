import * as v from 'valibot'
import type { Capability } from './capabilities.ts'
import { DeviceType } from './device.ts'
import { timeOfDay } from './fields.ts'

/** What people are told of: events that the gateway finds by comparing what it knows with what it knew. */

/** Everything that can be told. A trouble has a message of its own when it is over. */
export const NoticeKind = v.picklist([
  'deadline_at_risk',
  'deadline_safe',
  'deadline_missed',
  'disconnected',
  'action_needed',
  'repaired',
  'boost_started',
  'boost_failed',
  'boost_finished',
  'target_reached',
  'data_old',
  'data_back',
  'away_begun',
  'away_not_paused',
  'away_reminder',
  'away_ended',
  'away_not_resumed',
])
export type NoticeKind = v.InferOutput<typeof NoticeKind>

/** What can be switched on and off: kinds that belong together. */
export const NoticeTopic = v.picklist(['deadline', 'connection', 'boost', 'target', 'data', 'away'])
export type NoticeTopic = v.InferOutput<typeof NoticeTopic>
export const noticeTopics: readonly NoticeTopic[] = NoticeTopic.options

export const topicOf: Readonly<Record<NoticeKind, NoticeTopic>> = {
  deadline_at_risk: 'deadline',
  deadline_safe: 'deadline',
  deadline_missed: 'deadline',
  disconnected: 'connection',
  action_needed: 'connection',
  repaired: 'connection',
  boost_started: 'boost',
  boost_failed: 'boost',
  boost_finished: 'boost',
  target_reached: 'target',
  data_old: 'data',
  data_back: 'data',
  away_begun: 'away',
  away_not_paused: 'away',
  away_reminder: 'away',
  away_ended: 'away',
  away_not_resumed: 'away',
}

/** What a topic is about; it is there while at least one of these is, and always where there are none. */
const capabilitiesOf: Readonly<Record<NoticeTopic, readonly Capability[]>> = {
  deadline: ['readyBy', 'weeklyPlan'],
  connection: [],
  boost: ['boost'],
  target: [],
  data: [],
  away: ['away'],
}

/** Whether people are told of a topic at all, and may choose it, where this is switched off. */
export function isTopicThere(topic: NoticeTopic, switchedOff: readonly Capability[]): boolean {
  const capabilities = capabilitiesOf[topic]
  return capabilities.length === 0 || capabilities.some((name) => !switchedOff.includes(name))
}

/** What a message says besides its kind; only what its kind has. */
export const NoticeFacts = v.object({
  /** Manufacturer and model. */
  name: v.optional(v.nullable(v.string())),
  /** Percent: the level of a battery. */
  level: v.optional(v.nullable(v.number())),
  /** Percent: the level that was asked for. */
  target: v.optional(v.nullable(v.number())),
  /** ISO 8601: a deadline, the end of a time away, the last report of a device. */
  at: v.optional(v.nullable(v.string())),
  /** How many devices. */
  count: v.optional(v.number()),
  /** The cable was pulled, or is not there where it has to be. */
  unplugged: v.optional(v.boolean()),
  /** ISO 8601: until then it is early enough to plug in. */
  plug_in_by: v.optional(v.nullable(v.string())),
})
export type NoticeFacts = v.InferOutput<typeof NoticeFacts>

export const NoticeEntry = v.object({
  id: v.string(),
  kind: NoticeKind,
  /** When it was seen, ISO 8601. It may have happened up to one question earlier. */
  at: v.string(),
  /** `null` with what is about the whole home. */
  type: v.nullable(DeviceType),
  device_id: v.nullable(v.string()),
  facts: NoticeFacts,
  is_read: v.boolean(),
})
export type NoticeEntry = v.InferOutput<typeof NoticeEntry>

/** `GET /api/notices`, newest first. */
export const NoticeList = v.object({
  notices: v.array(NoticeEntry),
  unread: v.number(),
  /** `before` of the rest, when there is more. */
  next: v.nullable(v.string()),
})
export type NoticeList = v.InferOutput<typeof NoticeList>

/** Answer of `GET /api/notices/unread` and of marking as read. */
export const NoticesUnread = v.object({ unread: v.number() })
export type NoticesUnread = v.InferOutput<typeof NoticesUnread>

/** Body of `POST /api/notices/read`: everything up to this moment, as the list told it. */
export const NoticesRead = v.strictObject({ until: v.pipe(v.string(), v.isoTimestamp()) })
export type NoticesRead = v.InferOutput<typeof NoticesRead>

const topics = v.strictObject({
  deadline: v.boolean(),
  connection: v.boolean(),
  boost: v.boolean(),
  target: v.boolean(),
  data: v.boolean(),
  away: v.boolean(),
})

/** Body of `PUT /api/notices/settings`. */
export const NoticeSettings = v.strictObject({
  /** Whether push and mail tell of it. The list has everything in any case. */
  topics,
  /** In these hours, by the clock of the home, nothing is sent; `null`: there are none. */
  quiet: v.nullable(v.strictObject({ from: timeOfDay, to: timeOfDay })),
})
export type NoticeSettings = v.InferOutput<typeof NoticeSettings>

/** What counts for somebody who never chose. */
export const usualNoticeSettings: NoticeSettings = {
  topics: { deadline: true, connection: true, boost: true, target: false, data: true, away: true },
  quiet: { from: '22:00', to: '07:00' },
}

/** Answer of `GET|PUT /api/notices/settings`. */
export const NoticeSettingsAnswer = v.object({
  settings: NoticeSettings,
  /** IANA zone that the quiet hours are meant in. */
  time_zone: v.string(),
  email: v.object({
    /** Whether this installation can send mail at all. */
    is_offered: v.boolean(),
    address: v.nullable(v.string()),
    /** Nothing but the code is sent to an address that is not confirmed. */
    is_confirmed: v.boolean(),
    /** Since when mail to it fails; what was to be sent waits. */
    failing_since: v.nullable(v.string()),
  }),
  push: v.object({
    /** Browsers that get messages. */
    browsers: v.number(),
    failing_since: v.nullable(v.string()),
  }),
})
export type NoticeSettingsAnswer = v.InferOutput<typeof NoticeSettingsAnswer>

/** Body of `PUT /api/notices/email`: sends a code to this address. */
export const EmailWish = v.strictObject({
  address: v.pipe(
    v.string(),
    v.trim(),
    v.maxLength(254, 'The address is too long.'),
    v.email('This is no e-mail address.'),
  ),
})
export type EmailWish = v.InferOutput<typeof EmailWish>

/** Body of `POST /api/notices/email/confirm`. */
export const EmailCode = v.strictObject({
  code: v.pipe(
    v.string(),
    v.transform((text) => text.replace(/\s/g, '')),
    v.regex(/^\d{6}$/, 'The code has six digits.'),
  ),
})
export type EmailCode = v.InferOutput<typeof EmailCode>

/** Answer of both, and of `DELETE /api/notices/email`. */
export const EmailOutcome = v.object({
  outcome: v.picklist([
    'code_sent',
    /** The mail server could not be reached; nothing was sent, and trying again later may help. */
    'not_sent',
    /** This address, or this person, had enough codes for now. */
    'too_many',
    'confirmed',
    'wrong_code',
    /** The code is too old, or was guessed at too often. */
    'code_over',
    'removed',
  ]),
})
export type EmailOutcome = v.InferOutput<typeof EmailOutcome>

/** `GET /api/push/key`: what a browser subscribes with (VAPID, RFC 8292), base64url. */
export const PushKey = v.object({ key: v.string() })
export type PushKey = v.InferOutput<typeof PushKey>

const base64url = (bytes: number) =>
  v.pipe(v.string(), v.regex(/^[\w-]+=*$/), v.maxLength(Math.ceil((bytes * 4) / 3) + 2))

/** Body of `PUT /api/push/subscription`: of what `PushSubscription.toJSON()` gives, what is needed. */
export const PushSubscriptionWish = v.strictObject({
  endpoint: v.pipe(v.string(), v.url(), v.maxLength(1_000)),
  keys: v.strictObject({ p256dh: base64url(65), auth: base64url(16) }),
})
export type PushSubscriptionWish = v.InferOutput<typeof PushSubscriptionWish>

/** Body of `DELETE /api/push/subscription`, and of `POST /api/push/subscription/known`. */
export const PushSubscriptionEnd = v.strictObject({ endpoint: v.pipe(v.string(), v.maxLength(1_000)) })
export type PushSubscriptionEnd = v.InferOutput<typeof PushSubscriptionEnd>

/** Answer of `POST /api/push/subscription/known`: whether messages go there. A push service ends that without a word. */
export const PushSubscriptionKnown = v.object({ is_known: v.boolean() })
export type PushSubscriptionKnown = v.InferOutput<typeof PushSubscriptionKnown>
