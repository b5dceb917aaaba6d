import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = async ({ locals }) => ({
  language: locals.language,
  locale: locals.locale,
  // Without a gateway the pages still have words for it.
  session: await locals.api.session().catch(() => null),
})
