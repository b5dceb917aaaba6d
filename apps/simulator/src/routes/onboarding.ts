import { OnboardingRequest } from '@homewatt/contract'
import { invalid, parsed } from '../body.ts'
import { API, homeOfCall, type Context } from '../context.ts'
import { HttpError, notFound, ok } from '../http.ts'
import type { OnboardingSession } from '../onboarding.ts'
import { demand } from '../rights.ts'
import type { Call, Route } from '../router.ts'
import { isoTime } from '../wire.ts'
import type { Home } from '../world.ts'

/** Onboarding sessions and claim tokens: the ways to a new device, §8 of the reference. */
export function onboardingRoutes(context: Context): Route[] {
  const { world, onboarding } = context
  const user = `${API}/org/{org_id}/users/{user_id}`
  const session = `${API}/device-onboarding/{onboarding_session_id}`
  return [
    {
      method: 'POST',
      template: `${API}/device-onboarding`,
      bearer: true,
      handler: (call) => {
        const wishes = parsed(OnboardingRequest, call.request)
        const home = world.homeAt(wishes.user_id, call.nowMs)
        if (call.actor?.role === 'user') demand(call.actor.userId === wishes.user_id)
        if (!home || home.user.deleted_at !== null)
          throw invalid('user_id', 'The organisation has no such user.')
        const begun = onboarding.begin(
          {
            userId: home.userId,
            buildingId: buildingIn(home, wishes.building_id ?? null),
            successUrl: wishes.success_url,
            cancelUrl: wishes.cancel_url,
            language: wishes.language,
            priceZone: wishes.price_zone_default,
            optimised: wishes.is_smart_optimization_active_default ?? false,
            deviceType: wishes.device_type ?? null,
          },
          call.nowMs,
        )
        return ok(sessionOnWire(begun, call))
      },
    },
    {
      method: 'GET',
      template: session,
      bearer: true,
      handler: (call) => {
        const found = sessionOf(context, call)
        if (call.actor?.role === 'user') demand(call.actor.userId === found.userId)
        return ok(sessionOnWire(found, call))
      },
    },
    {
      // Session and token authorise this one; no bearer is documented.
      method: 'GET',
      template: `${session}/wallbox-claim-tokens/{token}/status`,
      bearer: false,
      handler: (call) => {
        const claim = onboarding.token(call.params['token'] ?? '')
        if (!claim || claim.userId !== sessionOf(context, call).userId) return notFound
        const by = claim.claimedBy
        return ok({
          claimed: by !== null,
          wallbox_id: by?.wallboxId ?? null,
          manufacturer: by?.manufacturer ?? null,
          model: by?.model ?? null,
          firmware_version: by?.firmware ?? null,
        })
      },
    },
    {
      method: 'POST',
      template: `${user}/wallboxes/claim-tokens`,
      bearer: true,
      handler: (call) => {
        const claim = onboarding.mint(homeOfCall(context, call).userId, call.nowMs)
        return {
          status: 201,
          json: {
            token: claim.token,
            wss_url: ocppUrl(call, claim.token),
            expires_at: isoTime(claim.expiresMs),
          },
        }
      },
    },
  ]
}

/** Where a charger with a claim token connects. */
export const ocppUrl = ({ request }: Call, token: string) =>
  `${request.origin.replace(/^http/, 'ws')}/ocpp/${token}`

/** The building that a body names; throws 422 when the user has no such building. */
export function buildingIn(home: Home, id: string | null): string | null {
  if (id !== null && !home.buildings.some((building) => building.id === id))
    throw invalid('building_id', 'The user has no such building.')
  return id
}

function sessionOf({ onboarding }: Context, { params }: Call): OnboardingSession {
  const session = onboarding.session(params['onboarding_session_id'] ?? '')
  if (!session) throw new HttpError(notFound)
  return session
}

const sessionOnWire = (session: OnboardingSession, { request }: Call) => ({
  id: session.id,
  authentication_url: `${request.origin}/connect?onboarding_session_id=${session.id}`,
  user: session.userId,
  success_url: session.successUrl,
  cancel_url: session.cancelUrl,
  expiration_date: isoTime(session.expiresMs - 1).slice(0, 10),
  object_id: session.deviceId,
  external_metadata: {},
  price_zone_default: session.priceZone,
  device_type: session.deviceType,
})
