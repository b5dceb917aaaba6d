import {
  ForeignDevice,
  NotFound,
  type CallOptions,
  type PartnerClient,
  type PartnerDevice,
  type Time,
} from '@homewatt/client'
import type { DeviceType } from '@homewatt/contract'
import { openActions } from './actions.ts'
import type { DeviceRefusals } from './device-refusals.ts'
import type { Doubts } from './doubts.ts'
import { deviceUnknown, mergeDevice, type KnownDevice } from './group.ts'
import type { Home, Homes } from './homes.ts'
import type { LinkCheck } from './links.ts'
import { shortHash, type Log } from './log.ts'
import type { Plans } from './plans.ts'
import type { UpstreamClock } from './upstream-clock.ts'

export type ReadOptions = CallOptions

/** `anew`: an answer that is already under way will not do, because something was written since it was asked for. */
export type DeviceReadOptions = ReadOptions & { anew?: boolean }

/**
 * Asks for one device with its actions, and shares the answer with all who ask meanwhile. Rejects with the errors
 * of the client, and for a minute with `Forbidden` after the partner said so; `null` when the home no longer has the device.
 */
export type ReadDevice = (
  home: Home,
  type: DeviceType,
  id: string,
  options?: DeviceReadOptions,
) => Promise<KnownDevice | null>

/** @param onGone hears of a device that the partner does not know any more */
export function createDeviceReader({
  homes,
  client,
  clock,
  time,
  log,
  checkLink,
  doubts,
  plans,
  refusals,
  onGone,
}: {
  homes: Homes
  client: PartnerClient
  clock: UpstreamClock
  time: Time
  log: Log
  /** `null` where nobody may follow actions. */
  checkLink: LinkCheck | null
  doubts: Doubts
  plans: Pick<Plans, 'see'>
  refusals: DeviceRefusals
  onGone: (home: Home, type: DeviceType) => void
}): ReadDevice {
  const underWay = new Map<string, Promise<KnownDevice | null>>()

  async function ask(
    home: Home,
    type: DeviceType,
    id: string,
    options: ReadOptions,
  ): Promise<KnownDevice | null> {
    const group = home.groups[type]
    const seq = homes.nextSeq()
    const startMs = time.monotonicMs()
    try {
      const { value, dateMs } = await refusals.unlessRefused({ home, type, id }, () =>
        client.device(type, home.userId, id, options),
      )
      clock.hear(dateMs, startMs, time.monotonicMs())
      // Meanwhile the lists may have agreed that it is gone.
      if (!group.devices.has(id)) return null
      const device: PartnerDevice = value
      const actions = openActions(device, checkLink)
      for (const { code, can_start } of actions) if (!can_start) doubts.actionWithoutLink(type, code)
      if (device.is_authenticated === false && actions.length === 0) doubts.actionWithoutLink(type, 'none')
      mergeDevice(
        group,
        { device, actions },
        { seq, nowMs: time.monotonicMs(), at: clock.now() },
        home.learned,
      )
      home.publish()
      plans.see(home)
      return group.devices.get(id) ?? null
    } catch (error) {
      if (error instanceof ForeignDevice)
        log.error({ event: 'foreign_device', home: shortHash(home.key), type })
      if (error instanceof NotFound) {
        deviceUnknown(group, id)
        home.publish()
        onGone(home, type)
      }
      throw error
    }
  }

  return (home, type, id, { anew = false, ...options } = {}) => {
    if (anew) return ask(home, type, id, options)
    const key = `${home.key}/${id}`
    let reading = underWay.get(key)
    if (!reading)
      underWay.set(key, (reading = ask(home, type, id, options).finally(() => underWay.delete(key))))
    return reading
  }
}
