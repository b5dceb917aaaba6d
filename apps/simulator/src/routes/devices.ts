import { deviceTypes, type DeviceType } from '@homewatt/contract'
import { boostState } from '../boost.ts'
import { API, deviceOfCall, flagOf, homeOfCall, type Context } from '../context.ts'
import type { Device } from '../devices.ts'
import { noContent, ok, type Answer } from '../http.ts'
import type { Call, Handler, Route } from '../router.ts'
import { changeSettings } from '../settings-change.ts'
import { deviceDetailOnWire, deviceOnWire } from '../wire.ts'
import type { Home } from '../world.ts'
import { actionLinks } from './cues.ts'

/** Lists, details, preferences and boosts of the four device types, §9 to §13 and §15 of the reference. */
export function deviceRoutes(context: Context): Route[] {
  return deviceTypes.flatMap((type) => {
    const list = `${API}/org/{org_id}/users/{user_id}/${type}`
    const one = `${list}/{device_id}`
    const of =
      (answer: (home: Home, device: Device, call: Call) => Answer): Handler =>
      (call) => {
        const withDeleted = call.request.method === 'GET' && flagOf(call, 'include_deleted')
        const { home, device } = deviceOfCall(context, call, type, 'device_id', withDeleted)
        return answer(home, device, call)
      }
    const detail = (home: Home, device: Device, call: Call) =>
      ok(deviceDetailOnWire(home, device, actionLinks(context, call)))
    const routes: Route[] = [
      {
        method: 'GET',
        template: list,
        bearer: true,
        handler: (call) => ok(devicesOf(homeOfCall(context, call), type)),
      },
      { method: 'GET', template: one, bearer: true, handler: of(detail) },
      {
        method: 'PUT',
        template: one,
        bearer: true,
        handler: of((home, device, call) => {
          changeSettings(home, device, call.request.json(), call.nowMs)
          context.world.touch(home, device, call.nowMs, false)
          return detail(home, device, call)
        }),
      },
    ]
    if (type === 'heat-pumps' || type === 'inverters') return routes
    return [
      ...routes,
      {
        method: 'POST',
        template: `${one}/boost`,
        bearer: true,
        handler: of((home, device, call) => boost(context, home, device, call)),
      },
      {
        method: 'DELETE',
        template: `${one}/boost`,
        bearer: true,
        handler: of((home, device, { nowMs }) => {
          context.world.unboost(home, device, nowMs)
          return noContent
        }),
      },
    ]
  })
}

const devicesOf = (home: Home, type: DeviceType) =>
  home.devices
    .filter((device) => device.type === type && device.deletedAtMs === null)
    .map((device) => deviceOnWire(home, device))

function boost({ world, variants }: Context, home: Home, device: Device, { nowMs, fault }: Call): Answer {
  const refused = (reason: string): Answer => ({
    status: 409,
    json: { state: device.boost && boostState(device.boost, device.known), reason },
  })
  if (fault?.kind === 'boost_refuse') return refused(fault.reason)
  if (variants.of(home.name).boost_unplugged === 'refused' && !device.known.pluggedIn)
    return refused(device.type === 'wallboxes' ? 'internal_error' : 'no_active_session')
  const outcome = world.boost(home, device, nowMs, {
    fails: fault?.kind === 'boost_fail',
    afterMs: fault?.kind === 'boost_fail' || fault?.kind === 'boost_slow' ? fault.after_s * 1000 : null,
    lastsMs: fault?.kind === 'boost_drop' ? fault.after_s * 1000 : null,
  })
  return typeof outcome === 'string' ? noContent : refused(outcome.refused)
}
