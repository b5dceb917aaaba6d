import { deviceTypes } from '@homewatt/contract'
import { GatewayFailure, GatewayUnreachable } from '@homewatt/queries'
import { fail, redirect } from '@sveltejs/kit'
import { formOf } from '#lib/server/form-of.ts'
import { told } from '#lib/server/told.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { connect } }) => {
  const [state, list] = await Promise.all([told(connect.connecting()), told(connect.buildings())])
  return {
    pending: state.value?.pending ?? null,
    // Without them a device can be connected all the same.
    buildings: (list.value?.buildings ?? []).map(({ id, name }) => ({ id, name })),
  }
}

export const actions: Actions = {
  // It goes on elsewhere. A form must not lead away from our own site, a page that moves on by itself may.
  start: async ({ locals: { connect }, request }) => {
    const form = await formOf(request)
    const type = deviceTypes.find((one) => one === form.get('type'))
    const building = String(form.get('building') ?? '')
    if (!type) return fail(422, { failed: 'failed' as const, building })
    return tried(async () => {
      const { redirect_url } = await connect.connect({ type, ...(building ? { building_id: building } : {}) })
      return { continueTo: redirect_url }
    }, building)
  },
  claim: ({ locals: { connect } }) => tried(async () => ({ ticket: await connect.claimWallbox() })),
}

/** @param building what was chosen, which is not lost when nothing was begun */
async function tried<T>(begin: () => Promise<T>, building = '') {
  try {
    return await begin()
  } catch (cause) {
    if (cause instanceof GatewayUnreachable) return fail(503, { failed: 'unavailable' as const, building })
    if (!(cause instanceof GatewayFailure)) throw cause
    if (cause.code === 'not_signed_in') redirect(303, '/')
    if (cause.code === 'too_many_requests') return fail(429, { failed: 'tooSoon' as const, building })
    return fail(cause.status, {
      failed: cause.status >= 500 || cause.status === 409 ? ('unavailable' as const) : ('failed' as const),
      building,
    })
  }
}
