import * as v from 'valibot'
import { DeviceType } from './device.ts'
import { timestamp } from './fields.ts'

/**
 * Away: optimisation is off on every device of the home from one moment to another. The gateway's own doing: at the
 * Partner API there is only `is_smart_optimization_active` of each device, §10.2.
 */

/** `2026-02-31` is none; read without a word it would be the third of March. */
function isDayOfCalendar(text: string): boolean {
  const day = text.slice(0, 10)
  const ms = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)
}

/** A moment with its zone, or a minute as a clock in the home shows it (`2026-07-14T18:00`). */
const moment = v.message(
  v.pipe(
    v.union([
      timestamp,
      v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])-\d{2}T([01]\d|2[0-3]):[0-5]\d$/)),
    ]),
    v.check(isDayOfCalendar),
  ),
  'Say a time, for example 2026-07-14T18:00, or with its zone 2026-07-14T18:00:00+02:00.',
)

/** Body of `PUT /api/away`. While a home is away already only `until` counts. */
export const AwayWish = v.strictObject({
  /** `null`: from now on. */
  from: v.nullable(moment),
  until: moment,
})
export type AwayWish = v.InferOutput<typeof AwayWish>

/** How long somebody may be away at most, and how far ahead that may be said, days. */
export const AWAY_MOST_DAYS = 366

export const AwayPhase = v.picklist([
  /** Begins later. */
  'planned',
  /** Devices are being switched over to their own schedule. */
  'pausing',
  /** All that could be paused is. */
  'away',
  /** It is over, and devices are being switched on again. */
  'resuming',
])
export type AwayPhase = v.InferOutput<typeof AwayPhase>

export const AwayDeviceState = v.picklist([
  /** To be paused, and not proved yet. */
  'pausing',
  'paused',
  /** It was not optimised when the time away began, so nothing of it changes. */
  'untouched',
  /** To be resumed, and not proved yet. */
  'resuming',
  'resumed',
  /** Somebody switched it on meanwhile. */
  'kept',
  /** The Partner API does not take the change. */
  'refused',
  /** The home does not have it any more. */
  'gone',
])
export type AwayDeviceState = v.InferOutput<typeof AwayDeviceState>

/** Answer of `GET|PUT|DELETE /api/away`; `away` is `null` while nobody is away or plans to be. */
export const AwayAnswer = v.object({
  away: v.nullable(
    v.object({
      from: v.string(),
      until: v.string(),
      phase: AwayPhase,
      /** Empty until it begins. */
      devices: v.array(v.object({ type: DeviceType, id: v.string(), state: AwayDeviceState })),
      /** Since when the Partner API could not be reached for what is still to do; `null` while all is well. */
      waiting_since: v.nullable(v.string()),
      /** When the reminder of the end comes, the evening before; `null` when there is none any more. */
      reminder_at: v.nullable(v.string()),
    }),
  ),
})
export type AwayAnswer = v.InferOutput<typeof AwayAnswer>
export type AwayState = NonNullable<AwayAnswer['away']>
