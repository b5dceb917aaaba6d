import * as v from 'valibot'
import { Capability } from './capabilities.ts'
import { BoostRefusalReason, BoostState } from './charging.ts'
import type { DeviceType } from './device.ts'
import { ElectricVehicle } from './electric-vehicle.ts'
import { offered, timeOfDay, uuid } from './fields.ts'
import { HeatPump } from './heat-pump.ts'
import { Inverter } from './inverter.ts'
import { Wallbox } from './wallbox.ts'

/**
 * The gateway's own API, as a browser sees it. Device fields keep the partner's words; what the gateway adds
 * stands beside them. Whatever is not named here does not leave the gateway.
 */

/** Why the last known values are not being renewed. */
export const ProblemKind = v.picklist([
  /** Nobody answered, or with a failure. */
  'unreachable',
  /** The organisation's own credential is refused; nothing the user can do. */
  'credentials_rejected',
  /** Asked to slow down. */
  'rate_limited',
  /** The Partner API does not know this user (yet). */
  'not_linked',
  /** Not available for this account. */
  'forbidden',
  /** An answer came and could not be believed. */
  'invalid_answer',
])
export type ProblemKind = v.InferOutput<typeof ProblemKind>

export const Problem = v.object({ kind: ProblemKind, since: v.string() })
export type Problem = v.InferOutput<typeof Problem>

/** An open action of a device. Its link stays on the server; `n` names it in `POST …/actions/{n}/start`. */
export const OpenAction = v.object({
  n: v.number(),
  /** Only documented codes are passed on; anything else is `other`. */
  code: v.picklist(['reauthenticate', 'other']),
  /** Whether there is a link the gateway may follow. */
  can_start: v.boolean(),
})
export type OpenAction = v.InferOutput<typeof OpenAction>

const added = {
  manufacturer: v.nullable(v.string()),
  model: v.nullable(v.string()),
  building: v.nullable(v.string()),
  /** Seconds between the device's own updates, learned; `null` until known. */
  expected_interval_s: v.nullable(v.number()),
  /** `null`: not asked for, because nothing says that there are any. */
  actions: v.nullable(v.array(OpenAction)),
  /**
   * Set while the partner names the device no longer and nobody knows for how long: missing from the list, or not
   * known when asked for alone.
   */
  presence: v.optional(v.picklist(['not_reported', 'gone'])),
}

const addedBoost = {
  /** When the gateway first saw the present `boost_state`, for elapsed time; `null` before the first change. */
  boost_state_since: v.nullable(v.string()),
}

/** What a vehicle was seen to charge with, W. */
export const SeenRate = v.object({
  /** The most of the weakest of its last spells of charging. */
  least_w: v.number(),
  /** What several spells stayed at and none exceeded; `null`: no such ceiling was seen. */
  most_w: v.nullable(v.number()),
})
export type SeenRate = v.InferOutput<typeof SeenRate>

const common = [
  'id',
  'is_authenticated',
  'action_needed',
  'is_smart_optimization_active',
  'current_state_last_updated_at',
  'is_pause_power_active',
  'pause_power_until',
] as const

/** A heat pump as the gateway shows it. */
export const HeatPumpReading = v.object({
  ...v.pick(HeatPump, [
    ...common,
    'current_power_consumption_w',
    'current_mode',
    'dhw_temperature',
    'dhw_standard_temperature',
    'inlet_temperature',
    'outlet_temperature',
    'indoor_actual_temperature',
    'indoor_target_temperature',
    'indoor_target_temperature_offset',
    'outdoor_temperature',
    'optimization_level',
    'maximum_temperature_limit',
    'minimum_temperature_limit',
    'minimum_dhw_temperature_limit',
    'is_hot_water_heating_enabled',
  ]).entries,
  ...added,
})
export type HeatPumpReading = v.InferOutput<typeof HeatPumpReading>

