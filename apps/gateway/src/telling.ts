import type { Time } from '@homewatt/client'
import type { Capability } from '@homewatt/contract'
import { createAway, type Away } from './away.ts'
import { createAwaySteps } from './away-steps.ts'
import { createCourier } from './courier.ts'
import { deviceNameIn } from './device-name.ts'
import { createEmailAddresses, type EmailAddresses } from './email-address.ts'
import type { Homes } from './homes.ts'
import type { Log } from './log.ts'
import type { Mailer } from './mailer.ts'
import { createMessages } from './messages.ts'
import { createNotices, type Notices } from './notices.ts'
import type { Poller } from './poller.ts'
import { createPushSender, type PushSender } from './push-sender.ts'
import { createRateGate, type RateGate } from './rate-gate.ts'
import type { DeviceSettingsWriter } from './settings.ts'
import type { Store } from './store.ts'
import { createWatcher, type Watcher } from './watcher.ts'
import { makeVapidKeys, type VapidKeys } from './web-push.ts'

/** How messages leave the house; the same for all tenants. */
export type Outlets = {
  /** `null` where no mail can be sent. */
  mailer: Mailer | null
  /** `null`: each tenant gets keys of its own, and keeps them. */
  vapid: VapidKeys | null
  /** Origins of push services besides those of the browsers we know; for tests. */
  pushOrigins: readonly string[]
}

export const noOutlets: Outlets = { mailer: null, vapid: null, pushOrigins: [] }

/** What finds out what a tenant's people have to know, and tells them; and the times away that are told of. */
export type Telling = {
  notices: Notices
  emails: EmailAddresses
  unsubscribeGate: RateGate
  sender: PushSender
  vapidKeys(): Promise<VapidKeys>
  timeZone: string
  canMail: boolean
  away: Away
  /** `null` where nobody is told anything. */
  watcher: Watcher | null
  /** Ends what goes by itself. */
  close(): Promise<void>
}

export function createTelling({
  tenant,
  switchedOff,
  publicUrl,
  brand,
  timeZone,
  outlets: { mailer, vapid, pushOrigins },
  store,
  settings,
  homes,
  poller,
  clock,
  time,
  log,
}: {
  tenant: string
  switchedOff: readonly Capability[]
  publicUrl: URL
  brand: string
  timeZone: string
  outlets: Outlets
  store: Store
  settings: DeviceSettingsWriter
  homes: Homes
  poller: Poller
  clock: { nowMs(): number }
  time: Time
  log: Log
}): Telling {
  const isOn = (name: Capability) => !switchedOff.includes(name)
  const now = () => new Date(clock.nowMs())
  const messages = createMessages({ publicUrl, brand, timeZone, now, switchedOff })
  const sender = createPushSender({ alsoOrigins: pushOrigins })
  const notices = createNotices({
    rows: store.notices,
    settings: store.settings,
    contacts: store.contacts,
    timeZone,
    switchedOff,
    time,
    onOutgoing: () => courier?.hurry(),
  })
  let kept: Promise<VapidKeys> | null = null
  const vapidKeys = () => {
    if (vapid) return Promise.resolve(vapid)
    kept ??= store.contacts
      .key(tenant, 'vapid', JSON.stringify(makeVapidKeys()))
      .then((json) => JSON.parse(json) as VapidKeys)
      .catch((error: unknown) => {
        kept = null
        throw error
      })
    return kept
  }
  const isTelling = isOn('notices')
  const courier = isTelling
    ? createCourier({
        tenant,
        rows: store.deliveries,
        contacts: store.contacts,
        settingsOf: notices.settingsOf,
        messages,
        nameOf: (owner, { type, deviceId }) => deviceNameIn(homes.known(owner), type, deviceId),
        mailer,
        sender,
        // A push service wants to know whom to complain to, and takes no plain http address.
        vapid: {
          keys: vapidKeys,
          subject: publicUrl.protocol === 'https:' ? publicUrl.origin : 'mailto:nobody@localhost',
        },
        time,
        log,
      })
    : null
  const steps = createAwaySteps({
    rows: store.away,
    audit: store.audit,
    homes,
    poller,
    settings,
    async tell(owner, notice) {
      if (!isTelling) return
      const about = { cause: 'away', atMs: clock.nowMs(), type: null, deviceId: null }
      await notices.add(owner, { ...notice, ...about })
    },
    timeZone,
    time,
    log,
  })
  const away = createAway({ tenant, isOffered: isOn('away'), rows: store.away, steps, timeZone, time, log })
  const watcher = isTelling
    ? createWatcher({ homes, rows: store.notices, notices, clock, timeZone, time, log })
    : null

  return {
    notices,
    emails: createEmailAddresses({
      tenant,
      contacts: store.contacts,
      deliveries: store.deliveries,
      once: store.once,
      mailer,
      messages,
      time,
    }),
    unsubscribeGate: createRateGate(time),
    sender,
    vapidKeys,
    timeZone,
    canMail: mailer !== null,
    away,
    watcher,
    async close() {
      away.close()
      await watcher?.close()
      await courier?.close()
    },
  }
}
