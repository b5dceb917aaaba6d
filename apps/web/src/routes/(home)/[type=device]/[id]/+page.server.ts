import { error } from '@sveltejs/kit'
import type { PageServerLoad } from './$types'

export { actions } from '#lib/server/home-actions.ts'

/** The device's address, when the home has such a device or cannot know yet; otherwise there is no such page. */
export const load: PageServerLoad = async ({ params: { type, id }, parent }) => {
  const { first } = await parent()
  const { state, devices } = first.groups[type]
  if (state === 'known' && !devices.some((device) => device.id === id))
    error(404, 'No such device in this home.')
  return { type, id }
}