/** The moment by which a vehicle is to be ready next; percent is `null` when nobody reports it. */
export const NextDeadline = v.object({ at: v.string(), percent: v.nullable(v.number()) })
export type NextDeadline = v.InferOutput<typeof NextDeadline>

/** A vehicle as the gateway shows it. */
export const ElectricVehicleReading = v.object({
  ...v.pick(ElectricVehicle, [
    ...common,
    'is_plugged_in',
    'is_charging',
    'charge_rate_w',
    'battery_level',
    'battery_capacity_kwh',
    'is_fully_charged',
    'driving_range',
    'boost_state',
    'boost_for_next_session',
    'charge_target_max',
    'is_charge_policy_enabled',
    'charge_deadline_at',
    'minimum_charge_limit',
  ]).entries,
  ...added,
  ...addedBoost,
  /** `null` until it was seen to charge. */
  charge_rate_seen: v.nullable(SeenRate),
  /**
   * What the weekly plan asks for next, while a deadline is active. Left out where the plan asks for nothing else than
   * `charge_deadline_at` and `minimum_charge_limit` do; `null`: what it asks for is not known (yet).
   */
  next_deadline: v.optional(v.nullable(NextDeadline)),
})
export type ElectricVehicleReading = v.InferOutput<typeof ElectricVehicleReading>

/** An inverter as the gateway shows it. */
export const InverterReading = v.object({
  ...v.pick(Inverter, [
    ...common,
    'current_solar_production_w',
    'household_consumption_w',
    'battery_charge_discharge_power_w',
    'current_power_to_grid_w',
    'battery_charge_level_percent',
    'solar_surplus_w',
    'solar_power_rating_kw',
    'is_battery_connected',
    'battery_capacity_kwh',
    'min_battery_charge',
    'max_battery_charge',
  ]).entries,
  ...added,
})
export type InverterReading = v.InferOutput<typeof InverterReading>

/** A wallbox as the gateway shows it. */
export const WallboxReading = v.object({
  ...v.pick(Wallbox, [
    ...common,
    'mode',
    'connection',
    'is_plugged_in',
    'is_charging',
    'charge_rate_w',
    'charge_power_max_w',
    'boost_state',
    'boost_for_next_session',
    'is_charge_policy_enabled',
    'minimum_charge_limit',
    'charge_target_max',
  ]).entries,
  /** By the clock of the home, in whichever form the Partner API has it (§20 C4). */
  charge_deadline_at: offered(timeOfDay),
  ...added,
  ...addedBoost,
})
export type WallboxReading = v.InferOutput<typeof WallboxReading>

/** Reading schema by device type. */
export const readings = {
  'heat-pumps': HeatPumpReading,
  'electric-vehicles': ElectricVehicleReading,
  inverters: InverterReading,
  wallboxes: WallboxReading,
} as const satisfies Record<DeviceType, v.GenericSchema>

export type ReadingByType = {
  'heat-pumps': HeatPumpReading
  'electric-vehicles': ElectricVehicleReading
  inverters: InverterReading
  wallboxes: WallboxReading
}
export type Reading = ReadingByType[DeviceType]

const group = <S extends v.GenericSchema>(reading: S) =>
  v.object({
    /** `loading`: never answered yet. `known`: `devices` is what was last answered, however old. */
    state: v.picklist(['loading', 'known']),
    /** When the Partner API last answered for this type. */
    asked_at: v.nullable(v.string()),
    /** Why it is not being renewed; `null` while all is well. */
    problem: v.nullable(Problem),
    devices: v.array(reading),
  })

/** All devices of one type in a home. */
export type DeviceGroup<T extends DeviceType = DeviceType> = {
  state: 'loading' | 'known'
  asked_at: string | null
  problem: Problem | null
  devices: ReadingByType[T][]
}

const groupEntries = {
  'heat-pumps': group(HeatPumpReading),
  'electric-vehicles': group(ElectricVehicleReading),
  inverters: group(InverterReading),
  wallboxes: group(WallboxReading),
}

