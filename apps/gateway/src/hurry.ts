import type { Time } from '@homewatt/client'
import { deviceTypes, type DeviceType } from '@homewatt/contract'
import { listStaleMs, pollAfterMs } from '@homewatt/display'
import type { ReadDevice } from './device-reader.ts'
import { mayHaveActions, type KnownDevice } from './group.ts'
import type { Home } from './homes.ts'

/** Follows devices that somebody waits for, one by one and faster than the lists: a starting boost, a reconnect. */
export type Hurry = {
  /** Sets or takes off the timers of this home, after anything changed. */
  arrange(home: Home): void
  /** The person was sent off to reconnect this device. */
  reconnecting(home: Home, id: string): void
  forget(home: Home): void
  close(): void
}

const RECONNECT = { everyMs: 5_000, forMs: 15 * 60_000 }

type Hurried = { timers: Map<string, () => void>; reconnectUntilMs: Map<string, number> }

export function createHurry({
  time,
  read,
  isFollowed,
  underWay,
}: {
  time: Time
  read: ReadDevice
  /** Whether anybody would see it, and the partner can be asked. */
  isFollowed: (home: Home) => boolean
  /** The list that is being asked for just now, if any. */
  underWay: (home: Home, type: DeviceType) => Promise<void> | undefined
}): Hurry {
  const homes = new Map<Home, Hurried>()

  function of(home: Home): Hurried {
    let hurried = homes.get(home)
    if (!hurried) homes.set(home, (hurried = { timers: new Map(), reconnectUntilMs: new Map() }))
    return hurried
  }

  /** How soon this device is worth asking for on its own; `null` when the list will do. */
  function waitMs(
    { reconnectUntilMs }: Hurried,
    type: DeviceType,
    { reading, boostSinceMs }: KnownDevice,
  ): number | null {
    if (reading.presence) return null
    const nowMs = time.monotonicMs()
    if ('boost_state' in reading) {
      const boostMs = pollAfterMs(type, reading, nowMs - boostSinceMs)
      if (boostMs < listStaleMs) return boostMs
    }
    const isReconnecting = nowMs < (reconnectUntilMs.get(reading.id) ?? -Infinity)
    return isReconnecting && mayHaveActions(reading) ? RECONNECT.everyMs : null
  }

  function arrange(home: Home) {
    const hurried = of(home)
    const { timers } = hurried
    const isWorthIt = isFollowed(home)
    for (const type of deviceTypes)
      for (const [id, known] of home.groups[type].devices) {
        const ms = isWorthIt ? waitMs(hurried, type, known) : null
        if (ms === null) {
          timers.get(id)?.()
          timers.delete(id)
        } else if (!timers.has(id)) {
          const cancel = time.after(ms, () => void ask(home, type, id))
          timers.set(id, cancel)
        }
      }
  }

  async function ask(home: Home, type: DeviceType, id: string) {
    // The list that is under way tells the same.
    const list = underWay(home, type)
    if (list) await list
    else await read(home, type, id, { priority: 'boost', attempts: 1 }).catch(() => null)
    of(home).timers.delete(id)
    arrange(home)
  }

  function forget(home: Home) {
    for (const cancel of homes.get(home)?.timers.values() ?? []) cancel()
    homes.delete(home)
  }

  return {
    arrange,
    reconnecting: (home, id) => void of(home).reconnectUntilMs.set(id, time.monotonicMs() + RECONNECT.forMs),
    forget,
    close: () => {
      for (const home of [...homes.keys()]) forget(home)
    },
  }
}
