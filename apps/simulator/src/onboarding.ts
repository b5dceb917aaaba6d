import type { OnboardingDeviceType, PriceZone } from '@homewatt/contract'
import { DAY_MS } from './calendar.ts'
import { chance, keyOf, uuidOf } from './hash.ts'

/** A user's way to a new device, §8.1 of the reference. */
export type OnboardingSession = {
  readonly id: string
  readonly userId: string
  readonly buildingId: string | null
  readonly successUrl: string
  readonly cancelUrl: string
  readonly language: string
  readonly priceZone: PriceZone
  readonly optimised: boolean
  /** `null`: the user chooses. */
  readonly deviceType: OnboardingDeviceType | null
  readonly expiresMs: number
  /** The device that came of it. */
  deviceId: string | null
  /** The manufacturer that the user has signed in to, before consent. */
  signedInTo: string | null
  /** The token shown to the owner of a wallbox. */
  claimToken: string | null
}

/** A one-time token that a charger shows when it first connects, §8.4. */
export type ClaimToken = {
  readonly token: string
  readonly userId: string
  readonly expiresMs: number
  claimedBy: { wallboxId: string; manufacturer: string; model: string; firmware: string } | null
}

/** Onboarding sessions and claim tokens in circulation. They live by the simulated clock. */
export type Onboarding = {
  begin(
    session: Omit<OnboardingSession, 'id' | 'expiresMs' | 'deviceId' | 'signedInTo' | 'claimToken'>,
    nowMs: number,
  ): OnboardingSession
  session(id: string): OnboardingSession | null
  mint(userId: string, nowMs: number): ClaimToken
  token(token: string): ClaimToken | null
}

export function createOnboarding(seed: number): Onboarding {
  const sessions = new Map<string, OnboardingSession>()
  const tokens = new Map<string, ClaimToken>()
  return {
    begin(wishes, nowMs) {
      const id = uuidOf('onboarding', wishes.userId, sessions.size)
      const session = {
        ...wishes,
        id,
        expiresMs: endOfNextDayMs(nowMs),
        deviceId: null,
        signedInTo: null,
        claimToken: null,
      }
      sessions.set(id, session)
      return session
    },
    session: (id) => sessions.get(id) ?? null,
    mint(userId, nowMs) {
      const key = keyOf(seed, 'claim', userId, tokens.size)
      const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
      const token = Array.from({ length: 20 }, (_, i) => letters[Math.floor(chance(key, i) * 32)]).join('')
      const claim: ClaimToken = { token, userId, expiresMs: nowMs + DAY_MS, claimedBy: null }
      tokens.set(token, claim)
      return claim
    },
    token: (token) => tokens.get(token) ?? null,
  }
}

/** Sessions are good until the end of the next day; days are those of UTC. */
export const endOfNextDayMs = (nowMs: number) => (Math.floor(nowMs / DAY_MS) + 2) * DAY_MS
