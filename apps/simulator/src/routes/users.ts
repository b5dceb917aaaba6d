import { UserChange, UserCreate } from '@homewatt/contract'
import { changeUser, newcomerOf, type UserRecord } from '../accounts.ts'
import { invalid, parsed } from '../body.ts'
import { API, flagOf, homeOfCall, ofOurOrganisation, type Context } from '../context.ts'
import { uuidOf } from '../hash.ts'
import { noContent, ok } from '../http.ts'
import { demand, mayChange } from '../rights.ts'
import type { Route } from '../router.ts'
import { isoTime } from '../wire.ts'

/** People of the organisation, §3 and §5 of the reference. */
export function userRoutes(context: Context): Route[] {
  const { world } = context
  const users = `${API}/org/{org_id}/users`
  const one = `${users}/{user_id}`
  return [
    {
      method: 'GET',
      template: users,
      bearer: true,
      handler: (call) => {
        ofOurOrganisation(call)
        const withDeleted = flagOf(call, 'include_deleted')
        return ok(
          world
            .heads()
            .map(({ user }) => user)
            .filter((user) => withDeleted || user.deleted_at === null),
        )
      },
    },
    {
      method: 'POST',
      template: users,
      bearer: true,
      handler: (call) => {
        ofOurOrganisation(call)
        const { role, email, ...fields } = parsed(UserCreate, call.request)
        demand(mayChange(context, call, role))
        refuseTaken(context, email, null)
        const user = newcomerOf(uuidOf('user', 'created', email, world.heads().length), role, email)
        changeUser(user, fields, call.nowMs)
        world.settle(user)
        if (role !== 'user') context.invitations.push({ at: isoTime(call.nowMs), email, role })
        return ok({ ...user })
      },
    },
    {
      method: 'GET',
      template: one,
      bearer: true,
      handler: (call) => ok({ ...homeOfCall(context, call, flagOf(call, 'include_deleted')).user }),
    },
    {
      method: 'PUT',
      template: one,
      bearer: true,
      handler: (call) => {
        const { user } = homeOfCall(context, call)
        const change = parsed(UserChange, call.request)
        demand(mayChange(context, call, user.role))
        if (change.role !== undefined && change.role !== user.role) demand(call.actor?.role === 'admin')
        if (change.email !== undefined) refuseTaken(context, change.email, user)
        changeUser(user, change, call.nowMs)
        return ok({ ...user })
      },
    },
    {
      method: 'DELETE',
      template: one,
      bearer: true,
      handler: (call) => {
        const home = homeOfCall(context, call)
        demand(call.actor?.role !== 'user' && mayChange(context, call, home.user.role))
        home.user.deleted_at = isoTime(call.nowMs)
        for (const device of home.devices) device.deletedAtMs ??= call.nowMs
        return noContent
      },
    },
  ]
}

/** An e-mail address is unique in the organisation; whoever was deleted no longer holds theirs. */
function refuseTaken({ world }: Context, email: string, except: UserRecord | null): void {
  const same = (user: UserRecord) => user.email.toLowerCase() === email.toLowerCase()
  if (world.heads().some(({ user }) => user !== except && user.deleted_at === null && same(user)))
    throw invalid('email', 'Another user of the organisation has this address.')
}
