import type { Clock } from './clock.ts'
import type { Cues } from './cues.ts'
import type { Device } from './devices.ts'
import type { Faults } from './faults.ts'
import type { History } from './history.ts'
import { HttpError, notFound, unprocessable } from './http.ts'
import { demo, type Tokens } from './oauth.ts'
import type { Onboarding } from './onboarding.ts'
import type { RequestLog } from './requests.ts'
import type { Call } from './router.ts'
import type { Scenario } from './scenario.ts'
import type { Trading } from './trading.ts'
import type { VariantStore } from './variants.ts'
import type { Home, World } from './world.ts'

/** What routes work with. */
export type Context = {
  clock: Clock
  world: World
  history: History
  trading: Trading
  tokens: Tokens
  cues: Cues
  faults: Faults
  requests: RequestLog
  variants: VariantStore
  onboarding: Onboarding
  /** Mails that would have been sent to new members of the team. */
  invitations: Invitation[]
  /** What happens by itself as time goes on. */
  scenario: Scenario | null
}

export type Invitation = { at: string; email: string; role: string }

/** The base of all documented paths but the token's. */
export const API = '/api/partners/v2.0'

/** Throws 404 for anybody else's organisation. */
export function ofOurOrganisation({ params }: Call): void {
  if (params['org_id'] !== demo.orgId) throw new HttpError(notFound)
}

/** The home that a path names; throws 404 for another organisation, and for unknown and deleted users. */
export function homeOfCall({ world }: Context, call: Call, withDeleted = false): Home {
  ofOurOrganisation(call)
  const home = world.homeAt(call.params['user_id'] ?? '', call.nowMs)
  if (!home || (home.user.deleted_at !== null && !withDeleted)) throw new HttpError(notFound)
  return home
}

/**
 * The device of a type that a path names under `idName`, and its home; throws 404, also for deleted ones unless they
 * are asked for.
 */
export function deviceOfCall(
  context: Context,
  call: Call,
  type: Device['type'],
  idName: string,
  withDeleted = false,
): { home: Home; device: Device } {
  const home = homeOfCall(context, call)
  const device = home.devices.find((d) => d.id === call.params[idName] && d.type === type)
  if (!device || (device.deletedAtMs !== null && !withDeleted)) throw new HttpError(notFound)
  return { home, device }
}

/** A flag in the query; throws 422 for what is neither `true` nor `false`. */
export function flagOf({ request }: Call, name: string): boolean {
  const value = request.query.get(name)
  if (value === null || /^(false|0)$/i.test(value)) return false
  if (/^(true|1)$/i.test(value)) return true
  throw new HttpError(
    unprocessable([{ type: 'bool_parsing', loc: ['query', name], msg: 'Input should be a valid boolean' }]),
  )
}
