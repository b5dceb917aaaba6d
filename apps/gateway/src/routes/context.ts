import type { DeviceType } from '@homewatt/contract'
import type { Brand } from '../brand.ts'
import type { Commands } from '../commands.ts'
import type { SessionCookie } from '../cookie.ts'
import type { Demo } from '../demo.ts'
import type { Home, Homes } from '../homes.ts'
import type { Poller } from '../poller.ts'
import type { Session, Sessions } from '../sessions.ts'
import type { StartAction } from '../actions.ts'

/** What the routes work with. */
export type Parts = {
  tenant: string
  brand: Brand
  homes: Homes
  poller: Poller
  commands: Commands
  startAction: StartAction
  sessions: Sessions
  cookie: SessionCookie
  /** `null` with a real partner account. */
  demo: Demo | null
}

/** What a request carries along. */
export type Env = { Variables: { session: Session; home: Home } }

/** A device as the path names it; only ever looked up in the home of the session. */
export type DevicePath = { type: DeviceType; id: string }
