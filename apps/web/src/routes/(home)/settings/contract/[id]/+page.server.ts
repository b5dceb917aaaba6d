import { error } from '@sveltejs/kit'
import { contractChangeIn, contractFields, typedOfContract } from '#lib/contract-form.ts'
import { entryIn } from '#lib/record-form.ts'
import { formOf } from '#lib/server/form-of.ts'
import { saveRecord } from '#lib/server/save-record.ts'
import { told } from '#lib/server/told.ts'
import type { Actions, PageServerLoad } from './$types'

const NEW = 'new'

export const load: PageServerLoad = async ({ params: { id }, locals: { connect } }) => {
  const isNew = id === NEW
  const [contracts, list] = await Promise.all([told(connect.energyContracts()), told(connect.buildings())])
  if (!contracts.value || !list.value) return { id, isNew, fields: [], buildings: [], typed: null }
  const contract = isNew ? null : (contracts.value.contracts.find((one) => one.id === id) ?? null)
  if (!isNew && !contract) error(404, 'No such contract in this home.')
  const buildings = list.value.buildings.map(({ id, name }) => ({ id, name }))
  const fields = contractFields(buildings, contract)
  return { id, isNew, fields, buildings, typed: typedOfContract(fields, contract) }
}

export const actions: Actions = {
  default: async ({ params: { id }, request, locals: { connect } }) => {
    const form = await formOf(request)
    const fields = contractFields([], null).filter(({ name }) => form.has(name))
    const entry = entryIn(fields, form)
    const change = contractChangeIn(fields, entry, new Date().toISOString())
    const work = connect.saveEnergyContract(id === NEW ? null : id, change)
    return saveRecord(work, entry, '/settings/contract?done=saved', fieldOf)
  },
}

const fieldOf = (name: string) => (name === 'energy_prices' ? 'price' : name)
