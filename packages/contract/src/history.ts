import * as v from 'valibot'
import type { DeviceType } from './device.ts'

/**
 * What is kept of a reading, by type, in the order in which it is stored. Names are only ever added at the end:
 * what was kept before a name was there is unknown for it.
 */
export const measuredFields = {
  'heat-pumps': [
    'current_power_consumption_w',
    'current_mode',
    'dhw_temperature',
    'inlet_temperature',
    'outlet_temperature',
    'indoor_actual_temperature',
    'indoor_target_temperature',
    'outdoor_temperature',
  ],
  'electric-vehicles': ['is_plugged_in', 'is_charging', 'charge_rate_w', 'battery_level', 'driving_range'],
  inverters: [
    'current_solar_production_w',
    'household_consumption_w',
    'battery_charge_discharge_power_w',
    'current_power_to_grid_w',
    'battery_charge_level_percent',
    'solar_surplus_w',
  ],
  wallboxes: ['mode', 'connection', 'is_plugged_in', 'is_charging', 'charge_rate_w'],
} as const satisfies Record<DeviceType, readonly string[]>

/** `null`: not known at that time, which is neither zero nor `false`. */
export const Measured = v.nullable(v.union([v.number(), v.boolean(), v.string()]))
export type Measured = v.InferOutput<typeof Measured>

/**
 * `GET /api/history`: the readings of one device as they were reported, by columns of equal length. Between two
 * readings that are further apart than the device's rhythm nothing is known; nothing is made up for it.
 */
export const History = v.object({
  /** When the device reported, ms since 1970, oldest first. */
  at_ms: v.array(v.number()),
  /** One column per field of `measuredFields`. */
  values: v.record(v.string(), v.array(Measured)),
  /** Readings from this time to that one came and could not be kept. */
  gaps: v.array(v.object({ from_ms: v.number(), to_ms: v.number() })),
  /** Readings cannot be kept just now; those that wait are added when they can. */
  is_paused: v.boolean(),
  /** `from` of the rest, when there is more than fits in one answer. */
  next: v.nullable(v.string()),
})
export type History = v.InferOutput<typeof History>

/** Query of `GET /api/history`. Times carry their zone; the span is `from` ≤ t < `to`. */
export const HistoryQuery = v.object({
  from: v.pipe(v.string(), v.isoTimestamp()),
  to: v.pipe(v.string(), v.isoTimestamp()),
})
export type HistoryQuery = v.InferOutput<typeof HistoryQuery>

/** `PUT /api/history/settings`. */
export const HistorySettings = v.strictObject({
  /** `false`: what devices report is shown and not kept. What was kept before stays until it is deleted. */
  is_kept: v.boolean(),
})
export type HistorySettings = v.InferOutput<typeof HistorySettings>

/** `GET /api/history/settings`. */
export const HistoryState = v.object({
  ...HistorySettings.entries,
  /** Readings cannot be kept just now; they are held, and kept later. */
  is_paused: v.boolean(),
})
export type HistoryState = v.InferOutput<typeof HistoryState>

/** Something that was told to a device, or to Homewatt, in the name of this user. */
export const AuditEntry = v.object({
  at: v.string(),
  /** What was asked for, for example `boost`. */
  command: v.string(),
  type: v.nullable(v.string()),
  device_id: v.nullable(v.string()),
  /** The values that were asked for, by name; `null` when the command has none. */
  asked: v.nullable(v.record(v.string(), v.unknown())),
  /**
   * How it ended: an outcome of the command or the code of the failure. `under_way` also when the process ended
   * before it knew.
   */
  outcome: v.string(),
  /** Why, when the partner said. */
  reason: v.nullable(v.string()),
  /** Whether it was this browser. */
  is_own: v.boolean(),
})
export type AuditEntry = v.InferOutput<typeof AuditEntry>

/** `GET /api/audit`, newest first. */
export const AuditTrail = v.object({
  entries: v.array(AuditEntry),
  /** `before` of the rest, when there is more. */
  next: v.nullable(v.string()),
})
export type AuditTrail = v.InferOutput<typeof AuditTrail>
