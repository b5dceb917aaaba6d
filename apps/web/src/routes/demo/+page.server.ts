import { error, redirect } from '@sveltejs/kit'
import { GatewayFailure } from '@homewatt/queries'
import { formOf } from '#lib/server/form-of.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { api }, parent }) => {
  const { session } = await parent()
  if (session && !session.demo) error(404, 'There is no demo here.')
  try {
    return { homes: (await api.demoHomes()).homes.map(({ name }) => name) }
  } catch (cause) {
    if (cause instanceof GatewayFailure && cause.status === 404) error(404, 'There is no demo here.')
    error(503, 'The gateway cannot be asked.')
  }
}

export const actions: Actions = {
  default: async ({ locals: { api }, request }) => {
    const home = (await formOf(request)).get('home')
    try {
      await api.demoSignIn(typeof home === 'string' ? home : '')
    } catch (cause) {
      if (cause instanceof GatewayFailure) redirect(303, '/demo')
      error(503, 'The gateway cannot be asked.')
    }
    redirect(303, '/')
  },
}
