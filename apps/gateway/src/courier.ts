import type { Time } from '@homewatt/client'
import { topicOf } from '@homewatt/contract'
import type { ContactRows } from './contact-rows.ts'
import type { DeliveryRows, Parcel } from './delivery-rows.ts'
import { shortHash, traceOf, type Log } from './log.ts'
import { homeKey, type HomeOwner } from './home-key.ts'
import type { Mailer } from './mailer.ts'
import type { Messages, Named } from './messages.ts'
import type { KeptNotice } from './notice-rows.ts'
import type { Notices } from './notices.ts'
import type { PushSender } from './push-sender.ts'
import { stillTrue } from './still-true.ts'
import { pushRequest, type VapidKeys } from './web-push.ts'

/**
 * Sends what waits to be sent. What cannot be sent now is sent later; a message counts as sent when the mail server or
 * the push service has taken it. A process that dies right then sends it once more, under the same name.
 */
export type Courier = {
  /** There is something to send. */
  hurry(): void
  close(): Promise<void>
}

const EVERY_MS = 30_000
const CLAIM_MS = 60_000
const MOST_AT_ONCE = 20
const RETRY_MS = { first: 60_000, longest: 60 * 60_000 }
/** Older news are in the list, and not worth a message any more. */
const GIVE_UP_MS = 48 * 60 * 60_000
const PUSH_TTL_S = 12 * 60 * 60

type Sent = 'sent' | 'gone' | { afterMs: number | null }

export function createCourier({
  tenant,
  rows,
  contacts,
  settingsOf,
  messages,
  nameOf,
  mailer,
  sender,
  vapid,
  time,
  log,
}: {
  tenant: string
  rows: DeliveryRows
  contacts: ContactRows
  settingsOf: Notices['settingsOf']
  messages: Messages
  /** What the device of a notice is called, as far as that is known. */
  nameOf: (owner: HomeOwner, notice: KeptNotice) => string | null
  /** `null` where no mail can be sent. */
  mailer: Mailer | null
  sender: PushSender
  vapid: { keys: () => Promise<VapidKeys>; subject: string }
  time: Time
  log: Log
}): Courier {
  let isClosed = false
  let working: Promise<void> | null = null
  let isAgain = false
  let cancel = time.after(EVERY_MS, tick)

  function tick() {
    cancel()
    work()
    if (!isClosed) cancel = time.after(EVERY_MS, tick)
  }

  function work() {
    if (isClosed) return
    if (working) {
      isAgain = true
      return
    }
    working = deliverAll()
      .catch((error: unknown) => log.error({ event: 'store_failed', error: traceOf(error) }))
      .finally(() => {
        working = null
        if (isAgain) {
          isAgain = false
          work()
        }
      })
  }

  async function deliverAll() {
    for (;;) {
      const nowMs = time.wallMs()
      const parcels = await rows.claimDue(tenant, nowMs, nowMs + CLAIM_MS, MOST_AT_ONCE)
      await Promise.all(parcels.map(deliver))
      if (parcels.length < MOST_AT_ONCE) return
    }
  }

  async function deliver(parcel: Parcel) {
    const { owner, channel, items } = parcel
    const { topics } = await settingsOf(owner)
    const nowMs = time.wallMs()
    const wanted = items.filter(
      ({ notice, madeMs }) => topics[topicOf[notice.kind]] && nowMs - madeMs < GIVE_UP_MS,
    )
    const told = stillTrue(wanted.map(({ notice }) => notice))
    const sent =
      told.length === 0
        ? 'sent'
        : await send(
            parcel,
            told.map((notice) => ({ notice, name: nameOf(owner, notice) })),
          )
    const ids = items.map(({ notice }) => notice.id)
    if (sent === 'sent') return rows.done(parcel, ids)
    log.warn({
      event: sent === 'gone' ? 'channel_gone' : 'message_waits',
      home: shortHash(homeKey(owner)),
      kind: channel.split('/', 1)[0] ?? '',
    })
    if (sent === 'gone') return rows.dropChannel(owner, channel)
    const tries = Math.max(...items.map((item) => item.tries))
    const waitMs = Math.min(RETRY_MS.longest, Math.max(sent.afterMs ?? 0, RETRY_MS.first * 2 ** tries))
    await rows.retry(parcel, nowMs + waitMs)
  }

  function send(parcel: Parcel, told: readonly Named[]): Promise<Sent> {
    return parcel.channel === 'email' ? mail(parcel, told) : push(parcel, told)
  }

  async function mail({ owner }: Parcel, told: readonly Named[]): Promise<Sent> {
    const email = await contacts.email(owner)
    if (!email || email.confirmedMs === null) return 'gone'
    if (!mailer) return { afterMs: null }
    const outcome = await mailer.send(messages.mail(told, email))
    if (outcome === 'sent') {
      if (email.failingMs !== null) await contacts.emailFails(owner, null)
      return 'sent'
    }
    if (email.failingMs === null) await contacts.emailFails(owner, time.wallMs())
    // The person is told in the settings; what was refused for good is not sent again.
    return outcome === 'refused' ? 'sent' : { afterMs: null }
  }

  async function push({ owner, channel }: Parcel, told: readonly Named[]): Promise<Sent> {
    const id = channel.slice('push/'.length)
    const target = await contacts.subscription(owner, id)
    if (!target) return 'gone'
    const { json, topic } = messages.push(told, target.language)
    const keys = await vapid.keys()
    const request = pushRequest(target, json, {
      keys,
      subject: vapid.subject,
      ttlS: PUSH_TTL_S,
      topic,
      nowMs: time.wallMs(),
    })
    const outcome = await sender.send(request)
    if (outcome.kind === 'gone') await contacts.dropSubscription(owner, id)
    else if (outcome.kind === 'later' && target.failingMs === null)
      await contacts.subscriptionFails(id, time.wallMs())
    else if (outcome.kind === 'sent' && target.failingMs !== null) await contacts.subscriptionFails(id, null)
    return outcome.kind === 'later' ? { afterMs: outcome.afterMs } : outcome.kind
  }

  return {
    hurry: work,
    async close() {
      isClosed = true
      cancel()
      await working
    },
  }
}
