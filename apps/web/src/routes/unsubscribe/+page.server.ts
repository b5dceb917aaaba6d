import { formOf } from '#lib/server/form-of.ts'
import type { Actions, PageServerLoad } from './$types'

// Opening the link ends nothing: mail programs open links to look at what is behind them.
export const load: PageServerLoad = ({ url }) => ({ token: url.searchParams.get('token') ?? '' })

export const actions: Actions = {
  default: async ({ locals: { care }, request }) => {
    await care.unsubscribe(String((await formOf(request)).get('token') ?? ''))
    return { done: true as const }
  },
}
