import { error, redirect } from '@sveltejs/kit'
import { formOf } from '#lib/server/form-of.ts'
import { told } from '#lib/server/told.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { care }, url }) => {
  const answer = await told(care.notices(url.searchParams.get('before') ?? undefined))
  if (!answer.value) error(503, 'The gateway cannot be asked.')
  return { list: answer.value }
}

export const actions: Actions = {
  read: async ({ locals: { care }, request }) => {
    await told(care.markRead(String((await formOf(request)).get('until') ?? '')))
    redirect(303, '/notices')
  },
}
