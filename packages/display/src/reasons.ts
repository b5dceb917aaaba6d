import type {
  ElectricVehicleReading,
  HeatPumpReading,
  InverterReading,
  Reading,
  WallboxReading,
} from '@homewatt/contract'
import type { Deadline } from './boost.ts'
import type { VehicleView } from './electric-vehicle.ts'
import type { Freshness } from './freshness.ts'
import type { HeatPumpView } from './heat-pump.ts'
import type { InverterView } from './inverter.ts'
import type { Pause } from './pause.ts'
import { finite } from './shown.ts'
import type { WallboxView } from './wallbox.ts'

export type ReasonDoing =
  | 'unknown'
  | 'gone'
  | 'lapsed'
  | 'min'
  | 'eco'
  | 'comfort'
  | 'boost'
  | 'optimizing'
  | 'own_settings'
  | 'not_charging'
  | 'ready'
  | 'starting'
  | 'charging'
  | 'boost_idle'
  | 'boost_untold'
  | 'charging_untold'
  | 'idle'
  /** These two are explained by the words of the charging status. */
  | 'waiting'
  | 'full'
  | 'unavailable'
  | 'battery_from_solar'
  | 'battery_from_grid'
  | 'battery_from_both'
  | 'battery_charging'
  | 'battery_to_home'
  | 'battery_discharging'
  | 'battery_idle'
  | 'solar_to_grid'
  | 'solar_to_home'
  | 'no_solar'

export type ReasonWhy =
  | {
      kind:
        | 'link'
        | 'not_steered'
        | 'chosen'
        | 'no_cable'
        | 'no_car'
        | 'boost'
        | 'requested'
        | 'steered'
        | 'off'
        | 'untold'
        | 'despite_pause'
        | 'offline'
        | 'never_connected'
    }
  | { kind: 'limit' | 'reserve'; percent: number }

export type ReasonNext =
  | { kind: 'reconnect' | 'resumes' | 'open_end' | 'follows_price' | 'once_plugged' | 'armed' }
  | { kind: 'deadline'; deadline: Deadline }
  | { kind: 'limit' | 'up_to' | 'down_to'; percent: number }

/** What a device does, why, what comes next, and how old that is. Nothing is said that no field says. */
export type Reason = {
  doing: { kind: ReasonDoing } | { kind: 'paused'; pause: Pause }
  /** `null`: what is done says it already, or there is nothing known to say. */
  why: ReasonWhy | null
  next: ReasonNext | null
  /** Facts too old, or of a device too long unheard of, to be called present. */
  isPast: boolean
  asOf: Freshness
}

type Said = Pick<Reason, 'doing' | 'why' | 'next'>

/** Why a heat pump runs as it does: a pause first, then its mode, which is the only fact about the price. See `Reason`. */
export function heatPumpReason(
  device: HeatPumpReading,
  view: Pick<HeatPumpView, 'status' | 'paused' | 'freshness'>,
  now: Date,
): Reason {
  const { status, paused, freshness } = view
  return reason(device, freshness, () => {
    if (paused) return pausedSaid(paused, now)
    if (status === 'not_optimizing') return said('own_settings', { kind: 'not_steered' })
    if (status === 'unknown' || status === 'optimizing') return said(status)
    // Its mode follows the price, §10; what the price is, no field says.
    return said(status, { kind: 'chosen' }, { kind: 'follows_price' })
  })
}

/** Why a vehicle charges or does not; boost and pause go before all that is steered. See `Reason`. */
export function vehicleReason(
  device: ElectricVehicleReading,
  view: Pick<VehicleView, 'status' | 'paused' | 'arming' | 'deadline' | 'limitPercent' | 'freshness'>,
  now: Date,
): Reason {
  const { status, freshness } = view
  return reason(device, freshness, () => {
    if (status === 'unknown' || status === 'unplugged') {
      if (view.paused) return pausedSaid(view.paused, now)
      if (status === 'unknown') return said('unknown')
      return said('not_charging', { kind: 'no_cable' }, unpluggedNext(device, view))
    }
    const steered = steeredSaid(device, view, now)
    if (steered) return steered
    if (status === 'full') return said('full')
    return status === 'waiting' ? said('waiting', null, chargerNext(device, view)) : pluggedSaid(device, view)
  })
}

