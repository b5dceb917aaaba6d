import type { PageServerLoad } from './$types'

export { actions } from '#lib/server/home-actions.ts'

export const load: PageServerLoad = ({ url }) => ({ cancelled: url.searchParams.get('result') === 'cancel' })
