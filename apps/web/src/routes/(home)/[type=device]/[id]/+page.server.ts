import { error } from '@sveltejs/kit'
import { settingsOffer } from '#lib/device-settings.ts'
import { priceNote } from '#lib/server/price-note.ts'
import type { PageServerLoad } from './$types'

export { actions } from '#lib/server/home-actions.ts'

/** The device's address, when the home has such a device or cannot know yet; otherwise there is no such page. */
export const load: PageServerLoad = async ({ params: { type, id }, locals, parent }) => {
  const { first, session } = await parent()
  const { state, devices } = first.groups[type]
  const device = devices.find((one) => one.id === id)
  if (state === 'known' && !device) error(404, 'No such device in this home.')
  const { language, locale } = locals
  const place = { language, locale, timeZone: first.time_zone, now: new Date(first.at) }
  return {
    type,
    id,
    hasSettings: !device || !settingsOffer(type, device, session.switched_off).isNothing,
    price: session.switched_off.includes('prices') ? null : await priceNote(device, locals.prices, place),
  }
}