/** Why a wallbox charges or does not: first whether it can be reached, then as with a vehicle. See `Reason`. */
export function wallboxReason(
  device: WallboxReading,
  view: Pick<
    WallboxView,
    'status' | 'online' | 'paused' | 'arming' | 'deadline' | 'limitPercent' | 'freshness'
  >,
  now: Date,
): Reason {
  const { status, online, freshness } = view
  return reason(device, freshness, () => {
    if (status === 'unavailable')
      return said(
        'unavailable',
        online === 'offline' || online === 'never_connected' ? { kind: online } : null,
      )
    if (status === 'unknown' || status === 'ready') {
      if (view.paused) return pausedSaid(view.paused, now)
      if (status === 'unknown') return said('unknown')
      return device.is_plugged_in === false
        ? said('not_charging', { kind: 'no_car' }, unpluggedNext(device, view))
        : said('ready', null, chargerNext(device, view))
    }
    const plugged = { ...device, is_charging: isBoxCharging(device, status) }
    return steeredSaid(plugged, view, now) ?? pluggedSaid(plugged, view)
  })
}

/** `PLUGGED_IN` says that it does not charge; a status worked out without `mode` may leave that open. */
function isBoxCharging({ mode, is_charging }: WallboxReading, status: WallboxView['status']): boolean | null {
  if (status === 'charging') return true
  return mode === 'PLUGGED_IN' ? false : is_charging
}

/** Why a battery charges, discharges or rests; without a battery, where the sun's power goes. See `Reason`. */
export function inverterReason(
  device: InverterReading,
  view: Pick<InverterView, 'flow' | 'paused' | 'freshness'>,
  now: Date,
): Reason {
  return reason(device, view.freshness, () => {
    if (view.paused) return pausedSaid(view.paused, now)
    return view.flow.nodes.battery ? batterySaid(device, view.flow) : solarSaid(view.flow)
  })
}

/** What stands above all states of a device: that it is not there, or that nobody can reach it. */
function reason(device: Reading, freshness: Freshness, saidOf: () => Said): Reason {
  const asOf = freshness
  if (device.presence === 'gone') return { ...said('gone'), isPast: false, asOf }
  if (device.is_authenticated === false)
    return { ...said('lapsed', { kind: 'link' }, { kind: 'reconnect' }), isPast: false, asOf }
  const told = saidOf()
  const isDated = freshness.level === 'old' || device.presence === 'not_reported'
  return { ...told, isPast: isDated && told.doing.kind !== 'unknown', asOf }
}

function said(kind: ReasonDoing, why: ReasonWhy | null = null, next: ReasonNext | null = null): Said {
  return { doing: { kind }, why, next }
}

function pausedSaid(pause: Pause, now: Date): Said {
  const endMs = pause.until === null ? NaN : Date.parse(pause.until)
  if (Number.isNaN(endMs))
    return { doing: { kind: 'paused', pause: { until: null } }, why: null, next: { kind: 'open_end' } }
  // Still said to be paused although the end has passed: until when, nobody knows.
  return endMs > now.getTime()
    ? { doing: { kind: 'paused', pause }, why: null, next: { kind: 'resumes' } }
    : { doing: { kind: 'paused', pause: { until: null } }, why: null, next: null }
}

type Charger = Pick<
  ElectricVehicleReading | WallboxReading,
  'is_charging' | 'is_plugged_in' | 'boost_state' | 'is_smart_optimization_active'
>
type ChargerView = Pick<VehicleView, 'paused' | 'arming' | 'deadline' | 'limitPercent'>

