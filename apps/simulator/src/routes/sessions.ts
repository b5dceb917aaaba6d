import type { ChargingSession } from '@homewatt/contract'
import { DAY_MS, MINUTE_MS } from '../calendar.ts'
import { API, deviceOfCall, type Context } from '../context.ts'
import type { Device } from '../devices.ts'
import { uuidOf } from '../hash.ts'
import type { Visit } from '../homes/visits.ts'
import { ok } from '../http.ts'
import { tenth, thousandth } from '../rounding.ts'
import type { Call, Route } from '../router.ts'
import { isoTime } from '../wire.ts'
import { pageAnswer, pageOf } from './session-page.ts'

/** Charging sessions of vehicles: stays at the cable at home, §16.1 of the reference. */
export function sessionRoutes(context: Context): Route[] {
  const list = `${API}/org/{org_id}/users/{user_id}/electric-vehicles/{electric_vehicle_id}/sessions`
  const vehicleOf = (call: Call) => deviceOfCall(context, call, 'electric-vehicles', 'electric_vehicle_id')
  return [
    {
      method: 'GET',
      template: list,
      bearer: true,
      handler: async (call) => {
        const { home, device } = vehicleOf(call)
        const page = pageOf(call)
        // A stay counts to the day it began; it may have ended weeks later.
        const endMs = Math.min(call.nowMs, page.endMs + LONGEST_STAY_MS)
        const life = await context.history.lived(home, device, { startMs: page.startMs, endMs })
        const stays = life.visits(page.startMs / MINUTE_MS, endMs / MINUTE_MS)
        return pageAnswer(
          page,
          stays,
          ({ plugMin }) => plugMin,
          (visit) => sessionOnWire(device, visit),
        )
      },
    },
    {
      method: 'GET',
      template: `${list}/current`,
      bearer: true,
      handler: (call) => {
        const { home, device } = vehicleOf(call)
        const visit = context.world.siteOf(home, device)?.visit ?? null
        return ok({ session: visit && sessionOnWire(device, visit) })
      },
    },
  ]
}

const LONGEST_STAY_MS = 40 * DAY_MS

function sessionOnWire(device: Device, visit: Visit): ChargingSession {
  const time = (minute: number | null) => (minute === null ? null : isoTime(minute * MINUTE_MS))
  const { lastChargeMin, energyWh, chargingMin } = visit
  const plugMs = Math.max(visit.plugMin * MINUTE_MS, device.createdAtMs)
  return {
    id: uuidOf('session', device.id, visit.plugMin),
    plug_in_time: isoTime(plugMs),
    unplug_time: time(visit.unplugMin),
    inferred_session_end: lastChargeMin === null ? time(visit.unplugMin) : time(lastChargeMin + 1),
    desired_charging_start_time: time(visit.plannedFromMin),
    desired_charging_end_time: time(visit.plannedToMin),
    charge_deadline: time(visit.deadlineMin),
    target_soc_pct: visit.targetPercent,
    initial_soc_pct: tenth(visit.startPercent),
    final_soc_pct: visit.unplugMin === null ? null : tenth(visit.endPercent),
    energy_charged_kwh: thousandth(energyWh / 1000),
    avg_charge_power_kw: chargingMin === 0 ? null : thousandth((energyWh * 60) / chargingMin / 1000),
    peak_charge_power_kw: chargingMin === 0 ? null : thousandth(visit.peakW / 1000),
    actual_cost_eur: thousandth(visit.costEur),
    expected_savings_eur: thousandth(visit.expectedEur),
    actual_savings_eur: thousandth(visit.savedEur),
    is_at_home: true,
    session_outcome: outcomeOf(visit),
  }
}

/** Ours but for the one that is documented, `not_at_home`, which stays at home cannot have. */
function outcomeOf({ unplugMin, energyWh, endPercent, targetPercent, goalPercent, deadlineMin }: Visit) {
  if (unplugMin === null) return 'in_progress'
  if (energyWh === 0) return 'not_charged'
  if (endPercent >= targetPercent - 0.5) return 'target_reached'
  return deadlineMin !== null && endPercent >= goalPercent - 0.5 ? 'goal_reached' : 'unplugged_early'
}
