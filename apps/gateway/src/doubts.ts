import type { Time } from '@homewatt/client'
import type { DeviceType } from '@homewatt/contract'
import type { Disbelieve } from './disbelief.ts'
import type { Home } from './homes.ts'
import { shortHash, type Log } from './log.ts'

/** Says what in the partner's answers was not believed, and never its value: each thing at most once an hour in the log. */
export type Doubts = {
  /** @param fields names, as often as they occurred */
  fields(type: DeviceType, fields: readonly string[]): void
  /** Something is asked of a person that they cannot start here; `code` is one of the documents', or `other`. */
  actionWithoutLink(type: DeviceType, code: string): void
  /** Devices that came twice in one list. */
  repeated(type: DeviceType, count: number): void
  /** Devices without an id to know them by. */
  dropped(home: Home, type: DeviceType, count: number): void
}

const EVERY_MS = 60 * 60_000

export function createDoubts({
  time,
  log,
  disbelieve,
}: {
  time: Time
  log: Log
  /** Hears of each thing every time. */
  disbelieve: Disbelieve
}): Doubts {
  const said = new Map<string, number>()

  function say(event: string, type: DeviceType, kind: string | undefined, count: number) {
    const key = `${event} ${type} ${kind ?? ''}`
    const nowMs = time.monotonicMs()
    if (nowMs - (said.get(key) ?? -Infinity) < EVERY_MS) return
    said.set(key, nowMs)
    log.warn({ event, type, ...(kind === undefined ? {} : { kind }), count })
  }

  return {
    fields(type, fields) {
      if (fields.length > 0) disbelieve('field', fields.length)
      for (const field of new Set(fields))
        say('field_not_believed', type, field, fields.filter((one) => one === field).length)
    },
    actionWithoutLink: (type, code) => say('action_without_link', type, code, 1),
    repeated(type, count) {
      if (count === 0) return
      disbelieve('device_repeated', count)
      say('devices_repeated', type, undefined, count)
    },
    dropped(home, type, count) {
      if (count === 0) return
      disbelieve('device_without_id', count)
      log.warn({ event: 'devices_dropped', home: shortHash(home.key), type, count })
    },
  }
}
