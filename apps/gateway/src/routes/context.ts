import type { Time } from '@homewatt/client'
import type { Capability, DeviceType } from '@homewatt/contract'
import type { ActionReports } from '../action-reports.ts'
import type { Audit } from '../audit.ts'
import type { Brand } from '../brand.ts'
import type { Commands } from '../commands.ts'
import type { Connect } from '../connect.ts'
import type { SessionCookie, SignInCookie } from '../cookie.ts'
import type { Demo } from '../demo.ts'
import type { EmbedTokens } from '../embed-tokens.ts'
import type { Home, Homes } from '../homes.ts'
import type { Log } from '../log.ts'
import type { People } from '../people.ts'
import type { Poller } from '../poller.ts'
import type { Prices } from '../prices.ts'
import type { RateGate } from '../rate-gate.ts'
import type { Recorder } from '../recorder.ts'
import type { HomeRecords } from '../records.ts'
import type { Session, Sessions } from '../sessions.ts'
import type { DeviceSettingsWriter } from '../settings.ts'
import type { SignIn } from '../sign-in.ts'
import type { StartAction } from '../actions.ts'
import type { Store } from '../store.ts'
import type { Telling } from '../telling.ts'

/** What the routes work with. */
export type Parts = {
  tenant: string
  brand: Brand
  switchedOff: readonly Capability[]
  homes: Homes
  poller: Poller
  commands: Commands
  reports: Pick<ActionReports, 'givenUp'>
  startAction: StartAction
  connect: Connect
  records: HomeRecords
  prices: Prices
  settings: DeviceSettingsWriter
  sessions: Sessions
  cookie: SessionCookie
  /** `null` with a real partner account. */
  demo: Demo | null
  /** `null` in the demo. */
  signIn: SignIn | null
  signInCookie: SignInCookie
  signInGate: RateGate
  /** `null` where no partner opens Homewatt inside its own pages. */
  embedTokens: EmbedTokens | null
  people: People
  store: Store
  /** `null` where nothing is recorded. */
  recorder: Recorder | null
  audit: Audit
  telling: Telling
  time: Time
  log: Log
  /** How long a request may take in all. */
  answerWithinMs: number
}

/** What a request carries along; `byMs` is when its answer has to be there, as `Time.monotonicMs`. */
export type Env = { Variables: { session: Session; home: Home; byMs: number } }

/** A device as the path names it; only ever looked up in the home of the session. */
export type DevicePath = { type: DeviceType; id: string }
