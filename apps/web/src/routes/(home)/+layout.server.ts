import { error, redirect } from '@sveltejs/kit'
import { GatewayFailure, GatewayUnreachable } from '@homewatt/queries'
import { isPageThere } from '#lib/server/page-capabilities.ts'
import type { LayoutServerLoad } from './$types'

/** The home that a visitor of the demo sees first. */
const FIRST_DEMO_HOME = 'full'

export const load: LayoutServerLoad = async ({ locals: { api }, parent, route }) => {
  let { session } = await parent()
  try {
    session ??= await api.session()
    if (!session.signed_in) {
      if (!session.demo) redirect(303, '/sign-in')
      await api.demoSignIn(FIRST_DEMO_HOME)
      session = await api.session()
    }
    if (!isPageThere(route.id, session.switched_off)) error(404, 'There is no such page here.')
    return { session, first: await api.home() }
  } catch (cause) {
    if (cause instanceof GatewayFailure && cause.code === 'not_signed_in') redirect(303, '/sign-in')
    if (cause instanceof GatewayFailure || cause instanceof GatewayUnreachable)
      error(503, 'The gateway cannot be asked.')
    throw cause
  }
}
