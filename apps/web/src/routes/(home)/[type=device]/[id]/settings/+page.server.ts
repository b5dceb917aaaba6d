import { deviceName } from '@homewatt/display'
import { GatewayFailure, GatewayUnreachable } from '@homewatt/queries'
import { error, fail, redirect } from '@sveltejs/kit'
import { settingsOffer } from '#lib/device-settings.ts'
import { deviceIn } from '#lib/server/device-in.ts'
import { formOf } from '#lib/server/form-of.ts'
import { changeOf } from '#lib/settings-form.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ params: { type, id }, parent }) => {
  const { first, session } = await parent()
  const device = deviceIn(first, type, id)
  const offer = settingsOffer(type, device, session.switched_off)
  if (offer.isNothing) error(404, 'Nothing of it can be decided here.')
  return {
    type,
    id,
    name: deviceName(device),
    values: device as unknown as Readonly<Record<string, string | number | boolean | null>>,
    offer,
  }
}

export const actions: Actions = {
  default: async ({ params: { type, id }, request, locals: { settings } }) => {
    const form = await formOf(request)
    const group = String(form.get('group'))
    // What was typed is not lost when it is refused.
    const typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    try {
      const { outcome } = await settings.saveDevice(type, id, changeOf(type, group, form))
      return outcome === 'saved' ? { group, saved: outcome } : fail(503, { group, saved: outcome })
    } catch (cause) {
      if (cause instanceof GatewayUnreachable) return fail(503, { group, saved: 'failed' as const, typed })
      if (!(cause instanceof GatewayFailure)) throw cause
      if (cause.code === 'not_signed_in') redirect(303, '/')
      if (cause.code === 'invalid_request') {
        const isShown = (name: string) => form.has(name) || form.has(`${name}_shown`)
        const isMarked = Object.keys(cause.complaints).some(isShown)
        return fail(422, {
          group,
          saved: isMarked ? ('check' as const) : ('refused' as const),
          complaints: cause.complaints,
          typed,
        })
      }
      const saved = cause.code === 'too_many_requests' ? ('tooSoon' as const) : ('failed' as const)
      return fail(cause.status, { group, saved, typed })
    }
  },
}