/** `GET /api/home`, and the first event (`snapshot`) of `GET /api/stream`. */
export const HomeSnapshot = v.object({
  /** `epoch:seq`; only grows. Compare with `isNewer`. */
  version: v.string(),
  /**
   * The Partner API's present time as the gateway reckons it (its `Date` header decides). Ages are differences
   * to this, so a wrong clock in a browser or on the gateway changes no age.
   */
  at: v.string(),
  /** IANA zone of the home. */
  time_zone: v.string(),
  groups: v.object(groupEntries),
})
export type HomeSnapshot = v.InferOutput<typeof HomeSnapshot>

/** Event `change` of the stream: the groups that differ from the version before, whole. */
export const HomeChange = v.object({
  version: v.string(),
  at: v.string(),
  groups: v.partial(v.object(groupEntries)),
})
export type HomeChange = v.InferOutput<typeof HomeChange>

/**
 * Event `beat` of the stream, every 15 s: still there, what time it is, and when each type was last answered.
 * An answer that changes nothing but `asked_at` makes no `change`, so this is how a screen learns of it.
 */
export const Beat = v.object({
  at: v.string(),
  asked_at: v.object({
    'heat-pumps': v.nullable(v.string()),
    'electric-vehicles': v.nullable(v.string()),
    inverters: v.nullable(v.string()),
    wallboxes: v.nullable(v.string()),
  }),
})
export type Beat = v.InferOutput<typeof Beat>

/**
 * Event `release` of the stream, after its snapshot: the script of the pages that this gateway serves. Whoever runs
 * another one is of another release, and better loaded anew. Not told by a gateway without pages.
 */
export const Release = v.object({ script: v.string() })
export type Release = v.InferOutput<typeof Release>

/** `GET /api/devices/{type}/{id}`: one reading with what is needed to judge it. */
export const DeviceAnswer = v.object({
  version: v.string(),
  /** As in `HomeSnapshot`. */
  at: v.string(),
  /** Of the group the device belongs to. */
  problem: v.nullable(Problem),
  device: v.union([HeatPumpReading, ElectricVehicleReading, InverterReading, WallboxReading]),
})
export type DeviceAnswer<T extends DeviceType = DeviceType> = {
  version: string
  at: string
  problem: Problem | null
  device: ReadingByType[T]
}

/** `GET /api/session`. Says nothing of who the person is. */
export const Session = v.object({
  signed_in: v.boolean(),
  /** Running against the simulator: demo homes may be chosen at `/demo`. */
  demo: v.boolean(),
  /** Name of the demo home, or `null`. */
  home: v.nullable(v.string()),
  /** Whom the user may ask for help. */
  support: v.object({ name: v.string(), email: v.nullable(v.string()), url: v.nullable(v.string()) }),
  brand: v.object({ name: v.string() }),
  /** What this household may not do: its routes, pages and controls are not there. */
  switched_off: v.array(Capability),
})
export type Session = v.InferOutput<typeof Session>

/** `GET /api/demo/homes`. */
export const DemoHomes = v.object({ homes: v.array(v.object({ name: v.string() })) })
export type DemoHomes = v.InferOutput<typeof DemoHomes>

export const DemoSignIn = v.strictObject({ home: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)) })
export type DemoSignIn = v.InferOutput<typeof DemoSignIn>

/** The pages that may be opened after signing in, by name: a path from a link would be anybody's to choose. */
export const ReturnTo = v.picklist(['overview', 'history', 'settings'])
export type ReturnTo = v.InferOutput<typeof ReturnTo>

/** Why nobody is signed in, as `/sign-in?reason=…` tells it. */
export const SignInReason = v.picklist([
  /** The person did not want to, or was not let in by the issuer. */
  'cancelled',
  /** It took too long, or was begun in another browser or tab. */
  'expired',
  /** Something did not fit together. */
  'failed',
  /** The Partner API does not know this person. */
  'not_linked',
  /** The issuer or the Partner API cannot be asked just now. */
  'unavailable',
])
export type SignInReason = v.InferOutput<typeof SignInReason>

