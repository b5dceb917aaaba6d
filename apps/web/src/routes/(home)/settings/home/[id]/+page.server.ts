import type { BuildingForm } from '@homewatt/contract'
import { error, fail } from '@sveltejs/kit'
import { buildingFields } from '#lib/building-form.ts'
import { changeIn, entryIn, typedOf } from '#lib/record-form.ts'
import { formOf } from '#lib/server/form-of.ts'
import { saveRecord } from '#lib/server/save-record.ts'
import { told } from '#lib/server/told.ts'
import type { Actions, PageServerLoad } from './$types'

const NEW = 'new'

export const load: PageServerLoad = async ({ params: { id }, locals: { connect } }) => {
  if (id === NEW) return { id, isNew: true, typed: typedOf(buildingFields, null) }
  const answer = await told(connect.buildings())
  if (!answer.value) return { id, isNew: false, typed: null }
  const building = answer.value.buildings.find((one) => one.id === id)
  if (!building) error(404, 'No such building in this home.')
  return { id, isNew: false, typed: typedOf(buildingFields, building) }
}

export const actions: Actions = {
  save: async ({ params: { id }, request, locals: { connect } }) => {
    const entry = entryIn(buildingFields, await formOf(request))
    const change = changeIn(buildingFields, entry) as BuildingForm
    const work = connect.saveBuilding(id === NEW ? null : id, change)
    return saveRecord(work, entry, '/settings/home?done=saved')
  },
  remove: async ({ params: { id }, request, locals: { connect } }) => {
    // Asked by the form too; without the tick nothing is removed.
    if (!(await formOf(request)).has('sure')) return fail(422, { unsure: true as const })
    const ended = await saveRecord(connect.removeBuilding(id), nothing, '/settings/home?done=removed')
    return fail(ended.status, { removal: ended.data.ended })
  },
}

const nothing = { typed: {}, was: {} }
