import {
  AuthSessionRequest,
  ElectricVehicleRegistration,
  HeatPumpRegistration,
  InverterRegistration,
  type DeviceType,
} from '@homewatt/contract'
import { parsed } from '../body.ts'
import { API, deviceOfCall, homeOfCall, type Context } from '../context.ts'
import { reauthenticate } from '../devices.ts'
import { models } from '../homes/cast.ts'
import { ok, type Answer } from '../http.ts'
import type { Call, Route } from '../router.ts'
import { changeSettings, refuseContradictions } from '../settings-change.ts'
import { deviceDetailOnWire } from '../wire.ts'
import { actionLinks } from './cues.ts'
import { buildingIn } from './onboarding.ts'

/** Devices put up by their data alone, and the way back to one whose link is down, §8.3 and §8.5. */
export function registrationRoutes(context: Context): Route[] {
  const { cues } = context
  const user = `${API}/org/{org_id}/users/{user_id}`
  return [
    ...registrable.map((type): Route => ({
      method: 'POST',
      template: `${user}/${type}`,
      bearer: true,
      handler: (call) => register(context, type, call),
    })),
    ...registrable.map((type): Route => ({
      method: 'POST',
      template: `${user}/${type}/{device_id}/auth_session`,
      bearer: true,
      handler: (call) => {
        const { home, device } = deviceOfCall(context, call, type, 'device_id')
        const { success_url = null, cancel_url = null } = parsed(AuthSessionRequest, call.request)
        const urls = { successUrl: success_url, cancelUrl: cancel_url, language: 'en' }
        const flow = cues.authorise(home, device, urls, call.nowMs)
        return ok({
          authentication_url: `${call.request.origin}/connect/${flow.id}`,
          device_id: device.id,
          session_id: flow.id,
        })
      },
    })),
  ]
}

const registrable = ['heat-pumps', 'electric-vehicles', 'inverters'] as const

const registrations = {
  'heat-pumps': HeatPumpRegistration,
  'electric-vehicles': ElectricVehicleRegistration,
  inverters: InverterRegistration,
} satisfies Partial<Record<DeviceType, unknown>>

/** Puts up a device that its user still has to connect: by the action, or by its `authorization_url`. */
function register(context: Context, type: (typeof registrable)[number], call: Call): Answer {
  const home = homeOfCall(context, call)
  const { device_model, building_id, price_zone, comment, ...wishes } = parsed(
    registrations[type],
    call.request,
  )
  const [[maker, model, year] = ['Unknown', 'Unknown', null] as const] = models[type]
  const told = device_model?.manufacturer != null || device_model?.model != null
  const inverter: InverterRegistration | null = type === 'inverters' ? wishes : null
  refuseContradictions(type, {
    min_battery_charge: 15,
    max_battery_charge: 95,
    battery_capacity_kwh: null,
    ...wishes,
  })
  const device = context.world.install(
    home,
    {
      type,
      manufacturer: device_model?.manufacturer ?? (told ? 'Unknown' : maker),
      model: device_model?.model ?? (told ? 'Unknown' : model),
      year: device_model?.year ?? (told ? null : year),
      buildingId: buildingIn(home, building_id ?? null),
      optimised: wishes.is_smart_optimization_active ?? false,
      authenticated: false,
      ...(inverter && {
        peakW: inverter.solar_power_rating_kw ? inverter.solar_power_rating_kw * 1000 : null,
        batteryWh: batteryWhOf(inverter),
      }),
    },
    call.nowMs,
  )
  changeSettings(
    home,
    device,
    { ...wishes, ...(price_zone && { price_zone }), ...(comment && { comment }) },
    call.nowMs,
  )
  device.cues = [reauthenticate(device)]
  const flow = context.cues.authorise(
    home,
    device,
    { successUrl: null, cancelUrl: null, language: 'en' },
    call.nowMs,
  )
  device.facts['authorization_url'] = `${call.request.origin}/connect/${flow.id}`
  return ok(deviceDetailOnWire(home, device, actionLinks(context, call)))
}

/** What the battery of a registered inverter holds, Wh; 0 without one. */
function batteryWhOf(wishes: InverterRegistration): number {
  return wishes.is_battery_connected ? (wishes.battery_capacity_kwh ?? 0) * 1000 : 0
}
