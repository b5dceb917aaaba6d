import type { Clock } from './clock.ts'
import type { Cues } from './cues.ts'
import type { Faults, Fault } from './faults.ts'
import { HttpError, notFound } from './http.ts'
import { demo, type Tokens } from './oauth.ts'
import type { RequestLog } from './requests.ts'
import type { Call } from './router.ts'
import type { Device } from './devices.ts'
import type { Home, World } from './world.ts'

/** What routes work with. */
export type Context = {
  clock: Clock
  world: World
  tokens: Tokens
  cues: Cues
  faults: Faults
  requests: RequestLog
  /** The fault that struck the request that is being answered. */
  fault: Fault | null
}

/** The base of all documented paths but the token's. */
export const API = '/api/partners/v2.0'

/** The home that a path names; throws 404 for anybody else's organisation and unknown users. */
export function homeOfCall(context: Context, { params, nowMs }: Call): Home {
  if (params['org_id'] !== demo.orgId) throw new HttpError(notFound)
  const home = context.world.homeAt(params['user_id'] ?? '', nowMs)
  if (!home) throw new HttpError(notFound)
  return home
}

/** The device of a type that a path names; throws 404. */
export function deviceOfCall(home: Home, type: Device['type'], id: string | undefined): Device {
  const device = home.devices.find((d) => d.id === id && d.type === type)
  if (!device) throw new HttpError(notFound)
  return device
}
