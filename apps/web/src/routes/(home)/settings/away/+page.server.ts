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
    return fail(503, { wrong: wrongOf({}) })
  },
}

function wrongOf(complaints: Readonly<Record<string, string>>): Wrong {
  const [field, code] = Object.entries(complaints)[0] ?? []
  if (field !== 'from' && field !== 'until') return { field: null, why: 'failed' }
  return { field, why: code === 'past' || code === 'order' || code === 'far' ? code : 'time' }
}

type Wrong = { field: 'from' | 'until' | null; why: 'past' | 'order' | 'far' | 'time' | 'failed' }
