import type { PageServerLoad } from './$types'

export { actions } from '#lib/server/home-actions.ts'

export const load: PageServerLoad = async ({ locals: { care } }) => {
  // Beside the home itself this is an extra: without it the page is whole.
  const [away, unread] = await Promise.all([
    care.away().then(
      (answer) => answer.away,
      () => null,
    ),
    care.unread().then(
      (answer) => answer.unread,
      () => 0,
    ),
  ])
  return { away, unread }
}
