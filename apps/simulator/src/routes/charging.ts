import { ChargingConfigChange, weekdays, WeeklyChargePolicy, type ChargingConfig } from '@homewatt/contract'
import * as v from 'valibot'
import { invalid, parsed } from '../body.ts'
import {
  availableModes,
  chargersOf,
  isSolarCharging,
  lockedModes,
  minBandW,
  modeOf,
} from '../charging-modes.ts'
import { API, deviceOfCall, homeOfCall, type Context } from '../context.ts'
import type { Device } from '../devices.ts'
import type { ChargingSettings } from '../homes/settings.ts'
import { HttpError, ok, unprocessable } from '../http.ts'
import type { Call, Route } from '../router.ts'
import { isoTime } from '../wire.ts'
import type { Home } from '../world.ts'

/** The weekly policy of a vehicle and the charging configuration of a user, §11.4 and §14 of the reference. */
export function chargingRoutes(context: Context): Route[] {
  const user = `${API}/org/{org_id}/users/{user_id}`
  const policy = `${user}/electric-vehicles/{device_id}/charge-policy`
  const vehicleOf = (call: Call) => deviceOfCall(context, call, 'electric-vehicles', 'device_id')
  return [
    {
      method: 'GET',
      template: policy,
      bearer: true,
      handler: (call) => {
        const { home, device } = vehicleOf(call)
        return ok(policyAnswer(home, device))
      },
    },
    {
      method: 'PUT',
      template: policy,
      bearer: true,
      handler: (call) => {
        const { home, device } = vehicleOf(call)
        const written = parsed(WeeklyChargePolicy, call.request)
        if (!isTimeZone(written.timezone))
          throw invalid('timezone', 'Use an IANA name such as Europe/Berlin.')
        settingsOf(device).weeklyPolicy = written
        device.facts['charge_policy_last_updated_at'] = isoTime(call.nowMs)
        device.updatedAtMs = call.nowMs
        context.world.touch(home, device, call.nowMs, false)
        return ok(policyAnswer(home, device))
      },
    },
    {
      method: 'GET',
      template: `${user}/charging-config`,
      bearer: true,
      handler: (call) => ok(configAnswer(homeOfCall(context, call))),
    },
    {
      method: 'PUT',
      template: `${user}/charging-config`,
      bearer: true,
      handler: (call) => {
        const home = homeOfCall(context, call)
        changeConfig(context, home, parsed(ChargingConfigChange, call.request), call.nowMs)
        return ok(configAnswer(home))
      },
    },
  ]
}

const settingsOf = (device: Device) => device.settings as ChargingSettings

/** The weekly policy; where none was written, every day is as the vehicle's own fields say. */
function policyAnswer(home: Home, device: Device) {
  return {
    metadata: { electric_vehicle_id: device.id, user_id: home.userId, error: null },
    data: settingsOf(device).weeklyPolicy ?? everyDay(home, device),
  }
}

function everyDay(home: Home, device: Device): WeeklyChargePolicy {
  const settings = settingsOf(device)
  const of = ({ minimum_charge_limit, charge_deadline_at }: Record<string, unknown>) => {
    const day = { charge_percentage: minimum_charge_limit, charge_deadline: charge_deadline_at ?? '07:00' }
    return {
      ...Object.fromEntries(weekdays.map((name) => [name, day])),
      timezone: home.spec.place.timeZone,
    }
  }
  // What the control door put over the fields is what they say, unless it is nonsense.
  const pinned = of({ ...settings, ...Object.fromEntries(device.pins.set) })
  return v.parse(WeeklyChargePolicy, v.is(WeeklyChargePolicy, pinned) ? pinned : of(settings))
}

function configAnswer(home: Home): ChargingConfig {
  const { startW, stopW } = home.chargingConfig
  return {
    mode: modeOf(home),
    available_modes: availableModes(home),
    locked_modes: lockedModes(home),
    hems_start_threshold_w: startW,
    hems_stop_threshold_w: stopW,
    devices: chargersOf(home).map((device) => ({ id: device.id, min_band_w: minBandW(device) })),
    is_solar_charging: isSolarCharging(home),
  }
}

/** Changes every charging device of a user at once, or, with a complaint, none. */
function changeConfig({ world }: Context, home: Home, change: ChargingConfigChange, nowMs: number): void {
  const { mode } = change
  const config = home.chargingConfig
  const startW = change.hems_start_threshold_w ?? config.startW
  const stopW = change.hems_stop_threshold_w ?? config.stopW
  if (mode !== undefined && !availableModes(home).includes(mode))
    throw invalid(
      'mode',
      `Not available: ${lockedModes(home)
        .find((m) => m.mode === mode)
        ?.reasons.join(', ')}.`,
    )
  const bandTold = change.hems_start_threshold_w !== undefined || change.hems_stop_threshold_w !== undefined
  const chargers = chargersOf(home)
  const tight = chargers.filter((device) => startW - stopW < minBandW(device))
  if (bandTold && tight.length > 0)
    throw new HttpError(
      unprocessable(
        tight.map((device) => ({
          type: 'value_error',
          loc: ['body', 'hems_start_threshold_w'],
          msg: `Must be at least ${minBandW(device)} W above the stop threshold for device ${device.id}.`,
        })),
      ),
    )
  Object.assign(config, { startW, stopW, ...(mode === undefined ? {} : { mode }) })
  for (const device of chargers) {
    if (mode !== undefined) device.settings.is_smart_optimization_active = mode !== 'none'
    device.updatedAtMs = nowMs
    world.touch(home, device, nowMs, false)
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}
