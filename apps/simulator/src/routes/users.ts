import { API, homeOfCall, type Context } from '../context.ts'
import { notFound, ok } from '../http.ts'
import { demo } from '../oauth.ts'
import type { Route } from '../router.ts'
import { buildingOnWire, userOnWire } from '../wire.ts'

/** Users of the organisation and their buildings, §5 and §6 of the reference. */
export function userRoutes(context: Context): Route[] {
  const users = `${API}/org/{org_id}/users`
  const buildings = (call: Parameters<Route['handler']>[0]) => {
    const { spec } = homeOfCall(context, call)
    return spec.units.map(({ facts, devices }) =>
      buildingOnWire(
        facts,
        spec.person,
        spec.place,
        devices.map((d) => d.type),
      ),
    )
  }
  return [
    {
      method: 'GET',
      template: users,
      bearer: true,
      handler: ({ params }) =>
        params['org_id'] === demo.orgId
          ? ok(context.world.heads().map((head) => userOnWire(head)))
          : notFound,
    },
    {
      method: 'GET',
      template: `${users}/{user_id}`,
      bearer: true,
      handler: (call) => {
        const home = homeOfCall(context, call)
        const head = context.world.heads().find(({ userId }) => userId === home.userId)
        return head ? ok(userOnWire(head)) : notFound
      },
    },
    {
      method: 'GET',
      template: `${users}/{user_id}/buildings`,
      bearer: true,
      handler: (call) => ok(buildings(call)),
    },
    {
      method: 'GET',
      template: `${users}/{user_id}/buildings/{building_id}`,
      bearer: true,
      handler: (call) => {
        const building = buildings(call).find(({ id }) => id === call.params['building_id'])
        return building ? ok(building) : notFound
      },
    },
  ]
}
