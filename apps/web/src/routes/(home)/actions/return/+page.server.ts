import { actionReturnWords } from '@homewatt/ui/words/action-return'
import { returnedTo } from '#lib/server/returned-to.ts'
import { told } from '#lib/server/told.ts'
import type { PageServerLoad } from './$types'

export { actions } from '#lib/server/home-actions.ts'

export const load: PageServerLoad = async ({ url, parent, locals: { connect } }) => {
  const cancelled = url.searchParams.get('result') === 'cancel'
  // Somebody who is not signed in is on the way to that.
  const { language, first } = await parent()
  const device = returnedTo(url.searchParams, first)
  // Whether the partner could be told makes no difference to the person.
  if (cancelled) await told(connect.giveUpActions(device?.id ?? null))
  return { cancelled, device, returnWords: actionReturnWords[language], path: url.pathname + url.search }
}
