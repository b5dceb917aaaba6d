import { OnboardingSession, WallboxClaimToken, type OnboardingRequest } from '@homewatt/contract'
import * as v from 'valibot'
import { ForeignDevice, PartnerUnavailable } from './errors.ts'
import type { CallOptions, Send } from './request.ts'

/**
 * Opens a way to a new device, §8.1. Never tried twice; a session whose answer was lost is simply not used. Rejects
 * with `PartnerUnavailable` also when the answer names no page, and with `ForeignDevice` when it was opened for somebody
 * else: whoever went there would connect a device to that person's home.
 */
export async function startOnboarding(
  send: Send,
  body: OnboardingRequest,
  options?: CallOptions,
): Promise<{ id: string; authenticationUrl: string }> {
  const { value } = await send(
    { method: 'POST', route: '/device-onboarding', ids: [], body, wantsJson: true },
    { priority: 'command', ...options },
  )
  const read = v.safeParse(OnboardingSession, value)
  if (!read.success || read.output.authentication_url === null) throw new PartnerUnavailable('bad_shape')
  if (read.output.user?.toLowerCase() !== body.user_id.toLowerCase()) throw new ForeignDevice()
  return { id: read.output.id, authenticationUrl: read.output.authentication_url }
}

/** A one-time token that a charger shows when it first calls, §8.4. */
export async function mintClaimToken(
  send: Send,
  orgId: string,
  userId: string,
  options?: CallOptions,
): Promise<WallboxClaimToken> {
  const { value } = await send(
    {
      method: 'POST',
      route: '/org/{}/users/{}/wallboxes/claim-tokens',
      ids: [orgId, userId],
      wantsJson: true,
    },
    { priority: 'command', ...options },
  )
  const read = v.safeParse(WallboxClaimToken, value)
  if (!read.success) throw new PartnerUnavailable('bad_shape')
  return read.output
}
