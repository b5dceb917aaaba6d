import { noticeTopics, type NoticeSettings } from '@homewatt/contract'
import { error, fail } from '@sveltejs/kit'
import { isDone } from '#lib/care-words.ts'
import { formOf } from '#lib/server/form-of.ts'
import { told } from '#lib/server/told.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { care } }) => {
  const answer = await told(care.noticeSettings())
  if (!answer.value) error(503, 'The gateway cannot be asked.')
  return { chosen: answer.value }
}

export const actions: Actions = {
  save: async ({ locals: { care }, request }) => {
    const form = await formOf(request)
    const topics = Object.fromEntries(noticeTopics.map((topic) => [topic, form.has(topic)]))
    const [from, to] = ['from', 'to'].map((name) => String(form.get(name) ?? ''))
    const quiet = form.has('quiet') ? { from: from ?? '', to: to ?? '' } : null
    const answer = await told(care.saveNoticeSettings({ topics: topics as NoticeSettings['topics'], quiet }))
    if (answer.value) return { saved: true as const }
    return fail(422, {
      refused: 'quiet' in answer.fields ? ('quiet' as const) : ('failed' as const),
      // What was chosen is not lost with it.
      typed: { topics, isQuiet: quiet !== null, from: from ?? '', to: to ?? '' },
    })
  },
  email: async ({ locals: { care }, request }) => {
    const address = String((await formOf(request)).get('address') ?? '')
    const answer = await told(care.wantEmail(address))
    if (!answer.value) return fail(422, { email: 'address' in answer.fields ? 'address' : 'failed', address })
    return isDone(answer.value.outcome)
      ? { email: answer.value.outcome }
      : fail(409, { email: answer.value.outcome, address })
  },
  confirm: async ({ locals: { care }, request }) => {
    const code = String((await formOf(request)).get('code') ?? '')
    const answer = await told(care.confirmEmail(code))
    if (!answer.value) return fail(422, { email: 'code' in answer.fields ? 'wrong_code' : 'failed', code })
    return isDone(answer.value.outcome)
      ? { email: answer.value.outcome }
      : fail(409, { email: answer.value.outcome, code })
  },
  remove: async ({ locals: { care } }) => {
    const answer = await told(care.removeEmail())
    return answer.value ? { email: answer.value.outcome } : fail(503, { email: 'failed' })
  },
}
