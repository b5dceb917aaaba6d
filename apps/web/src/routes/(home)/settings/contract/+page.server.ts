import { told } from '#lib/server/told.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { connect }, url }) => {
  const [contracts, buildings] = await Promise.all([
    told(connect.energyContracts()),
    told(connect.buildings()),
  ])
  return {
    contracts: contracts.value?.contracts ?? null,
    // Without them the contracts can be shown all the same.
    buildings: (buildings.value?.buildings ?? []).map(({ id, name }) => ({ id, name })),
    done: url.searchParams.get('done') === 'saved' ? ('saved' as const) : null,
  }
}
