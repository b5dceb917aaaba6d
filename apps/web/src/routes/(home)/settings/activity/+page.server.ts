import { error } from '@sveltejs/kit'
import { told } from '#lib/server/told.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { account }, url }) => {
  const before = url.searchParams.get('before') ?? undefined
  const answer = await told(account.audit(before))
  if (answer.value) return { trail: answer.value }
  if ('before' in answer.fields) error(404, 'There is no such page of the trail.')
  error(503, 'The gateway cannot be asked.')
}
