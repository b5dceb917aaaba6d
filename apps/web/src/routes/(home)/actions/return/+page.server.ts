import { told } from '#lib/server/told.ts'
import type { PageServerLoad } from './$types'

export { actions } from '#lib/server/home-actions.ts'

export const load: PageServerLoad = async ({ url, parent, locals: { connect } }) => {
  const cancelled = url.searchParams.get('result') === 'cancel'
  // Somebody who is not signed in is on the way to that.
  await parent()
  // Whether the partner could be told makes no difference to the person.
  if (cancelled) await told(connect.giveUpActions())
  return { cancelled }
}
