import { ReturnTo, SignInReason } from '@homewatt/contract'
import { GatewayFailure, GatewayUnreachable } from '@homewatt/queries'
import { redirect } from '@sveltejs/kit'
import { formOf } from '#lib/server/form-of.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ parent, url }) => {
  const { session } = await parent()
  if (session?.signed_in) redirect(303, '/')
  const reason = oneOf(SignInReason.options, url.searchParams.get('reason'))
  return { reason, returnTo: returnToOf(url.searchParams.get('to')) }
}

export const actions: Actions = {
  // Both go on at the issuer. A form must not lead away from our own site, a page that moves on by itself may.
  start: async ({ locals: { api }, request }) => {
    const started = await api
      .startSignIn(returnToOf((await formOf(request)).get('to')))
      .catch((error: unknown) => {
        if (error instanceof GatewayFailure || error instanceof GatewayUnreachable) return null
        throw error
      })
    if (started?.redirect_url) return { continueTo: started.redirect_url }
    redirect(303, `/sign-in?reason=${started?.reason ?? 'unavailable'}`)
  },
  end: async ({ locals: { api }, setHeaders }) => {
    const { redirect_url } = await api.signOut()
    // Whoever uses this browser next finds nothing that a page, or somebody's tool in it, has put aside.
    setHeaders({ 'clear-site-data': '"cache", "storage"' })
    return redirect_url
      ? { signedOut: true as const, continueTo: redirect_url }
      : { signedOut: true as const }
  },
}

function returnToOf(text: FormDataEntryValue | null): ReturnTo {
  return oneOf(ReturnTo.options, text) ?? 'overview'
}

function oneOf<T extends string>(options: readonly T[], text: FormDataEntryValue | null): T | null {
  return options.find((option) => option === text) ?? null
}
