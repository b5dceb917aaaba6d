import type { ElectricVehicleReading } from '@homewatt/contract'
import { clockChange, deviceName, nextDeadlines, zoneOf } from '@homewatt/display'
import { GatewayFailure, GatewayUnreachable } from '@homewatt/queries'
import { error, fail, redirect } from '@sveltejs/kit'
import { deviceIn } from '#lib/server/device-in.ts'
import { formOf } from '#lib/server/form-of.ts'
import { copied, faultsIn, planOf, rowsIn, rowsOf } from '#lib/server/plan-form.ts'
import { told } from '#lib/server/told.ts'
import type { Actions, PageServerLoad } from './$types'

/** So many of the next times are listed. */
const LISTED = 5

export const load: PageServerLoad = async ({ params: { type, id }, locals: { settings }, parent }) => {
  const { first } = await parent()
  if (type !== 'electric-vehicles') error(404, 'Only vehicles have a weekly plan.')
  const vehicle = deviceIn(first, type, id) as ElectricVehicleReading
  const daily = { at: vehicle.charge_deadline_at, percent: vehicle.minimum_charge_limit }
  const head = {
    id,
    name: deviceName(vehicle),
    daily,
    limit: vehicle.charge_target_max,
    isOff: vehicle.is_charge_policy_enabled === false,
  }
  const answer = await told(settings.chargePlan(id))
  if (!answer.value) return { ...head, plan: null }
  const { policy } = answer.value
  const zone = zoneOf({ plan: policy, timeZone: first.time_zone })
  const now = new Date(first.at)
  return {
    ...head,
    plan: {
      zone,
      rows: rowsOf(policy, daily),
      next: nextDeadlines({ daily, plan: policy, timeZone: first.time_zone }, now, LISTED),
      change: clockChange(zone, now),
    },
  }
}

export const actions: Actions = {
  save: async ({ params: { id }, request, locals: { settings } }) => {
    const form = await formOf(request)
    const typed = typedIn(form)
    const wanted = planOf(typed.rows, typed.zone)
    if ('faults' in wanted) return fail(422, { ended: 'check' as const, ...typed, faults: wanted.faults })
    try {
      const { outcome } = await settings.saveChargePlan(id, wanted.plan)
      return outcome === 'saved' ? { ended: outcome } : fail(503, { ended: outcome, ...typed })
    } catch (cause) {
      if (cause instanceof GatewayUnreachable) return fail(503, { ended: 'failed' as const, ...typed })
      if (!(cause instanceof GatewayFailure)) throw cause
      if (cause.code === 'not_signed_in') redirect(303, '/')
      if (cause.code === 'invalid_request') {
        const faults = faultsIn(cause.complaints)
        const ended = Object.keys(faults).length > 0 ? ('check' as const) : ('refused' as const)
        return fail(422, { ended, ...typed, faults })
      }
      return fail(cause.status, {
        ended: cause.code === 'too_many_requests' ? ('tooSoon' as const) : ('failed' as const),
        ...typed,
      })
    }
  },
  copy: async ({ request }) => {
    const form = await formOf(request)
    const { rows, zone } = typedIn(form)
    return { copied: true, zone, rows: copied(rows, String(form.get('from')), String(form.get('to'))) }
  },
}

/** What was typed, whole: it can be saved again also while the plan cannot be read. */
const typedIn = (form: FormData) => ({ rows: rowsIn(form), zone: String(form.get('timezone') ?? '') })
