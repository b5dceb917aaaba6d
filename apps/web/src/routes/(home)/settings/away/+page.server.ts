import { error, fail } from '@sveltejs/kit'
import { formOf } from '#lib/server/form-of.ts'
import { told } from '#lib/server/told.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { care } }) => {
  const answer = await told(care.away())
  if (!answer.value) error(503, 'The gateway cannot be asked.')
  return answer.value
}

export const actions: Actions = {
  start: async ({ locals: { care }, request }) => {
    const form = await formOf(request)
    const [from, until] = ['from', 'until'].map((name) => String(form.get(name) ?? ''))
    const answer = await told(care.goAway({ from: from || null, until: until ?? '' }))
    if (answer.value) return { good: true as const }
    return fail(422, { wrong: wrongOf(answer.fields), from, until })
  },
  end: async ({ locals: { care } }) => {
    const answer = await told(care.endAway())
    if (answer.value) return { ended: answer.value.away === null }
    return fail(503, { wrong: { field: null, why: 'failed' as const } })
  },
}

/** The gateway's words are for developers; the page has its own for each of its refusals. */
function wrongOf(fields: Readonly<Record<string, string>>) {
  const [field, why] = Object.entries(fields)[0] ?? []
  if (field !== 'from' && field !== 'until') return { field: null, why: 'failed' as const }
  if (/passed/.test(why ?? '')) return { field, why: 'past' as const }
  if (/comes after/.test(why ?? '')) return { field, why: 'order' as const }
  if (/days ahead/.test(why ?? '')) return { field, why: 'far' as const }
  return { field, why: 'time' as const }
}