/** `POST /api/sign-in`. */
export const SignInStart = v.strictObject({ return_to: v.optional(ReturnTo) })
export type SignInStart = v.InferOutput<typeof SignInStart>

/** Its answer: where the person signs in. A refusal names the reason, for the page to tell. */
export const SignInStarted = v.union([
  v.object({ redirect_url: v.string(), reason: v.null() }),
  v.object({ redirect_url: v.null(), reason: SignInReason }),
])
export type SignInStarted = v.InferOutput<typeof SignInStarted>

/** `POST /api/embed/session`: a token of the partner, for a session. */
export const EmbedSignIn = v.strictObject({ token: v.pipe(v.string(), v.minLength(1), v.maxLength(4_000)) })
export type EmbedSignIn = v.InferOutput<typeof EmbedSignIn>

/** Answer of `POST /api/session/end`: where to sign out of the issuer too, or `null`. */
export const SignedOut = v.object({ redirect_url: v.nullable(v.string()) })
export type SignedOut = v.InferOutput<typeof SignedOut>

/** `GET /api/sessions`: where the person is signed in, last used first. */
export const SessionList = v.object({
  sessions: v.array(
    v.object({
      /** Names it in `DELETE /api/sessions/{id}`; opens nothing. */
      id: v.string(),
      is_current: v.boolean(),
      began_at: v.string(),
      /** To about five minutes. */
      used_at: v.string(),
      /** Browser and system, for example `Firefox · Linux`; `null` when it did not say. */
      client: v.nullable(v.string()),
    }),
  ),
})
export type SessionList = v.InferOutput<typeof SessionList>

/** Answer of `POST|DELETE …/boost`. */
export const BoostAnswer = v.object({
  outcome: v.picklist([
    /** The Partner API took it (204), or reading back shows it. */
    'requested',
    'armed',
    'disarmed',
    'cancelled',
    /** The answer was lost and reading back did not settle it. */
    'unconfirmed',
  ]),
})
export type BoostAnswer = v.InferOutput<typeof BoostAnswer>

/** Answer of `POST …/actions/{n}/start`: where to send the browser. Checked against the allowed hosts. */
export const ActionStart = v.object({ redirect_url: v.string() })
export type ActionStart = v.InferOutput<typeof ActionStart>

/** Body of `POST /api/actions/given-up`; without one it counts for whatever was started. */
export const ActionGivenUp = v.strictObject({ device_id: v.nullable(uuid) })
export type ActionGivenUp = v.InferOutput<typeof ActionGivenUp>

/** Every failure of the gateway's API. `message` is for developers; people read the words of `code`. */
export const GatewayError = v.object({
  error: v.object({
    code: v.picklist([
      'not_signed_in',
      'not_found',
      'not_allowed',
      'boost_refused',
      'invalid_request',
      'forbidden_origin',
      'unsupported_media_type',
      'too_many_requests',
      'partner_unavailable',
      'store_unavailable',
      'action_unavailable',
      'overloaded',
      'internal',
    ]),
    message: v.string(),
    /** With `boost_refused`. */
    reason: v.optional(v.nullable(BoostRefusalReason)),
    state: v.optional(v.nullable(BoostState)),
    /** With `invalid_request`: what is wrong, by field. */
    fields: v.optional(v.record(v.string(), v.string())),
    /** With `invalid_request`, by field too where there is one: a code to find words by, see `SettingsComplaint`. */
    codes: v.optional(v.record(v.string(), v.string())),
    /** Seconds, with `partner_unavailable`, `store_unavailable`, `too_many_requests` and `overloaded`. */
    retry_after_s: v.optional(v.number()),
  }),
})
export type GatewayError = v.InferOutput<typeof GatewayError>
