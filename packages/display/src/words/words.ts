import type { BoostRefusalReason, ProblemKind } from '@homewatt/contract'
import type { BoostButton, BoostPhase } from '../boost.ts'
import type { Connection } from '../connection.ts'
import type { ChargeStatus } from '../electric-vehicle.ts'
import type { StaleCause } from '../freshness.ts'
import type { HeatPumpStatus, HeatPumpView } from '../heat-pump.ts'
import type { FieldName } from '../shown.ts'
import type { ReasonWords } from './reasons.ts'
import type { WallboxOnline, WallboxStatus } from '../wallbox.ts'

export type Language = 'en' | 'de'

/**
 * Everything that views say, in one language. Functions take formatted text and return a whole sentence, so
 * that word order stays the language's own affair.
 */
export type DisplayWords = {
  heatPump: Record<HeatPumpStatus, string>
  /** The configured ceiling of optimisation. */
  level: Record<NonNullable<HeatPumpView['level']>, string>
  levelLabel: string
  charge: Record<ChargeStatus, string>
  /** What stands beside the status where the status alone would puzzle. */
  chargeExplained: Record<'waiting' | 'full', string> & Partial<Record<ChargeStatus, string>>
  /** What a device does, why, and what comes next. */
  reason: ReasonWords
  boost: Record<BoostButton['kind'], string>
  boostReason: Record<NonNullable<BoostButton['reason']>, string>
  boostPhase: Record<BoostPhase, string>
  /** To be read before the tap. */
  boostCannotStop: string
  boostCanStop: string
  stopBoost: string
  /** Offer to arm, the state, and the way back. */
  arming: { offer: string; armed: string; undo: string; explained: string }
  /** Why a boost was refused. */
  refusal: Record<BoostRefusalReason | 'unknown', string>
  deadline: {
    label: string
    /** `at` a clock text, `percent` a percent text; either may be unknown. */
    by(percent: string | null, at: string): string
    none: string
    unknown: string
    /** Whether the vehicle will hold it. */
    verdict: Record<
      'yes' | 'reached' | 'tight' | 'no' | 'limit' | 'paused' | 'unplugged' | 'off' | 'unknown',
      string
    > & {
      plugInBy(at: string): string
    }
  }
  limitLabel: string
  paused: { now: string; until(at: string): string }
  wallbox: Record<WallboxStatus, string>
  online: Record<WallboxOnline, string>
  /** Labels of tiles. */
  field: Record<FieldName, string>
  flow: {
    solar: string
    home: string
    battery: string
    grid: string
    surplus: string
    unexplained: string
    unexplainedHint: { source: string; sink: string }
    charging: string
    discharging: string
    importing: string
    exporting: string
    idle: string
    unknown: string
    /** Not measured but worked out. */
    calculated: string
    /** Consumers inside household use. */
    includedInHome: string
  }
  freshness: {
    updated(age: string): string
    updatedAt(clock: string): string
    /** Sentences for what is old; `clock` is when the last values came. */
    cause: Record<Exclude<StaleCause, 'never_reported'>, (clock: string) => string> & {
      never_reported: string
    }
    clockDiffers: string
  }
  connection: {
    [kind in Connection['kind']]: string
  } & {
    reconnectButton: string
    reconnectExplained: string
    /** With no action to start. */
    reconnectUnavailable: string
    actions: { reauthenticate: string; other: string }
    contactSupport: string
  }
  problem: Record<ProblemKind, string>
  /** What is said besides: of what there is to see, over a problem that only we can end, and the longer it lasts. */
  stale: { lastKnown: string; paused: string; since(clock: string): string; withdrawn: string }
  device: Record<'inverters' | 'electric-vehicles' | 'heat-pumps' | 'wallboxes', string>
  notReported: string
  justNow: string
  minutesAgo(n: number): string
  hoursAgo(n: number): string
  daysAgo(n: number): string
}
