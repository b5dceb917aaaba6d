import type { ChargingConfigChange } from '@homewatt/contract'
import { GatewayFailure, GatewayUnreachable } from '@homewatt/queries'
import { fail, redirect } from '@sveltejs/kit'
import { WAS } from '#lib/record-form.ts'
import { formOf } from '#lib/server/form-of.ts'
import { told } from '#lib/server/told.ts'
import type { Actions, PageServerLoad } from './$types'

const thresholds = ['hems_start_threshold_w', 'hems_stop_threshold_w'] as const

export const load: PageServerLoad = async ({ locals: { settings } }) => {
  const answer = await told(settings.chargingConfig())
  return { config: answer.value?.config ?? null }
}

export const actions: Actions = {
  default: async ({ request, locals: { settings } }) => {
    const form = await formOf(request)
    // What was typed is not lost when it is refused.
    const typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    try {
      const { outcome } = await settings.saveChargingConfig(changeOf(typed))
      return outcome === 'saved' ? { ended: outcome } : fail(503, { ended: outcome, typed })
    } catch (cause) {
      if (cause instanceof GatewayUnreachable) return fail(503, { ended: 'failed' as const, typed })
      if (!(cause instanceof GatewayFailure)) throw cause
      if (cause.code === 'not_signed_in') redirect(303, '/')
      if (cause.code === 'invalid_request')
        return fail(422, {
          ended: Object.keys(cause.complaints).some((name) => name in typed)
            ? ('check' as const)
            : ('refused' as const),
          typed,
          complaints: cause.complaints,
        })
      return fail(cause.status, {
        ended: cause.code === 'too_many_requests' ? ('tooSoon' as const) : ('failed' as const),
        typed,
      })
    }
  },
}

/**
 * What cannot be read stays as it was written, for the gateway to refuse it at its field. A threshold left as it stood is
 * left out: it may be one that could not be chosen anew, and the mode can change all the same.
 */
function changeOf(typed: Readonly<Record<string, string>>): ChargingConfigChange {
  const numbers = thresholds
    .filter((name) => name in typed && typed[name] !== typed[WAS + name])
    .map((name) => {
      const text = typed[name]?.trim().replace(',', '.') ?? ''
      const value = Number(text)
      return [name, text === '' || Number.isNaN(value) ? text : value]
    })
  return {
    ...('mode' in typed ? { mode: typed['mode'] } : {}),
    ...Object.fromEntries(numbers),
  } as ChargingConfigChange
}
