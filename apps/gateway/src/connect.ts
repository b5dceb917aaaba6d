import type { PartnerClient, Time } from '@homewatt/client'
import {
  PendingConnect,
  type ClaimTicket,
  type ConnectStart,
  type DeviceType,
  type OnboardingDeviceType,
  type PriceZone,
} from '@homewatt/contract'
import { newDeviceOf } from '@homewatt/display'
import * as v from 'valibot'
import type { CommandLimits } from './command-limits.ts'
import { connectUnavailable, invalidRequest } from './errors.ts'
import type { Home } from './homes.ts'
import type { LinkCheck } from './links.ts'
import type { Poller } from './poller.ts'
import type { Store } from './store.ts'

/** Ways to a new device: through the partner's Connect page, or, for a charger, by telling it whom to call. */
export type Connect = {
  /**
   * Resolves to a checked URL to send the browser to. Rejects with `action_unavailable` when the page is none that
   * anybody may be sent to, and with the errors of the client.
   *
   * @param byMs when it has to be known, as `Time.monotonicMs`
   */
  start(home: Home, wish: ConnectStart, language: 'en' | 'de', byMs: number): Promise<string>
  /** Mints what a charger has to be told. It opens the door to this home once, so it is kept nowhere. */
  claim(home: Home, byMs: number): Promise<ClaimTicket>
  /** What was begun last, while its session may go on. Whoever asks waits for it, so the list is asked for anew. */
  pending(home: Home): Promise<PendingConnect | null>
}

/** §8: sessions are good until the end of the next day. */
const LIFE_MS = 48 * 60 * 60_000
/** Some of the time is for beginning it. */
const LOOK = { priority: 'command', deadlineMs: 2_500 } as const
const codes = {
  'heat-pumps': 'hp',
  'electric-vehicles': 'ev',
  inverters: 'iv',
  wallboxes: 'wb',
} as const satisfies Record<DeviceType, OnboardingDeviceType>

export function createConnect({
  client,
  poller,
  limits,
  checkLink,
  settings,
  publicUrl,
  priceZone,
  time,
}: {
  client: Pick<PartnerClient, 'startOnboarding' | 'mintClaimToken' | 'records'>
  poller: Poller
  limits: CommandLimits
  checkLink: LinkCheck
  settings: Store['settings']
  publicUrl: URL
  /** Where devices are that do not say it themselves. */
  priceZone: PriceZone
  time: Time
}): Connect {
  const returnUrl = (result: 'success' | 'cancel') =>
    new URL(`/connect/return?result=${result}`, publicUrl).href
  const limitKey = (home: Home) => `${home.key}/connect`

  async function demandBuilding(home: Home, id: string | null, byMs: number) {
    if (id === null) return
    const { value } = await client.records('buildings', home.userId, { ...LOOK, byMs })
    if (!value.some((building) => building.id === id))
      throw invalidRequest({ building_id: 'There is no such building in this home.' })
  }

  async function begin(home: Home, type: DeviceType) {
    const pending: PendingConnect = {
      type,
      began_at: new Date(time.wallMs()).toISOString(),
      known: [...home.groups[type].devices.keys()],
    }
    await settings.put(home, 'connect', JSON.stringify(pending))
    expect(home, pending)
  }

  function expect(home: Home, pending: PendingConnect) {
    poller.expect(home, pending.type, () => {
      const devices = [...home.groups[pending.type].devices.values()].map(({ reading }) => reading)
      return newDeviceOf(devices, pending.known)?.current_state_last_updated_at != null
    })
  }

  return {
    async start(home, { type, building_id = null }, language, byMs) {
      limits.admit(home.key, limitKey(home))
      await poller.load(home)
      await demandBuilding(home, building_id, byMs)
      const { authenticationUrl } = await client.startOnboarding(
        {
          user_id: home.userId,
          success_url: returnUrl('success'),
          cancel_url: returnUrl('cancel'),
          language,
          price_zone_default: priceZone,
          is_smart_optimization_active_default: true,
          building_id,
          device_type: codes[type],
        },
        { byMs },
      )
      const checked = checkLink(authenticationUrl)
      if (checked === null) throw connectUnavailable()
      await begin(home, type)
      return checked
    },
    async claim(home, byMs) {
      limits.admit(home.key, limitKey(home))
      await poller.load(home)
      const ticket = await client.mintClaimToken(home.userId, { byMs })
      await begin(home, 'wallboxes')
      return ticket
    },
    async pending(home) {
      const pending = read(await settings.find(home, 'connect'))
      if (pending === null || time.wallMs() - Date.parse(pending.began_at) > LIFE_MS) return null
      expect(home, pending)
      await poller.load(home)
      return pending
    },
  }
}

function read(kept: string | null): PendingConnect | null {
  const parsed = kept === null ? null : v.safeParse(PendingConnect, JSON.parse(kept))
  return parsed?.success ? parsed.output : null
}
