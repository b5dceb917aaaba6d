import { error, fail, redirect } from '@sveltejs/kit'
import { formOf } from '#lib/server/form-of.ts'
import { told } from '#lib/server/told.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { account } }) => {
  const answer = await told(account.sessions())
  if (!answer.value) error(503, 'The gateway cannot be asked.')
  return answer.value
}

export const actions: Actions = {
  end: async ({ locals: { account }, request, setHeaders }) => {
    const id = String((await formOf(request)).get('id') ?? '')
    const known = await told(account.sessions())
    const isHere = known.value?.sessions.some((one) => one.id === id && one.is_current)
    const answer = await told(account.endSession(id).then(() => true))
    if (!answer.value) return fail(503, { ended: false })
    if (!isHere) return { ended: true }
    // Whoever uses this browser next finds nothing that a page has put aside.
    setHeaders({ 'clear-site-data': '"cache", "storage"' })
    redirect(303, '/sign-in')
  },
  others: async ({ locals: { account } }) => {
    const answer = await told(account.endOtherSessions().then(() => true))
    return answer.value ? { ended: true } : fail(503, { ended: false })
  },
}
