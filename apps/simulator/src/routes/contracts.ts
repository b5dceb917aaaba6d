import { EnergyContractWrite } from '@homewatt/contract'
import { blankContract, type ContractRecord } from '../accounts.ts'
import { invalid, parsed } from '../body.ts'
import { API, homeOfCall, type Context } from '../context.ts'
import { uuidOf } from '../hash.ts'
import { HttpError, notFound, ok } from '../http.ts'
import type { Route } from '../router.ts'
import type { Home } from '../world.ts'

/** How a user pays for electricity, §7 of the reference. */
export function contractRoutes(context: Context): Route[] {
  const list = `${API}/org/{org_id}/users/{user_id}/energy-contracts`
  return [
    {
      method: 'GET',
      template: list,
      bearer: true,
      handler: (call) => ok(homeOfCall(context, call).contracts.map((contract) => ({ ...contract }))),
    },
    {
      method: 'POST',
      template: list,
      bearer: true,
      handler: (call) => {
        const home = homeOfCall(context, call)
        const id = uuidOf('contract', home.name, 'created', home.contracts.length)
        const contract = changed(home, blankContract(id), parsed(EnergyContractWrite, call.request))
        home.contracts.push(contract)
        return ok({ ...contract })
      },
    },
    {
      method: 'PUT',
      template: `${list}/{energy_contract_id}`,
      bearer: true,
      handler: (call) => {
        const home = homeOfCall(context, call)
        const index = home.contracts.findIndex(({ id }) => id === call.params['energy_contract_id'])
        const before = home.contracts[index]
        if (!before) throw new HttpError(notFound)
        const after = changed(home, before, parsed(EnergyContractWrite, call.request))
        home.contracts[index] = after
        return ok({ ...after })
      },
    },
  ]
}

function changed(home: Home, before: ContractRecord, change: EnergyContractWrite): ContractRecord {
  const { building_id, ...fields } = change
  const after = Object.assign({ ...before }, fields)
  if (building_id !== undefined) {
    if (building_id !== null && !home.buildings.some(({ id }) => id === building_id))
      throw invalid('building_id', 'The user has no such building.')
    after.building = building_id
  }
  if (after.energy_prices.length > 0 && after.currency_energy_price === null)
    throw invalid('currency_energy_price', 'Required when prices are given.')
  return after
}