/** A boost goes before a pause, and both before everything else; `null` without either. */
function steeredSaid(device: Charger, view: ChargerView, now: Date): Said | null {
  const isCharging = device.is_charging
  const next = chargingNext(device, view)
  if (device.boost_state === 'ongoing') {
    if (isCharging === true) return said('charging', { kind: 'boost' }, next)
    return said(isCharging === false ? 'boost_idle' : 'boost_untold')
  }
  if (device.boost_state === 'requested' && isCharging !== true)
    return said('starting', { kind: 'requested' }, next)
  if (!view.paused) return null
  return isCharging === true
    ? said('charging', { kind: 'despite_pause' }, next)
    : pausedSaid(view.paused, now)
}

function pluggedSaid(device: Charger, view: ChargerView): Said {
  if (device.is_charging === true) return said('charging', timing(device), chargingNext(device, view))
  if (device.is_charging === false) return said('idle', timing(device), chargerNext(device, view))
  return said('charging_untold', null, chargerNext(device, view))
}

function timing({ is_smart_optimization_active: isSteered }: Charger): ReasonWhy {
  if (isSteered === true) return { kind: 'steered' }
  return { kind: isSteered === false ? 'off' : 'untold' }
}

function chargingNext(device: Charger, view: ChargerView): ReasonNext | null {
  const percent = view.limitPercent
  return chargerNext(device, view) ?? (percent === null ? null : { kind: 'limit', percent })
}

function chargerNext({ is_plugged_in }: Charger, { arming, deadline }: ChargerView): ReasonNext | null {
  if (arming?.kind === 'armed' && is_plugged_in === false) return { kind: 'armed' }
  return deadline !== null && deadline.at !== null ? { kind: 'deadline', deadline } : null
}

/** What comes next without a car: as always, or that somebody will choose the time. */
function unpluggedNext(device: Charger, view: ChargerView): ReasonNext | null {
  const next = chargerNext(device, view)
  return next ?? (device.is_smart_optimization_active === true ? { kind: 'once_plugged' } : null)
}

function batterySaid(device: InverterReading, { nodes, edges }: InverterView['flow']): Said {
  const ceiling = finite(device.max_battery_charge)
  const floor = finite(device.min_battery_charge)
  const level = nodes.battery?.levelPercent ?? null
  switch (nodes.battery?.direction) {
    case 'charging':
      return said(chargedFrom(edges), null, ceiling === null ? null : { kind: 'up_to', percent: ceiling })
    case 'discharging':
      return said(
        edges && edges.batteryToHome > 0 && edges.batteryToGrid === 0
          ? 'battery_to_home'
          : 'battery_discharging',
        null,
        floor === null ? null : { kind: 'down_to', percent: floor },
      )
    case 'idle':
      if (level !== null && ceiling !== null && level >= ceiling)
        return said('battery_idle', { kind: 'limit', percent: ceiling })
      if (level !== null && floor !== null && level <= floor)
        return said('battery_idle', { kind: 'reserve', percent: floor })
      return said('battery_idle')
    default:
      return said('unknown')
  }
}

function chargedFrom(edges: InverterView['flow']['edges']): ReasonDoing {
  if (!edges) return 'battery_charging'
  const { solarToBattery, gridToBattery } = edges
  if (solarToBattery > 0 && gridToBattery > 0) return 'battery_from_both'
  if (solarToBattery > 0) return 'battery_from_solar'
  return gridToBattery > 0 ? 'battery_from_grid' : 'battery_charging'
}

function solarSaid({ nodes, edges }: InverterView['flow']): Said {
  if (nodes.solar.w === 0) return said('no_solar')
  if (!edges) return said('unknown')
  if (edges.solarToHome > 0) return said(edges.solarToGrid > 0 ? 'solar_to_grid' : 'solar_to_home')
  return said('unknown')
}
