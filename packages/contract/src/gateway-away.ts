import * as v from 'valibot'
import { DeviceType } from './device.ts'
import { timestamp } from './fields.ts'

/**
 * Away: optimisation is off on every device of the home from one moment to another. The gateway's own doing: at the
 * Partner API there is only `is_smart_optimization_active` of each device, §10.2.
 */

/** A moment with its zone, or a minute as a clock in the home shows it (`2026-07-14T18:00`). */
const moment = v.message(
  v.union([timestamp, v.pipe(v.string(), v.isoDateTime())]),
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
    }),
  ),
})
export type AwayAnswer = v.InferOutput<typeof AwayAnswer>
export type AwayState = NonNullable<AwayAnswer['away']>
