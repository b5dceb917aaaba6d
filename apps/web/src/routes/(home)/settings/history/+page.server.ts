import { error, fail } from '@sveltejs/kit'
import { formOf } from '#lib/server/form-of.ts'
import { told } from '#lib/server/told.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { account } }) => {
  const answer = await told(account.historySettings())
  if (!answer.value) error(503, 'The gateway cannot be asked.')
  return answer.value
}

export const actions: Actions = {
  keep: async ({ locals: { account }, request }) => {
    const isKept = (await formOf(request)).get('is_kept') === 'on'
    const answer = await told(account.saveHistorySettings({ is_kept: isKept }))
    return answer.value ? { saved: true } : fail(503, { failed: true })
  },
  delete: async ({ locals: { account }, request }) => {
    // Asked by the form too; without the tick nothing is deleted.
    if (!(await formOf(request)).has('sure')) return fail(422, { unsure: true })
    const answer = await told(account.deleteHistory().then(() => true))
    return answer.value ? { deleted: true } : fail(503, { failed: true })
  },
}
