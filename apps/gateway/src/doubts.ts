import type { Time } from '@homewatt/client'
import type { DeviceType } from '@homewatt/contract'
import type { Log } from './log.ts'

/** Says what in the partner's answers was not believed: each thing at most once an hour, and never its value. */
export type Doubts = {
  /** @param fields names, as often as they occurred */
  fields(type: DeviceType, fields: readonly string[]): void
  /** Something is asked of a person that they cannot start here; `code` is one of the documents', or `other`. */
  actionWithoutLink(type: DeviceType, code: string): void
  /** Devices that came twice in one list. */
  repeated(type: DeviceType, count: number): void
}

const EVERY_MS = 60 * 60_000

export function createDoubts({ time, log }: { time: Time; log: Log }): Doubts {
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
      for (const field of new Set(fields))
        say('field_not_believed', type, field, fields.filter((one) => one === field).length)
    },
    actionWithoutLink: (type, code) => say('action_without_link', type, code, 1),
    repeated(type, count) {
      if (count > 0) say('devices_repeated', type, undefined, count)
    },
  }
}
