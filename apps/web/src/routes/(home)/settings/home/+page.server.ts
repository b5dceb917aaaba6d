import { told } from '#lib/server/told.ts'
import type { PageServerLoad } from './$types'

const ends = ['saved', 'removed'] as const

export const load: PageServerLoad = async ({ locals: { connect }, url }) => {
  const answer = await told(connect.buildings())
  const done = url.searchParams.get('done')
  return {
    buildings: answer.value?.buildings ?? null,
    done: ends.find((one) => one === done) ?? null,
  }
}
