import { BuildingWrite } from '@homewatt/contract'
import * as v from 'valibot'
import type { BuildingRecord } from '../accounts.ts'
import { parsed } from '../body.ts'
import { API, homeOfCall, type Context } from '../context.ts'
import { uuidOf } from '../hash.ts'
import { HttpError, noContent, notFound, ok } from '../http.ts'
import type { Route } from '../router.ts'
import type { Home } from '../world.ts'

/** Buildings of a user, §6 of the reference. */
export function buildingRoutes(context: Context): Route[] {
  const list = `${API}/org/{org_id}/users/{user_id}/buildings`
  const one = `${list}/{building_id}`
  let created = 0
  return [
    {
      method: 'GET',
      template: list,
      bearer: true,
      handler: (call) => ok([...homeOfCall(context, call).buildings]),
    },
    {
      method: 'POST',
      template: list,
      bearer: true,
      handler: (call) => {
        const home = homeOfCall(context, call)
        const written = parsed(BuildingWrite, call.request)
        const id = uuidOf('building', home.name, 'created', ++created)
        const building: BuildingRecord = { id, ...blank, ...written }
        home.buildings.push(building)
        return ok({ ...building })
      },
    },
    {
      method: 'GET',
      template: one,
      bearer: true,
      handler: (call) => ok({ ...buildingNamed(homeOfCall(context, call), call.params['building_id']) }),
    },
    {
      method: 'PUT',
      template: one,
      bearer: true,
      handler: (call) => {
        const home = homeOfCall(context, call)
        const building = buildingNamed(home, call.params['building_id'])
        const partial = context.variants.of(home.name).building_put === 'partial'
        Object.assign(building, parsed(partial ? v.partial(BuildingWrite) : BuildingWrite, call.request))
        return ok({ ...building })
      },
    },
    {
      method: 'DELETE',
      template: one,
      bearer: true,
      handler: (call) => {
        const home = homeOfCall(context, call)
        const building = buildingNamed(home, call.params['building_id'])
        home.buildings.splice(home.buildings.indexOf(building), 1)
        for (const device of home.devices) if (device.buildingId === building.id) device.buildingId = null
        for (const contract of home.contracts) if (contract.building === building.id) contract.building = null
        return noContent
      },
    },
  ]
}

function buildingNamed(home: Home, id: string | undefined): BuildingRecord {
  const building = home.buildings.find((b) => b.id === id)
  if (!building) throw new HttpError(notFound)
  return building
}

const blank = {
  property_type: null,
  property_size_m2: null,
  property_age: null,
  num_occupants: null,
  occupant_type: null,
  space_heating: null,
  water_heating: null,
  photovoltaic: false,
  street_and_number: null,
  street_add_info: null,
  zip_code: null,
  town: null,
  country: null,
}
