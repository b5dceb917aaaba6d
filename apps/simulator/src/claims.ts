import type { Context } from './context.ts'
import type { Device } from './devices.ts'

/** What a charger says of itself when it calls for the first time. */
export type Charger = { manufacturer: string; model: string; firmware: string }

/**
 * A charger shows its claim token, and becomes a wallbox of the token's user, §8.4 of the reference. `null` when
 * the token is unknown, used, too old, or its user is gone.
 */
export function claimWallbox(
  { onboarding, world }: Pick<Context, 'onboarding' | 'world'>,
  token: string,
  { manufacturer, model, firmware }: Charger,
  nowMs: number,
): Device | null {
  const claim = onboarding.token(token)
  if (!claim || claim.claimedBy || claim.expiresMs <= nowMs) return null
  const home = world.homeAt(claim.userId, nowMs)
  if (!home || home.user.deleted_at !== null) return null
  const [only, ...others] = home.buildings
  const wallbox = world.install(
    home,
    {
      type: 'wallboxes',
      manufacturer,
      model,
      year: null,
      // A token names no building; where there is but one, the box hangs there.
      buildingId: only && others.length === 0 ? only.id : null,
      optimised: false,
      authenticated: true,
    },
    nowMs,
  )
  wallbox.facts['firmware_version'] = firmware
  claim.claimedBy = { wallboxId: wallbox.id, manufacturer, model, firmware }
  return wallbox
}
