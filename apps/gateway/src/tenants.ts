import type { Capability, PriceZone } from '@homewatt/contract'
import type { Brand } from './brand.ts'
import type { SaidPolicy } from './partner-policy.ts'

/** One organisation that runs Homewatt for its customers: found by host name, apart from all others in everything. */
export type Tenant = {
  /** Begins every key of everything that is kept. Never changes, or its people lose what was kept for them. */
  id: string
  /** Where browsers find it. */
  publicUrl: URL
  partner: PartnerAccount
  /** Origins that actions may lead to, besides the partner's own. */
  actionOrigins: string[]
  /** Origins whose pages may show Homewatt in a frame; none for nobody. */
  frameAncestors: string[]
  timeZone: string
  /** Where new devices buy their electricity, until they say so themselves. */
  priceZone: PriceZone
  brand: Brand
  /** Against the simulator: anybody may enter any home. */
  demo: boolean
  /** `null` only with the demo. */
  signIn: SignInSettings | null
  /** Whose tokens open Homewatt inside the partner's own pages and apps; `null` for nobody's. */
  embed: EmbedSettings | null
  sessionLife: SessionLife
  history: HistoryPolicy
  /** What its people may not do. */
  switchedOff: readonly Capability[]
}

/** The tenant's account at the Partner API. */
export type PartnerAccount = {
  url: URL
  clientId: string
  clientSecret: string
  orgId: string
  /** How it is asked, where that is not as usual. */
  policy: SaidPolicy
}

/** The tenant's OpenID provider, and how its people are found at the Partner API. */
export type SignInSettings = {
  issuer: URL
  clientId: string
  clientSecret: string
  /** Asked for, with spaces between; always with `openid`. */
  scope: string
  userClaim: UserClaim
  /** Whether a person that the Partner API does not know yet is made known to it. */
  createUsers: boolean
}

/** Name of the claim that says who somebody is at the Partner API, and what it holds. */
export type UserClaim = { name: string; holds: 'user_id' | 'external_user_id' }

export type EmbedSettings = {
  /** Exact `iss` of the tokens. */
  issuer: string
  /** Where the keys are. */
  keysUrl: URL
  userClaim: UserClaim
}

/** How long a session lasts unused, and how long at most, ms. */
export type SessionLife = { idleMs: number; absoluteMs: number }

/** What is kept of what devices report, and of what they are told. */
export type HistoryPolicy = {
  keptMonths: number
  /** How often homes are asked for while nobody looks, ms; `null`: then nothing is asked for, and nothing kept. */
  roundMs: number | null
  /** How many readings may wait while none can be kept; as many as usual unless said. */
  mostWaiting?: number
}

/** @param roundMinutes 0 for nothing; `null` for what is usual */
export function historyPolicyOf({
  keptMonths,
  roundMinutes,
}: {
  keptMonths: number | null
  roundMinutes: number | null
}): HistoryPolicy {
  const minutes = roundMinutes ?? 15
  return { keptMonths: keptMonths ?? 25, roundMs: minutes === 0 ? null : minutes * 60_000 }
}

const HOUR_MS = 60 * 60_000

/** Twelve hours and seven days, unless said otherwise. */
export function sessionLifeOf({
  idleHours,
  absoluteDays,
}: {
  idleHours: number | null
  absoluteDays: number | null
}): SessionLife {
  return { idleMs: (idleHours ?? 12) * HOUR_MS, absoluteMs: (absoluteDays ?? 7) * 24 * HOUR_MS }
}
